/*
 * pidfd.c - a descriptor for a process: which events make it readable, which do
 * not, and a test that the descriptor means the same process for ever. Any
 * system with pidfd_open().
 */
#include <poll.h>
#include <sys/pidfd.h>

#include "tests/user/thread_case.h"

static int fd;

static int has_ended(void)
{
	struct pollfd polled = { .fd = fd, .events = POLLIN };

	return poll(&polled, 1, 0) == 1 && polled.revents & POLLIN;
}

static int wait_for_it(void)
{
	struct pollfd polled = { .fd = fd, .events = POLLIN };

	return poll(&polled, 1, -1) == 1 ? 1 : 100 + errno;
}

static pid_t watch_sleeper(void)
{
	pid_t pid = start_sleeper();

	fd = pidfd_open(pid, 0);
	require(fd >= 0 && !has_ended());
	return pid;
}

CASE(exit_is_not_told)
{
	int ends[2];
	pid_t pid;

	require(pipe(ends) == 0);
	pid = fork_or_fail();
	if (pid == 0) {
		char byte;

		_exit(read(ends[0], &byte, 1) == 1 ? 5 : 6);
	}
	fd = pidfd_open(pid, 0);
	require(fd >= 0 && !has_ended());
	require(write(ends[1], "x", 1) == 1);
	expect(wait_for_it() == 1);
	expect(result_of(pid) == 5);
}

CASE(kill_is_not_told)
{
	pid_t pid = watch_sleeper();

	kill(pid, SIGKILL);
	expect(wait_for_it() == 1);
	expect(result_of(pid) == -SIGKILL);
}

CASE(stop_is_taken_for_an_end)
{
	pid_t pid = watch_sleeper();

	kill(pid, SIGSTOP);
	until_in_state(pid, "stopped", "T");
	expect(!has_ended());
	kill(pid, SIGCONT);
	expect(!has_ended());
	kill_and_wait(pid);
	expect(has_ended());
}

CASE(zombie_has_not_ended)
{
	pid_t pid = fork_or_fail();

	if (pid == 0)
		_exit(0);
	until_zombie(pid);
	fd = pidfd_open(pid, 0);
	expect(fd >= 0 && has_ended());
	expect(result_of(pid) == 0);
	expect(has_ended());	/* also without any status left */
}

/* A later process may get the same number: this descriptor does not mean the
   later process. */
CASE(later_process_is_taken_for_the_one_that_ended)
{
	pid_t pid = watch_sleeper(), other;

	kill_and_wait(pid);
	for (int i = 0; i < 40; i++) {
		other = start_sleeper();
		expect(has_ended());
		kill_and_wait(other);
	}
}

CASE(several_pollers_hear_of_one_end)
{
	pid_t pid = watch_sleeper(), pollers[4];

	for (int i = 0; i < 4; i++) {
		pollers[i] = start(wait_for_it);
		until_asleep(pollers[i]);
	}
	kill(pid, SIGKILL);
	for (int i = 0; i < 4; i++)
		expect(result_of(pollers[i]) == 1);
	result_of(pid);
}

CASE(one_of_many_children_is_another)
{
	struct pollfd fds[10];
	pid_t pids[10];

	for (int i = 0; i < 10; i++) {
		pids[i] = start_sleeper();
		fds[i] = (struct pollfd){ pidfd_open(pids[i], 0), POLLIN, 0 };
		require(fds[i].fd >= 0);
	}
	kill(pids[7], SIGKILL);
	expect(poll(fds, 10, -1) == 1 && fds[7].revents & POLLIN);
	for (int i = 0; i < 10; i++)
		kill_and_wait(pids[i]);
	expect(poll(fds, 10, 0) == 10);
}

CASE(stranger_can_watch)
{
	pid_t pid = start_sleeper(), stranger = fork_or_fail();

	if (stranger == 0) {
		fd = pidfd_open(pid, 0);
		_exit(fd < 0 ? 2 : wait_for_it());
	}
	until_asleep(stranger);
	kill_and_wait(pid);
	expect(result_of(stranger) == 1);
}

CASE(watcher_of_its_own_end)
{
	fd = pidfd_open(getpid(), 0);
	expect(fd >= 0 && !has_ended());
}

CASE(reading_and_writing_it)
{
	pid_t pid = watch_sleeper();
	char bytes[8] = "";

	expect_error(read(fd, bytes, 8), EINVAL);
	expect(write(fd, bytes, 8) == -1 &&
	       (errno == EINVAL || errno == EBADF));
	kill_and_wait(pid);
}

CASE(it_survives_exec)
{
	pid_t pid = watch_sleeper();

	expect(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	kill_and_wait(pid);
}

CASE(closed_while_somebody_polls)
{
	pid_t pid = watch_sleeper(), poller = start(wait_for_it);

	until_asleep(poller);
	close(fd);
	kill_and_wait(pid);
	expect(result_of(poller) == 1);
}

CASE(signal_does_not_end_the_poll)
{
	pid_t pid = watch_sleeper(), poller;

	set_handler(SIGUSR1, catch_it, SA_RESTART);
	poller = start(wait_for_it);
	until_asleep(poller);
	kill(poller, SIGUSR1);
	expect(result_of(poller) == 100 + EINTR);
	kill_and_wait(pid);
}

static void *end_thread(void *unused)
{
	return unused;
}

/* The end of one thread is not the end of the process. */
CASE(end_of_a_thread_is_taken_for_the_end)
{
	fd = pidfd_open(getpid(), 0);
	require(fd >= 0);
	join(create(end_thread, NULL));
	expect(!has_ended());
}

CASE(bad_arguments_are_taken)
{
	pid_t pid = start_sleeper();

	expect_error(pidfd_open(0, 0), EINVAL);
	expect_error(pidfd_open(-5, 0), EINVAL);
	expect_error(pidfd_open(pid, 1), EINVAL);
	kill_and_wait(pid);
	expect_error(pidfd_open(pid, 0), ESRCH);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
