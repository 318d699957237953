/*
 * strace.c - the descriptor that reports the system calls of other processes.
 */
#include <poll.h>
#include <sys/strace.h>

#include "tests/user/helpers.h"

static int watcher;

static int be_watched(void)
{
	expect(strace_attach(watcher) == 0);
	expect_error(strace_attach(watcher), EBUSY);
	return case_failed;
}

static short ready_events(void)
{
	struct pollfd poller = { .fd = watcher, .events = POLLIN };

	require(poll(&poller, 1, 0) >= 0);
	return poller.revents;
}

CASE(watcher_takes_wrong_flags_and_descriptors)
{
	int fds[2];

	require(pipe(fds) == 0);
	expect_error(strace_open(O_APPEND), EINVAL);
	expect_error(strace_attach(fds[0]), EINVAL);
	expect_error(strace_attach(100), EBADF);
}

CASE(read_takes_less_than_a_record)
{
	struct call_record record;

	watcher = strace_open(0);
	require(watcher >= 0);
	expect_error(read(watcher, &record, sizeof(record) - 1), EINVAL);
}

CASE(poll_waits_though_nobody_is_watched_any_more)
{
	struct call_record record;
	ssize_t n;
	pid_t pid;

	watcher = strace_open(0);
	require(watcher >= 0);
	pid = start(be_watched);
	while ((n = read(watcher, &record, sizeof(record))) > 0)
		expect(n == sizeof(record) && record.pid == pid);
	expect(n == 0);
	expect(ready_events() == POLLHUP);
	expect(result_of(pid) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
