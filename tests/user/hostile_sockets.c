/*
 * hostile_sockets.c - a user attacks with local sockets: full backlogs, circles
 * of descriptors, queues at the limit, odd headers, closes by other threads.
 *
 * linux: no
 */
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/user/hostile.h"
#include "tests/user/thread_case.h"

#define ROUNDS	100

static char bytes[16384];

static union {
	char room[CMSG_SPACE(4 * sizeof(int))];
	struct cmsghdr head;
} control;

static uint32_t seed = 1;

static uint32_t next_random(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed >> 8;
}

static int give(int to, int one, int other)
{
	struct iovec part = { bytes, 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = CMSG_LEN(2 * sizeof(int)),
	};
	int fds[2] = { one, other };

	control.head.cmsg_len = CMSG_LEN(sizeof(fds));
	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&control.head), fds, sizeof(fds));
	return sendmsg(to, &message, MSG_DONTWAIT);
}

/* ---- The attacks --------------------------------------------------------- */

/* Clients that nobody accepts, each with bytes and descriptors under way. */
static int fill_backlogs(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), client;

	snprintf(name.sun_path, sizeof(name.sun_path), "/tmp/h%d",
		 (int)getpid());
	expect(bind(server, (struct sockaddr *)&name, sizeof(name)) == 0);
	expect(listen(server, SOMAXCONN) == 0);
	do {
		client = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (client < 0)
			break;
		give(client, server, client);
		write(client, bytes, sizeof(bytes));
	} while (connect(client, (struct sockaddr *)&name,
			 sizeof(name)) == 0 &&
		 give(client, server, client) >= -1 &&
		 write(client, bytes, sizeof(bytes)) > 0);
	expect(unlink(name.sun_path) == 0);
	return case_failed;
}

CASE(full_backlog_stops_nobody)
{
	attack_beside_root(fill_backlogs);
}

/* Sockets in each other, until the limit of descriptors in messages. */
static int make_circles(void)
{
	int one[2], other[2];

	for (int round = 0; round < ROUNDS; round++) {
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, one) < 0 ||
		    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, other) < 0)
			return 1;
		while (give(one[0], other[1], other[0]) > 0 &&
		       give(other[0], one[1], one[0]) > 0)
			continue;
		expect(errno == ETOOMANYREFS || errno == EAGAIN ||
		       errno == ENOMEM);
		close(one[0]);
		close(one[1]);
		close(other[0]);
		close(other[1]);
	}
	return case_failed;
}

CASE(circles_of_descriptors_come_back)
{
	attack_beside_root(make_circles);
}

/* Messages in all sockets that the user may have. */
static int fill_queues(void)
{
	int ends[2], refused = 0;

	while (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends) == 0) {
		while (send(ends[0], bytes, sizeof(bytes), 0) > 0)
			continue;
		expect(errno == EAGAIN || errno == ENOMEM);
		refused++;
	}
	expect(refused > 0);
	return case_failed;
}

CASE(full_queues_leave_root_its_memory)
{
	attack_beside_root(fill_queues);
}

/* ---- Odd headers --------------------------------------------------------- */

static const uint32_t odd_words[] = {
	0, 1, 3, 11, 12, 13, 16, 64, 65, 4096, 0x7fffffff, 0x80000000,
	0xfffffffc, 0xffffffff, 0xbffff000, 0xc0100000, 0x10000,
};

static uint32_t odd_word(void)
{
	return odd_words[next_random() %
			 (sizeof(odd_words) / sizeof(odd_words[0]))];
}

/* Change a word of the header, the parts or the control data, and call. */
static void call_oddly(int fd, int round)
{
	static struct iovec parts[4];
	struct msghdr message = {
		.msg_iov = parts, .msg_iovlen = 4, .msg_control = &control,
		.msg_controllen = sizeof(control), .msg_name = bytes,
		.msg_namelen = round % 5 ? 0 : next_random() % 200,
	};

	if (round % 5)
		message.msg_name = NULL;
	for (int i = 0; i < 4; i++)
		parts[i] = (struct iovec){ bytes, next_random() % 64 };
	control.head = (struct cmsghdr){ CMSG_LEN(4), SOL_SOCKET, SCM_RIGHTS };
	switch (next_random() % 3) {
	case 0:
		((uint32_t *)&message)[next_random() % 7] = odd_word();
		break;
	case 1:
		((uint32_t *)parts)[next_random() % 8] = odd_word();
		break;
	default:
		((uint32_t *)&control)[next_random() % 4] = odd_word();
	}
	if (next_random() % 2)
		sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
	else
		recvmsg(fd, &message, MSG_DONTWAIT);
}

static int send_odd_headers(void)
{
	static const int types[] = { SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM };
	int ends[2];

	for (int round = 0; round < 30 * ROUNDS; round++) {
		if (round % 30 == 0) {
			for (int fd = 3; fd < 64; fd++)
				close(fd);
			require(socketpair(AF_UNIX, types[round / 30 % 3], 0,
					   ends) == 0);
		}
		call_oddly(ends[round % 2], round);
	}
	return case_failed;
}

CASE(odd_headers_are_refused)
{
	attack_beside_root(send_odd_headers);
}

/* ---- Closes -------------------------------------------------------------- */

static volatile int victim[2] = { -1, -1 };

/* A second thread closes what the first thread uses. */
static void *close_again_and_again(void *unused)
{
	for (int round = 0; round < ROUNDS; round++) {
		sched_yield();
		close(victim[round % 2]);
		sched_yield();
	}
	return unused;
}

static int use_closed_sockets(void)
{
	pthread_t closer;
	int ends[2];

	set_handler(SIGPIPE, SIG_IGN, 0);
	closer = create(close_again_and_again, NULL);
	for (int round = 0; round < ROUNDS; round++) {
		if (socketpair(AF_UNIX, round % 2 ? SOCK_STREAM : SOCK_DGRAM, 0,
			       ends) < 0)
			break;
		victim[0] = ends[0];
		victim[1] = ends[1];
		send(ends[0], bytes, sizeof(bytes), MSG_DONTWAIT);
		give(ends[0], ends[1], ends[0]);
		sched_yield();
		recv(ends[1], bytes, sizeof(bytes), MSG_DONTWAIT);
		accept(ends[0], NULL, NULL);
		shutdown(ends[1], SHUT_RDWR);
		close(ends[0]);
		close(ends[1]);
	}
	pthread_join(closer, NULL);
	return case_failed;
}

CASE(closes_by_a_thread_harm_nobody)
{
	attack_beside_root(use_closed_sockets);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
