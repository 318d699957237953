/*
 * socket_rights.c - descriptors and credentials in messages. Messages that no
 * process can receive any more must not leak: each case ends with a look at the
 * kernel's counters.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/utsname.h>

#include "tests/user/helpers.h"

static int ends[2], fds[2], type = SOCK_STREAM;
static char byte, buffer[64];
static int sender;		/* the socket for children */

static union {
	char room[CMSG_SPACE(8 * sizeof(int))];
	struct cmsghdr head;
} control;

static void open_pair(int pair[2])
{
	require(socketpair(AF_UNIX, type, 0, pair) == 0);
}

/* Has every copy of fds[1] been closed, those in messages that no process can
 * receive too? Linux looks for such messages only when a socket is closed. */
static int all_writers_are_gone(void)
{
	struct pollfd end = { fds[0], POLLIN, 0 };
	struct utsname system;

	require(uname(&system) == 0);
	while (strcmp(system.sysname, "Linux") == 0 && poll(&end, 1, 100) == 0)
		close(socket(AF_UNIX, SOCK_STREAM, 0));
	return read(fds[0], &byte, 1) == 0;
}

/* Send these descriptors with one byte. */
static ssize_t give(int to, const int *given, int count, int flags)
{
	struct iovec part = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = CMSG_SPACE(count * sizeof(int)),
	};

	control.head.cmsg_len = CMSG_LEN(count * sizeof(int));
	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&control.head), given, count * sizeof(int));
	return sendmsg(to, &message, flags);
}

static ssize_t give_one(int to, int fd)
{
	return give(to, &fd, 1, 0);
}

/* Receive up to `most` descriptors; how many came. */
static int take(int from, int *taken, int most, int flags, int *out_flags)
{
	struct iovec part = { buffer, sizeof(buffer) };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = most ? CMSG_LEN(most * sizeof(int)) : 0,
	};
	struct cmsghdr *head;
	int count;

	if (recvmsg(from, &message, flags) < 0)
		return -1;
	if (out_flags)
		*out_flags = message.msg_flags;
	head = CMSG_FIRSTHDR(&message);
	if (!head || head->cmsg_type != SCM_RIGHTS)
		return 0;
	count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(taken, CMSG_DATA(head), count * sizeof(int));
	return count;
}

static int take_one(int from)
{
	int fd;

	return take(from, &fd, 1, 0, NULL) == 1 ? fd : -1;
}

/* ---- The way of a descriptor --------------------------------------------- */

CASE(descriptor_works_at_the_receiver)
{
	int got;

	open_pair(ends);
	require(pipe(fds) == 0);
	expect(give_one(ends[0], fds[1]) == 1);
	close(fds[1]);
	got = take_one(ends[1]);
	require(got >= 0);
	expect(write(got, "p", 1) == 1);
	expect(read(fds[0], &byte, 1) == 1 && byte == 'p');
	close(got);
	expect(all_writers_are_gone());
}

CASE(pipe_in_a_message_has_not_ended)
{
	open_pair(ends);
	require(pipe(fds) == 0);
	give_one(ends[0], fds[1]);
	close(fds[1]);
	set_nonblocking(fds[0], 1);
	expect_error(read(fds[0], &byte, 1), EAGAIN);
	close(ends[1]);
	expect(all_writers_are_gone());
}

CASE(several_descriptors_keep_their_order)
{
	int got[3];

	open_pair(ends);
	require(pipe(fds) == 0);
	expect(give(ends[0], (int[]){ fds[0], fds[1], ends[0] }, 3, 0) == 1);
	expect(take(ends[1], got, 3, 0, NULL) == 3);
	expect(write(got[1], "o", 1) == 1);
	expect(read(got[0], &byte, 1) == 1 && byte == 'o');
	expect(write(got[2], "e", 1) == 1);
	expect(read(ends[1], &byte, 1) == 1 && byte == 'e');
}

CASE(bytes_of_two_messages_with_descriptors_do_not_mix)
{
	int got;

	open_pair(ends);
	give_one(ends[0], 0);
	give_one(ends[0], 0);
	expect(take(ends[1], &got, 1, 0, NULL) == 1);
	expect(take(ends[1], &got, 1, 0, NULL) == 1);
}

CASE(plain_read_drops_descriptors)
{
	open_pair(ends);
	require(pipe(fds) == 0);
	give_one(ends[0], fds[1]);
	close(fds[1]);
	expect(read(ends[1], &byte, 1) == 1);
	expect(all_writers_are_gone());
}

CASE(descriptors_without_room_are_told_and_closed)
{
	int got[2], flags;

	open_pair(ends);
	require(pipe(fds) == 0);
	give(ends[0], (int[]){ 0, fds[1] }, 2, 0);
	close(fds[1]);
	expect(take(ends[1], got, 1, 0, &flags) == 1);
	expect(flags & MSG_CTRUNC);
	expect(all_writers_are_gone());
	give_one(ends[0], 0);
	expect(take(ends[1], got, 0, 0, &flags) == 0 && flags & MSG_CTRUNC);
}

CASE(close_on_exec_is_as_asked)
{
	int got;

	open_pair(ends);
	give_one(ends[0], 0);
	expect(take(ends[1], &got, 1, MSG_CMSG_CLOEXEC, NULL) == 1);
	expect(fcntl(got, F_GETFD) == FD_CLOEXEC);
	give_one(ends[0], 0);
	expect(fcntl(take_one(ends[1]), F_GETFD) == 0);
}

CASE(bad_control_data_sends_nothing)
{
	int bad = 999;

	open_pair(ends);
	expect_error(give(ends[0], &bad, 1, 0), EBADF);
	expect_error(give(ends[0], (int[]){ 0, 999 }, 2, 0), EBADF);
	control.head.cmsg_len = 3;
	struct iovec part = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	expect_error(sendmsg(ends[0], &message, 0), EINVAL);
	control.head.cmsg_len = sizeof(control) + 1;
	expect_error(sendmsg(ends[0], &message, 0), EINVAL);
	set_nonblocking(ends[1], 1);
	expect_error(read(ends[1], &byte, 1), EAGAIN);
}

/* ---- Messages that no process can receive -------------------------------- */

CASE(socket_in_itself_is_closed)
{
	open_pair(ends);
	require(pipe(fds) == 0);
	expect(give_one(ends[0], ends[1]) == 1);
	expect(give_one(ends[0], fds[1]) == 1);
	close(fds[1]);
	close(ends[0]);
	close(ends[1]);
	expect(all_writers_are_gone());
}

CASE(two_sockets_in_each_other_are_closed)
{
	int other[2];

	open_pair(ends);
	open_pair(other);
	require(pipe(fds) == 0);
	expect(give(ends[0], (int[]){ other[1], fds[1] }, 2, 0) == 1);
	expect(give_one(other[0], ends[1]) == 1);
	close(fds[1]);
	close(ends[0]);
	close(ends[1]);
	close(other[0]);
	close(other[1]);
	expect(all_writers_are_gone());
}

CASE(both_ends_of_a_pair_in_it_are_closed)
{
	open_pair(ends);
	require(pipe(fds) == 0);
	expect(give(ends[0], (int[]){ ends[0], ends[1], fds[1] }, 3, 0) == 1);
	expect(give(ends[1], (int[]){ ends[0], ends[1] }, 2, 0) == 1);
	close(fds[1]);
	close(ends[0]);
	close(ends[1]);
	expect(all_writers_are_gone());
}

CASE(circle_with_an_open_member_stays)
{
	int got;

	open_pair(ends);
	expect(give_one(ends[0], ends[1]) == 1);
	close(ends[0]);
	got = take_one(ends[1]);
	require(got >= 0);
	close(ends[1]);
	expect(read(got, &byte, 1) == 0);
}

CASE(circle_that_a_message_leads_to_stays)
{
	int other[2], got;

	open_pair(ends);
	open_pair(other);
	require(pipe(fds) == 0);
	expect(give(ends[0], (int[]){ ends[1], fds[1] }, 2, 0) == 1);
	expect(give_one(other[0], ends[1]) == 1);
	close(fds[1]);
	close(ends[0]);
	close(ends[1]);
	set_nonblocking(fds[0], 1);
	expect_error(read(fds[0], &byte, 1), EAGAIN);
	got = take_one(other[1]);
	expect(got >= 0);
	set_nonblocking(fds[0], 0);
	close(got);
	expect(all_writers_are_gone());
}

CASE(killed_process_leaves_no_circle)
{
	pid_t child;

	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0) {
		open_pair(ends);
		give(ends[0], (int[]){ ends[1], fds[1] }, 2, 0);
		close(ends[1]);
		pause();
	}
	close(fds[1]);
	until_asleep(child);
	kill_and_wait(child);
	expect(all_writers_are_gone());
}

/* Each pair lies in the next. */
CASE(deep_nesting_ends_without_a_deep_stack)
{
	int inner[2], outer[2], depth;

	require(pipe(fds) == 0);
	open_pair(inner);
	expect(give_one(inner[0], fds[1]) == 1);
	close(fds[1]);
	for (depth = 0; depth < 100; depth++) {
		open_pair(outer);
		require(give(outer[0], inner, 2, 0) == 1);
		close(inner[0]);
		close(inner[1]);
		memcpy(inner, outer, sizeof(inner));
	}
	set_nonblocking(fds[0], 1);
	expect_error(read(fds[0], &byte, 1), EAGAIN);
	set_nonblocking(fds[0], 0);
	close(inner[0]);
	close(inner[1]);
	expect(all_writers_are_gone());
}

CASE(connection_in_its_own_backlog_is_closed)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int server = socket(AF_UNIX, SOCK_STREAM, 0);
	int client = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(name.sun_path, sizeof(name.sun_path), "/tmp/r%d",
		 (int)getpid());
	require(bind(server, (struct sockaddr *)&name, sizeof(name)) == 0);
	require(listen(server, 4) == 0);
	require(connect(client, (struct sockaddr *)&name, sizeof(name)) == 0);
	require(pipe(fds) == 0);
	expect(give(client, (int[]){ server, client, fds[1] }, 3, 0) == 1);
	unlink(name.sun_path);
	close(fds[1]);
	close(server);
	close(client);
	expect(all_writers_are_gone());
}

CASE(too_many_in_messages_are_refused)
{
	int many[64], count = 0, i;

	type = SOCK_DGRAM;
	open_pair(ends);
	for (i = 0; i < 8; i++)
		many[i] = 0;
	while (give(ends[0], many, 8, MSG_DONTWAIT) == 1 && count < 100000)
		count += 8;
	expect(count > 0 && (errno == ETOOMANYREFS || errno == EAGAIN ||
			     errno == ENOMEM));
	close(ends[0]);
	close(ends[1]);
	open_pair(ends);
	expect(give_one(ends[0], 0) == 1);
}

/* ---- Credentials --------------------------------------------------------- */

static int is_from(int fd, pid_t pid)
{
	struct iovec part = { buffer, sizeof(buffer) };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *head;
	int told[3];

	if (recvmsg(fd, &message, 0) < 0)
		return 0;
	head = CMSG_FIRSTHDR(&message);
	if (!head || head->cmsg_len != CMSG_LEN(sizeof(told)))
		return 0;
	memcpy(told, CMSG_DATA(head), sizeof(told));
	return told[0] == pid && told[1] == (int)geteuid() &&
	       told[2] == (int)getegid();
}

static int write_one(void)
{
	return write(sender, "x", 1) == 1 ? 0 : 1;
}

static int send_one(void)
{
	return send(sender, "x", 1, 0) == 1 ? 0 : 1;
}

CASE(kernel_stamps_the_sender)
{
	pid_t child, other;
	int on = 1;

	open_pair(ends);
	require(setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &on,
			   sizeof(on)) == 0);
	sender = ends[0];
	child = start(write_one);
	expect(result_of(child) == 0);
	expect(write_one() == 0);
	other = start(send_one);
	expect(result_of(other) == 0);
	expect(is_from(ends[1], child));
	expect(is_from(ends[1], getpid()));
	expect(is_from(ends[1], other));
}

/* Send a byte and these credentials. */
static ssize_t send_as(int pid, int user, int group)
{
	struct iovec part = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = CMSG_SPACE(3 * sizeof(int)),
	};
	int told[3] = { pid, user, group };

	control.head.cmsg_len = CMSG_LEN(sizeof(told));
	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = 2;		/* SCM_CREDENTIALS */
	memcpy(CMSG_DATA(&control.head), told, sizeof(told));
	return sendmsg(ends[0], &message, 0);
}

CASE(forged_sender_is_refused)
{
	if (geteuid() == 0)
		require(setgid(1000) == 0 && setuid(1000) == 0);
	open_pair(ends);
	expect_error(send_as(1, geteuid(), getegid()), EPERM);
	expect_error(send_as(getpid(), 0, getegid()), EPERM);
	expect(send_as(getpid(), geteuid(), getegid()) == 1);
}

static int end_at_once(void)
{
	return 0;
}

CASE(sender_that_does_not_exist_is_esrch_for_root)
{
	pid_t gone = start(end_at_once);
	int error = geteuid() == 0 ? ESRCH : EPERM;

	require(result_of(gone) == 0);
	open_pair(ends);
	expect_error(send_as(gone, 0, 0), error);
	expect_error(send_as(0, 0, 0), error);
	expect_error(send_as(-1, 0, 0), error);
}

CASE(root_may_tell_another_process)
{
	int on = 1;

	open_pair(ends);
	require(setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &on,
			   sizeof(on)) == 0);
	if (geteuid() != 0)
		return;
	expect(send_as(getppid(), 0, 0) == 1);
	expect(is_from(ends[1], getppid()));
}

CASE(peer_of_a_connection_is_told)
{
	int told[3];
	socklen_t bytes = sizeof(told);

	open_pair(ends);
	expect(getsockopt(ends[0], SOL_SOCKET, SO_PEERCRED, told, &bytes) == 0);
	expect(bytes == sizeof(told) && told[0] == getpid());
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
