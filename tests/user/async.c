/*
 * async.c - signals that tell of events at an open file: O_ASYNC, F_SETOWN,
 * F_SETSIG. Linux has them too.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>

#include "tests/user/helpers.h"
#include "tests/user/pty.h"

static int fds[2];

static sigset_t blocked(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	sigaddset(&set, SIGRTMIN);
	require(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
	return set;
}

static int signal_within(int seconds, siginfo_t *info)
{
	const struct timespec timeout = { seconds, 0 };
	sigset_t set = blocked();
	int n = sigtimedwait(&set, info, &timeout);

	return n < 0 ? 0 : n;
}

/* The next of these signals, or 0 when none pends. */
static int next_signal(siginfo_t *info)
{
	return signal_within(0, info);
}

static void tell(int fd, pid_t owner)
{
	blocked();
	require(fcntl(fd, F_SETOWN, owner) == 0);
	require(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_ASYNC) == 0);
}

static void no_longer(int fd)
{
	require(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_ASYNC) == 0);
}

CASE(a_byte_in_a_pipe_sends_sigio)
{
	siginfo_t info;

	require(pipe(fds) == 0);
	tell(fds[0], getpid());
	expect(fcntl(fds[0], F_GETFL) & O_ASYNC);
	expect(next_signal(&info) == 0);
	expect(write(fds[1], "x", 1) == 1);
	expect(next_signal(&info) == SIGIO && info.si_code == SI_KERNEL);
	expect(next_signal(&info) == 0);
}

CASE(the_details_are_descriptor_and_event)
{
	siginfo_t info;

	require(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	expect(fcntl(fds[0], F_GETSIG) == 0);
	require(fcntl(fds[0], F_SETSIG, SIGRTMIN) == 0);
	expect(fcntl(fds[0], F_GETSIG) == SIGRTMIN);
	tell(fds[0], getpid());
	while (next_signal(&info))
		;
	expect(write(fds[1], "x", 1) == 1);
	expect(next_signal(&info) == SIGRTMIN);
	expect(info.si_code == POLL_IN && info.si_fd == fds[0]);
	expect(info.si_band & POLLIN);
}

CASE(room_in_a_full_pipe_is_told)
{
	static char bytes[PIPE_BUF];
	siginfo_t info;
	int rest = 0;

	require(pipe(fds) == 0);
	require(fcntl(fds[1], F_SETFL, O_NONBLOCK) == 0);
	while (write(fds[1], bytes, sizeof(bytes)) > 0)
		rest++;
	require(fcntl(fds[1], F_SETSIG, SIGRTMIN) == 0);
	tell(fds[1], getpid());
	for (; rest > 0; rest--)
		require(read(fds[0], bytes, sizeof(bytes)) == sizeof(bytes));
	expect(next_signal(&info) == SIGRTMIN && info.si_code == POLL_OUT);
}

CASE(a_line_on_a_terminal_is_told)
{
	siginfo_t info;

	make_pair();
	tell(terminal, getpid());
	expect(write(master, "line\n", 5) == 5);
	expect(signal_within(10, &info) == SIGIO);
}

CASE(nothing_is_told_when_it_is_off)
{
	siginfo_t info;

	require(pipe(fds) == 0);
	tell(fds[0], getpid());
	no_longer(fds[0]);
	expect(!(fcntl(fds[0], F_GETFL) & O_ASYNC));
	expect(write(fds[1], "x", 1) == 1);
	expect(next_signal(&info) == 0);
	tell(fds[0], getpid());
	require(fcntl(fds[0], F_SETOWN, 0) == 0);
	expect(fcntl(fds[0], F_GETOWN) == 0);
	expect(write(fds[1], "x", 1) == 1);
	expect(next_signal(&info) == 0);
}

CASE(nothing_is_told_after_the_close)
{
	int other, copy;
	siginfo_t info;

	require(pipe(fds) == 0);
	other = open("/dev/null", O_RDONLY);
	tell(fds[0], getpid());
	copy = dup(fds[0]);
	close(fds[0]);
	expect(write(fds[1], "x", 1) == 1);
	expect(next_signal(&info) == SIGIO);	/* the open file lives */
	close(copy);
	signal(SIGPIPE, SIG_IGN);
	expect_error(write(fds[1], "x", 1), EPIPE);
	expect(next_signal(&info) == 0);
	close(other);
}

static int count_in_group(void)
{
	siginfo_t info;

	while (next_signal(&info) != SIGIO)
		sched_yield();
	return 3;
}

CASE(each_process_of_a_group_is_told)
{
	pid_t children[3];
	siginfo_t info;
	int i;

	blocked();
	require(pipe(fds) == 0);
	for (i = 0; i < 3; i++) {
		children[i] = start(count_in_group);
		require(setpgid(children[i], children[0]) == 0);
	}
	tell(fds[0], -children[0]);
	expect(write(fds[1], "x", 1) == 1);
	for (i = 0; i < 3; i++)
		expect(result_of(children[i]) == 3);
	expect(next_signal(&info) == 0);
}

static int write_into_own_pipe(void)
{
	require(setuid(1) == 0 && pipe(fds) == 0);
	tell(fds[0], getppid());
	return write(fds[1], "x", 1) == 1 ? 0 : 1;
}

CASE(a_process_of_another_user_is_not_told)
{
	siginfo_t info;

	if (geteuid() != 0)
		return;
	blocked();
	expect(run_in_child(write_into_own_pipe) == 0);
	expect(next_signal(&info) == 0);
}

CASE(a_file_tells_nothing)
{
	int fd = open("/tmp", O_RDONLY);

	require(fcntl(fd, F_SETFL, O_ASYNC) == 0);
	expect(!(fcntl(fd, F_GETFL) & O_ASYNC));
}

CASE(wrong_owners_and_signals)
{
	require(pipe(fds) == 0);
	expect(fcntl(fds[0], F_GETOWN) == 0);
	expect_error(fcntl(fds[0], F_SETOWN, 1 << 29), ESRCH);
	expect_error(fcntl(fds[0], F_SETOWN, -(1 << 29)), ESRCH);
	expect_error(fcntl(fds[0], F_SETOWN, INT_MIN), EINVAL);
	expect_error(fcntl(fds[0], F_SETSIG, 65), EINVAL);
	expect_error(fcntl(fds[0], F_SETSIG, -1), EINVAL);
	expect_error(fcntl(200, F_SETOWN, getpid()), EBADF);
	expect(fcntl(fds[0], F_SETOWN, getpid()) == 0);
	expect(fcntl(fds[0], F_GETOWN) == getpid());
	expect(fcntl(fds[1], F_GETOWN) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
