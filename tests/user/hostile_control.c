/*
 * hostile_control.c - control data of messages: lengths that lie, headers in
 * each other, too little room, memory that changes during the call.
 *
 * linux: no
 */
#define _GNU_SOURCE
#include <sys/socket.h>

#include "tests/user/hostile.h"
#include "tests/user/thread_case.h"

#define MOST	SCM_MAX_FD
#define ROOM	1024

static int ends[2];
static char byte;
static uint32_t control[ROOM / 4];

static void put(int at, uint32_t length, int type)
{
	struct cmsghdr *head = (struct cmsghdr *)((char *)control + at);

	*head = (struct cmsghdr){ length, SOL_SOCKET, type };
}

static ssize_t send_bytes(const void *data, size_t length)
{
	struct iovec part = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = (void *)data, .msg_controllen = length,
	};

	return sendmsg(ends[0], &message, MSG_DONTWAIT);
}

static ssize_t receive_bytes(void *data, size_t length, struct msghdr *message)
{
	static struct iovec part = { &byte, 1 };

	*message = (struct msghdr){
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = data, .msg_controllen = length,
	};
	return recvmsg(ends[1], message, MSG_DONTWAIT);
}

static int nothing_came(void)
{
	return recv(ends[1], &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

static void open_ends(int type)
{
	close(ends[0]);
	close(ends[1]);
	require(socketpair(AF_UNIX, type, 0, ends) == 0);
}

/* Descriptor 0 is open in each test: count copies of it. */
static int open_descriptors(void)
{
	int count = 0;

	for (int fd = 0; fd < 512; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* ---- Sending ------------------------------------------------------------- */

static int send_false_lengths(void)
{
	static const uint32_t lengths[] = {
		0, 1, 3, 4, 8, 11, 0x7fffffff, 0x80000000, 0xfffffff4,
		0xfffffffc, 0xffffffff, ROOM, CMSG_LEN(4 * (MOST + 1)),
		0xc0100000,
	};

	open_ends(SOCK_STREAM);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		for (int type = SCM_RIGHTS; type <= SCM_CREDENTIALS + 1;
		     type++) {
			put(0, lengths[i], type);
			expect_error(send_bytes(control, 64), EINVAL);
			/* behind a correct one */
			put(0, CMSG_LEN(4), SCM_RIGHTS);
			control[3] = 0;
			put(16, lengths[i], type);
			expect_error(send_bytes(control, 64), EINVAL);
		}
	expect(nothing_came());
	return case_failed;
}

CASE(false_length_is_believed)
{
	attack_beside_root(send_false_lengths);
}

static int send_false_rows(void)
{
	open_ends(SOCK_SEQPACKET);
	memset(control, 0, sizeof(control));
	/* Two rows of descriptors; credentials that are too short, too long. */
	put(0, CMSG_LEN(4), SCM_RIGHTS);
	put(16, CMSG_LEN(4), SCM_RIGHTS);
	expect_error(send_bytes(control, 32), EINVAL);
	put(0, CMSG_LEN(11), SCM_CREDENTIALS);
	expect_error(send_bytes(control, 24), EINVAL);
	put(0, CMSG_LEN(16), SCM_CREDENTIALS);
	expect_error(send_bytes(control, 28), EINVAL);
	/* The second header begins in the data of the first: a length in the
	 * data of the first is no header. */
	put(0, CMSG_LEN(8), SCM_RIGHTS);
	control[3] = 0;
	control[4] = 0xffffffff;
	expect_error(send_bytes(control, 20), EBADF);
	/* Half a descriptor, no descriptor, a header cut short. */
	put(0, CMSG_LEN(2), SCM_RIGHTS);
	expect(send_bytes(control, 14) == 1);
	put(0, CMSG_LEN(0), SCM_RIGHTS);
	expect(send_bytes(control, 12) == 1);
	expect(send_bytes(control, 11) == 1);
	for (int i = 0; i < 3; i++) {
		struct msghdr message;

		expect(receive_bytes(control, ROOM, &message) == 1);
		expect(message.msg_controllen == 0);
	}
	expect_error(send_bytes((void *)0xc0100000, 16), EFAULT);
	expect_error(send_bytes((void *)0xbffffffc, 16), EFAULT);
	expect_error(send_bytes(NULL, 16), EFAULT);
	expect_error(send_bytes(control, 0x7fffffff), EINVAL);
	expect_error(send_bytes(control, 0xffffffff), EINVAL);
	expect(nothing_came());
	return case_failed;
}

CASE(false_row_of_headers_sends_a_descriptor)
{
	attack_beside_root(send_false_rows);
}

/* ---- Receiving ----------------------------------------------------------- */

static void send_descriptors(int count)
{
	put(0, CMSG_LEN(4 * count), SCM_RIGHTS);
	memset(control + 3, 0, 4 * count);
	require(send_bytes(control, CMSG_LEN(4 * count)) == 1);
}

/* Each room, to the byte: no byte behind it, no descriptor without its
 * number. */
static int receive_with_little_room(void)
{
	static char room[ROOM];
	int before, count;
	struct msghdr message;

	open_ends(SOCK_STREAM);
	before = open_descriptors();
	for (int bytes = 0; bytes < 64; bytes++) {
		send_descriptors(8);
		memset(room, 'c', sizeof(room));
		expect(receive_bytes(room, bytes, &message) == 1);
		expect((int)message.msg_controllen <= bytes);
		for (int i = bytes; i < ROOM; i++)
			require(room[i] == 'c');
		count = bytes < 16 ? 0 : (bytes - 12) / 4;
		count = count < 8 ? count : 8;
		expect(open_descriptors() == before + count);
		expect(!(message.msg_flags & MSG_CTRUNC) == (count == 8));
		for (int i = 0; i < count; i++)
			close(((int *)(room + 12))[i]);
	}
	return case_failed;
}

CASE(little_room_for_descriptors_loses_one)
{
	attack_beside_root(receive_with_little_room);
}

static int receive_to_bad_places(void)
{
	static const uint32_t places[] = {
		0, 16, 0xbffffffc, 0xc0100000, 0xfffffff0,
	};
	struct msghdr message;
	int before;

	open_ends(SOCK_STREAM);
	before = open_descriptors();
	for (size_t i = 0; i < 5; i++)
		for (uint32_t bytes = 16; bytes != 0; bytes *= 16) {
			send_descriptors(4);
			expect_error(receive_bytes((void *)places[i], bytes,
						   &message), EFAULT);
			expect(open_descriptors() == before);
			expect(receive_bytes(control, 0, &message) == 1);
			expect(message.msg_flags & MSG_CTRUNC);
		}
	/* The room of descriptors lies over the head, and over the byte. */
	send_descriptors(4);
	expect(receive_bytes(&message, sizeof(message), &message) == 1);
	return case_failed;
}

CASE(bad_room_takes_descriptors)
{
	attack_beside_root(receive_to_bad_places);
}

/* No descriptor is free at the receiver. */
static int receive_without_descriptors(void)
{
	struct msghdr message;
	int last = -1, fd;

	open_ends(SOCK_STREAM);
	send_descriptors(8);
	while ((fd = dup(0)) >= 0)
		last = fd;
	close(last - 1);
	close(last);
	expect(receive_bytes(control, ROOM, &message) == 1);
	expect(message.msg_flags & MSG_CTRUNC);
	expect(message.msg_controllen == CMSG_LEN(8));
	expect_error(dup(0), EMFILE);
	return case_failed;
}

CASE(full_table_of_descriptors_keeps_the_message)
{
	attack_beside_root(receive_without_descriptors);
}

/* ---- Races --------------------------------------------------------------- */

static volatile int stops;

static void *change_control(void *unused)
{
	static const uint32_t values[] = {
		16, 0xffffffff, 20, 3, CMSG_LEN(4 * MOST), 0x80000000, 0,
	};

	for (uint32_t i = 0; !stops; i++) {
		((volatile uint32_t *)control)[i / 7 % 4] = values[i % 7];
		if (i % 64 == 0)
			sched_yield();
	}
	return unused;
}

static int send_what_changes(void)
{
	pthread_t changer = create(change_control, NULL);
	struct msghdr message;

	open_ends(SOCK_STREAM);
	for (int i = 0; i < 2000; i++) {
		put(0, CMSG_LEN(8), SCM_RIGHTS);
		send_bytes(control, i % 256);
		receive_bytes(control, i % 64, &message);
		if (i % 16 == 0) {
			for (int fd = 5; fd < 300; fd++)
				if (fd != ends[0] && fd != ends[1])
					close(fd);
			sched_yield();
		}
	}
	stops = 1;
	join(changer);
	return case_failed;
}

CASE(control_data_that_changes_harms_the_kernel)
{
	attack_beside_root(send_what_changes);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
