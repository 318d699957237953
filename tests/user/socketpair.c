/*
 * socketpair.c - two connected sockets: bytes both ways, the end of each
 * socket, and its effect on the peer. Any POSIX system.
 */
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

static int ends[2];
static char byte, buffer[256];

static void open_pair(void)
{
	require(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
}

static int events_of(int fd)
{
	struct pollfd entry = { fd, POLLIN | POLLOUT, 0 };

	require(poll(&entry, 1, 0) >= 0);
	return entry.revents;
}

/* A child with the second socket reads a byte; the exit status tells the
   result. */
static int read_one(void)
{
	ssize_t n;

	close(ends[0]);
	n = read(ends[1], &byte, 1);
	return n == 1 ? byte : n == 0 ? 100 : 101;
}

static int write_one(void)
{
	close(ends[0]);
	return write(ends[1], "x", 1) == 1 ? 0 : errno;
}

/* ---- Bytes both ways ----------------------------------------------------- */

CASE(bytes_arrive_at_the_peer_in_order)
{
	open_pair();
	expect(write(ends[0], "abc", 3) == 3 && write(ends[0], "de", 2) == 2);
	expect(read(ends[1], buffer, sizeof(buffer)) == 5);
	expect(memcmp(buffer, "abcde", 5) == 0);
}

CASE(directions_do_not_mix)
{
	open_pair();
	expect(write(ends[0], "there", 5) == 5);
	expect(write(ends[1], "back", 4) == 4);
	expect(read(ends[0], buffer, sizeof(buffer)) == 4);
	expect(memcmp(buffer, "back", 4) == 0);
	expect(read(ends[1], buffer, sizeof(buffer)) == 5);
	expect(memcmp(buffer, "there", 5) == 0);
}

CASE(short_read_leaves_the_rest)
{
	open_pair();
	expect(write(ends[1], "abcdef", 6) == 6);
	expect(read(ends[0], buffer, 2) == 2 && memcmp(buffer, "ab", 2) == 0);
	expect(read(ends[0], buffer, 9) == 4 && memcmp(buffer, "cdef", 4) == 0);
}

CASE(reader_wakes_when_the_peer_writes)
{
	pid_t reader;

	open_pair();
	reader = start(read_one);
	until_asleep(reader);
	expect(write(ends[0], "!", 1) == 1);
	expect(result_of(reader) == '!');
}

CASE(own_write_does_not_wake_own_reader)
{
	pid_t reader;

	open_pair();
	reader = start(read_one);
	until_asleep(reader);
	expect(write(ends[1], "x", 1) == 1);
	until_asleep(reader);
	expect(write(ends[0], "y", 1) == 1);
	expect(result_of(reader) == 'y');
	expect(read(ends[0], &byte, 1) == 1 && byte == 'x');
}

CASE(writer_to_a_full_peer_waits_for_its_reader)
{
	pid_t writer;
	long total;

	open_pair();
	total = fill_pipe(ends[1]);
	expect(total >= 4096);
	writer = start(write_one);
	until_asleep(writer);
	expect(drain(ends[0], total));
	expect(result_of(writer) == 0);
	expect(read(ends[0], &byte, 1) == 1 && byte == 'x');
}

/* More than fits, both ways at once, in pieces of an odd size. */
CASE(long_streams_both_ways_lose_nothing)
{
	static unsigned char out[7001], in[3001];
	unsigned sent = 0, got = 0, i;
	pid_t echo;
	ssize_t n;

	open_pair();
	echo = fork_or_fail();
	if (echo == 0) {
		close(ends[0]);
		while ((n = read(ends[1], in, sizeof(in))) > 0)
			if (write(ends[1], in, n) != n)
				_exit(1);
		_exit(n != 0);
	}
	close(ends[1]);
	while (sent < 40 * sizeof(out)) {
		for (i = 0; i < sizeof(out); i++)
			out[i] = (sent + i) % 251;
		require(write(ends[0], out, sizeof(out)) == sizeof(out));
		sent += sizeof(out);
		for (; got < sent; got += n) {
			n = read(ends[0], in, sizeof(in));
			require(n > 0);
			for (i = 0; i < n; i++)
				require(in[i] == (got + i) % 251);
		}
	}
	close(ends[0]);
	expect(result_of(echo) == 0);
}

/* ---- The end ------------------------------------------------------------- */

CASE(end_of_file_comes_after_what_the_peer_left)
{
	open_pair();
	expect(write(ends[0], "last", 4) == 4);
	close(ends[0]);
	expect(read(ends[1], buffer, sizeof(buffer)) == 4);
	expect(read(ends[1], buffer, sizeof(buffer)) == 0);
}

CASE(waiting_reader_sees_the_end_when_the_peer_closes)
{
	pid_t reader;

	open_pair();
	reader = start(read_one);
	until_asleep(reader);
	close(ends[0]);
	expect(result_of(reader) == 100);
}

CASE(waiting_reader_sees_the_end_when_the_peer_dies)
{
	pid_t holder, reader;

	open_pair();
	holder = fork_or_fail();
	if (holder == 0) {
		close(ends[1]);
		pause();
		_exit(0);
	}
	close(ends[0]);
	reader = start(read_one);
	until_asleep(reader);
	until_asleep(holder);
	kill_and_wait(holder);
	expect(result_of(reader) == 100);
}

CASE(peer_that_is_held_twice_is_not_gone)
{
	int copy;

	open_pair();
	copy = dup(ends[0]);
	close(ends[0]);
	expect(write(ends[1], "x", 1) == 1);
	expect(read(copy, &byte, 1) == 1 && byte == 'x');
	close(copy);
	expect(read(ends[1], &byte, 1) == 0);
}

CASE_DIES(write_to_a_closed_peer_is_sigpipe, SIGPIPE)
{
	open_pair();
	close(ends[0]);
	write(ends[1], "x", 1);
}

CASE(write_to_a_closed_peer_is_epipe)
{
	set_handler(SIGPIPE, SIG_IGN, 0);
	open_pair();
	close(ends[0]);
	expect_error(write(ends[1], "x", 1), EPIPE);
}

CASE(waiting_writer_gets_epipe_when_the_peer_reads_no_more)
{
	pid_t writer;

	set_handler(SIGPIPE, SIG_IGN, 0);
	open_pair();
	fill_pipe(ends[1]);
	writer = start(write_one);
	until_asleep(writer);
	expect(shutdown(ends[0], SHUT_RD) == 0);
	expect(result_of(writer) == EPIPE);
}

/* With unread bytes in the socket; some systems return ECONNRESET here. */
CASE(waiting_writer_does_not_hang_when_the_peer_closes)
{
	pid_t writer;

	set_handler(SIGPIPE, SIG_IGN, 0);
	open_pair();
	fill_pipe(ends[1]);
	writer = start(write_one);
	until_asleep(writer);
	close(ends[0]);
	expect(result_of(writer) > 0);
}

CASE(send_without_signal_is_only_epipe)
{
	sigset_t pending;

	open_pair();
	close(ends[0]);
	expect_error(send(ends[1], "x", 1, MSG_NOSIGNAL), EPIPE);
	sigpending(&pending);
	expect(!sigismember(&pending, SIGPIPE));
}

/* ---- shutdown ------------------------------------------------------------ */

CASE(shutdown_of_writing_ends_the_peers_input_alone)
{
	set_handler(SIGPIPE, SIG_IGN, 0);
	open_pair();
	expect(write(ends[0], "a", 1) == 1);
	expect(shutdown(ends[0], SHUT_WR) == 0);
	expect_error(write(ends[0], "b", 1), EPIPE);
	expect(read(ends[1], buffer, 9) == 1);
	expect(read(ends[1], buffer, 9) == 0);
	expect(write(ends[1], "back", 4) == 4);
	expect(read(ends[0], buffer, 9) == 4);
}

CASE(shutdown_of_reading_refuses_the_peers_output)
{
	set_handler(SIGPIPE, SIG_IGN, 0);
	open_pair();
	expect(write(ends[1], "a", 1) == 1);
	expect(shutdown(ends[0], SHUT_RD) == 0);
	expect_error(write(ends[1], "b", 1), EPIPE);
	expect(read(ends[0], buffer, 9) == 1);
	expect(read(ends[0], buffer, 9) == 0);
	expect(write(ends[0], "there", 5) == 5);
	expect(read(ends[1], buffer, 9) == 5);
}

CASE(shutdown_wakes_readers_of_both_sides)
{
	pid_t reader;

	open_pair();
	reader = start(read_one);
	until_asleep(reader);
	expect(shutdown(ends[1], SHUT_RDWR) == 0);
	expect(result_of(reader) == 100);
	expect(read(ends[0], &byte, 1) == 0);
}

CASE(shutdown_with_bad_arguments_fails)
{
	int fds[2];

	open_pair();
	expect_error(shutdown(ends[0], 3), EINVAL);
	expect_error(shutdown(ends[0], -1), EINVAL);
	expect_error(shutdown(999, SHUT_RD), EBADF);
	require(pipe(fds) == 0);
	expect_error(shutdown(fds[0], SHUT_RD), ENOTSOCK);
	expect(write(ends[0], "x", 1) == 1);
}

/* ---- Flags, poll, and the status of a socket ----------------------------- */

CASE(nonblocking_pair_says_eagain)
{
	require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
	expect_error(read(ends[0], &byte, 1), EAGAIN);
	expect_error(read(ends[1], &byte, 1), EAGAIN);
	expect(fcntl(ends[1], F_GETFL) & O_NONBLOCK);
	expect((fcntl(ends[1], F_GETFL) & O_ACCMODE) == O_RDWR);
	fill_pipe(ends[0]);
}

CASE(close_on_exec_is_as_asked)
{
	require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	expect(fcntl(ends[0], F_GETFD) == FD_CLOEXEC);
	expect(fcntl(ends[1], F_GETFD) == FD_CLOEXEC);
	open_pair();
	expect(fcntl(ends[0], F_GETFD) == 0 && fcntl(ends[1], F_GETFD) == 0);
}

CASE(poll_tells_data_room_and_the_end)
{
	long total;

	open_pair();
	expect(events_of(ends[0]) == POLLOUT);
	expect(write(ends[1], "x", 1) == 1);
	expect(events_of(ends[0]) == (POLLIN | POLLOUT));
	expect(events_of(ends[1]) == POLLOUT);
	total = fill_pipe(ends[0]);
	expect(events_of(ends[0]) == POLLIN);
	expect(drain(ends[1], total));
	expect(events_of(ends[0]) == (POLLIN | POLLOUT));
	expect(read(ends[0], &byte, 1) == 1);
	close(ends[1]);
	expect(events_of(ends[0]) == (POLLIN | POLLOUT | POLLHUP));
}

static int poll_input(void)
{
	struct pollfd entry = { ends[1], POLLIN, 0 };

	close(ends[0]);
	return poll(&entry, 1, -1) == 1 ? entry.revents : 100;
}

CASE(poll_wakes_when_the_peer_writes_or_goes)
{
	pid_t poller;

	open_pair();
	poller = start(poll_input);
	until_asleep(poller);
	expect(write(ends[0], "x", 1) == 1);
	expect(result_of(poller) == POLLIN);
	expect(read(ends[1], &byte, 1) == 1);
	poller = start(poll_input);
	until_asleep(poller);
	close(ends[0]);
	expect(result_of(poller) == (POLLIN | POLLHUP));
}

CASE(socket_is_one_and_has_no_position)
{
	struct stat status;
	int fds[2];

	open_pair();
	require(fstat(ends[0], &status) == 0);
	expect(S_ISSOCK(status.st_mode));
	expect_error(lseek(ends[0], 0, SEEK_SET), ESPIPE);
	require(pipe(fds) == 0);
	expect_error(send(fds[1], "x", 1, 0), ENOTSOCK);
	expect_error(recv(fds[0], &byte, 1, 0), ENOTSOCK);
	expect(send(ends[0], "x", 1, 0) == 1);
	expect(recv(ends[1], &byte, 1, 0) == 1 && byte == 'x');
}

CASE(bad_address_loses_no_byte)
{
	open_pair();
	expect_error(write(ends[0], nowhere, 3), EFAULT);
	expect(write(ends[0], "abc", 3) == 3);
	expect_error(read(ends[1], nowhere, 3), EFAULT);
	expect(read(ends[1], buffer, 9) == 3 && memcmp(buffer, "abc", 3) == 0);
}

CASE(unknown_kinds_are_refused)
{
	expect_error(socketpair(99, SOCK_STREAM, 0, ends), EAFNOSUPPORT);
	expect_error(socketpair(AF_UNIX, SOCK_STREAM, 99, ends),
		     EPROTONOSUPPORT);
	expect(socketpair(AF_UNIX, 99, 0, ends) < 0);
}

CASE(pair_without_place_for_it_makes_nothing)
{
	int first, next;

	expect_error(socketpair(AF_UNIX, SOCK_STREAM, 0, nowhere), EFAULT);
	first = dup(0);
	while ((next = dup(0)) >= 0)
		first = next;
	expect_error(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), EMFILE);
	close(first);
	expect_error(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), EMFILE);
	expect(dup(0) == first);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
