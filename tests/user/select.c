/*
 * select.c - select(), pselect() and ppoll(). Any POSIX system.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <sys/select.h>
#include <sys/time.h>

#include "tests/user/helpers.h"

static int fds[2];
static fd_set readers, writers, urgent;

static void clear_sets(void)
{
	FD_ZERO(&readers);
	FD_ZERO(&writers);
	FD_ZERO(&urgent);
}

static void open_pipe(void)
{
	require(pipe(fds) == 0);
	clear_sets();
}

static int select_now(void)
{
	struct timeval none = { 0, 0 };

	return select(20, &readers, &writers, &urgent, &none);
}

CASE(sets_hold_what_was_put_in)
{
	clear_sets();
	for (int fd = 0; fd < FD_SETSIZE; fd += 7)
		FD_SET(fd, &readers);
	FD_CLR(14, &readers);
	for (int fd = 0; fd < FD_SETSIZE; fd++)
		expect(!!FD_ISSET(fd, &readers) == (fd % 7 == 0 && fd != 14));
}

CASE(empty_pipe_is_writable_only)
{
	open_pipe();
	FD_SET(fds[0], &readers);
	FD_SET(fds[1], &writers);
	expect(select_now() == 1);
	expect(!FD_ISSET(fds[0], &readers) && FD_ISSET(fds[1], &writers));
}

CASE(pipe_with_data_is_readable)
{
	open_pipe();
	expect(write(fds[1], "x", 1) == 1);
	FD_SET(fds[0], &readers);
	FD_SET(fds[1], &writers);
	expect(select_now() == 2);
	expect(FD_ISSET(fds[0], &readers) && FD_ISSET(fds[1], &writers));
}

CASE(end_of_file_is_readable)
{
	open_pipe();
	close(fds[1]);
	FD_SET(fds[0], &readers);
	expect(select_now() == 1 && FD_ISSET(fds[0], &readers));
}

CASE(bad_descriptor_is_ebadf_and_changes_no_set)
{
	open_pipe();
	FD_SET(fds[0], &readers);
	FD_SET(17, &readers);
	expect_error(select_now(), EBADF);
	expect(FD_ISSET(fds[0], &readers));
}

CASE(bad_numbers_are_einval)
{
	struct timeval bad = { -1, 0 };

	clear_sets();
	expect_error(select(-1, &readers, NULL, NULL, NULL), EINVAL);
	expect_error(select(1, NULL, NULL, NULL, &bad), EINVAL);
}

CASE(descriptors_beyond_the_limit_are_not_looked_at)
{
	struct timeval none = { 0, 0 };

	open_pipe();
	expect(write(fds[1], "x", 1) == 1);
	FD_SET(fds[0], &readers);
	expect(select(fds[0], &readers, NULL, NULL, &none) == 0);
}

CASE(timeout_ends_an_idle_select)
{
	struct timeval time = { 0, 20000 };
	long long before = case_now_ms();

	open_pipe();
	FD_SET(fds[0], &readers);
	expect(select(20, &readers, NULL, NULL, &time) == 0);
	expect(case_now_ms() - before >= 20);
	expect(!FD_ISSET(fds[0], &readers));
}

CASE(select_without_sets_sleeps)
{
	struct timespec time = { 0, 20000000 };
	long long before = case_now_ms();

	expect(pselect(0, NULL, NULL, NULL, &time, NULL) == 0);
	expect(case_now_ms() - before >= 20);
}

static int select_for_ever(void)
{
	FD_SET(fds[0], &readers);
	return select(20, &readers, NULL, NULL, NULL) == 1 &&
	       FD_ISSET(fds[0], &readers) ? 0 : errno;
}

CASE(data_ends_a_select)
{
	pid_t pid;

	open_pipe();
	pid = start(select_for_ever);
	until_asleep(pid);
	expect(write(fds[1], "x", 1) == 1);
	expect(result_of(pid) == 0);
}

CASE(signal_ends_a_select_with_eintr)
{
	pid_t pid;

	open_pipe();
	set_handler(SIGUSR1, catch_it, SA_RESTART);
	pid = start(select_for_ever);
	until_asleep(pid);
	kill(pid, SIGUSR1);
	expect(result_of(pid) == EINTR);
}

CASE(pselect_lets_a_blocked_signal_in)
{
	sigset_t none;

	sigemptyset(&none);
	open_pipe();
	set_handler(SIGUSR1, catch_it, 0);
	block(SIGUSR1);
	raise(SIGUSR1);
	expect(caught == 0);
	FD_SET(fds[0], &readers);
	expect_error(pselect(20, &readers, NULL, NULL, NULL, &none), EINTR);
	expect(caught == 1);
	raise(SIGUSR1);
	expect(caught == 1 && is_pending(SIGUSR1));
}

CASE(pselect_and_ppoll_without_a_wait_let_a_pending_signal_in)
{
	const struct timespec none = { 0, 0 };
	sigset_t open_mask;

	sigemptyset(&open_mask);
	set_handler(SIGUSR1, catch_it, 0);
	block(SIGUSR1);
	raise(SIGUSR1);
	expect_error(pselect(0, NULL, NULL, NULL, &none, &open_mask), EINTR);
	expect(caught == 1);
	raise(SIGUSR1);
	expect_error(ppoll(NULL, 0, &none, &open_mask), EINTR);
	expect(caught == 2);
	expect(ppoll(NULL, 0, &none, &open_mask) == 0);
}

CASE(ppoll_keeps_a_signal_out_and_puts_the_mask_back)
{
	const struct timespec soon = { 0, 20000000 };
	struct pollfd poller = { .events = POLLIN };
	sigset_t all = set_of(SIGUSR1);
	pid_t parent = getpid(), pid;

	open_pipe();
	poller.fd = fds[0];
	set_handler(SIGUSR1, catch_it, 0);
	pid = fork_or_fail();
	if (pid == 0) {
		until_asleep(parent);
		kill(parent, SIGUSR1);
		_exit(0);
	}
	while (caught == 0 && ppoll(&poller, 1, &soon, &all) == 0)
		continue;
	expect(caught == 1);
	expect(result_of(pid) == 0);
}

CASE(ppoll_checks_its_timeout)
{
	const struct timespec bad = { 0, -1 }, none = { 0, 0 };

	expect_error(ppoll(NULL, 0, &bad, NULL), EINVAL);
	expect(ppoll(NULL, 0, &none, NULL) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
