/*
 * counter_wait.c - eventfd and timerfd while a process waits: signals, stops,
 * death, inheritance, the opposite side. The results are the same as on systems
 * such as Linux.
 */
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include "tests/user/thread_case.h"

static int fd;

static void new_counter(unsigned value, int flags)
{
	fd = eventfd(value, flags);
	require(fd >= 0);
}

static void new_timer(int seconds)
{
	struct itimerspec in = { { 0, 0 }, { seconds, 0 } };

	fd = timerfd_create(CLOCK_MONOTONIC, 0);
	require(fd >= 0 && timerfd_settime(fd, 0, &in, NULL) == 0);
}

static int take(void)
{
	uint64_t value = 0;

	return read(fd, &value, 8) == 8 ? (int)value : 100 + errno;
}

static int put(uint64_t value)
{
	return write(fd, &value, 8) == 8 ? 0 : 100 + errno;
}

static int put_one(void)
{
	return put(1);
}

static int value_now(void)
{
	struct pollfd polled = { .fd = fd, .events = POLLIN };

	return poll(&polled, 1, 0) == 1 ? take() : 0;
}

static void fill(void)
{
	require(put(UINT64_MAX - 1) == 0);
}

/* ---- Counters ------------------------------------------------------------ */

CASE(signal_does_not_end_the_read_of_a_counter)
{
	pid_t pid;

	new_counter(0, 0);
	set_handler(SIGUSR1, catch_it, 0);
	pid = start_asleep(take);
	kill(pid, SIGUSR1);
	expect(result_of(pid) == 100 + EINTR);
}

CASE(read_of_a_counter_is_not_restarted)
{
	pid_t pid;

	new_counter(0, 0);
	set_handler(SIGUSR1, catch_it, SA_RESTART);
	pid = start_asleep(take);
	kill(pid, SIGUSR1);
	case_pause();
	until_asleep(pid);
	expect(put(4) == 0);
	expect(result_of(pid) == 4);
}

CASE(signal_does_not_end_the_write_of_a_counter)
{
	pid_t pid;

	new_counter(0, 0);
	set_handler(SIGUSR1, catch_it, 0);
	fill();
	pid = start_asleep(put_one);
	kill(pid, SIGUSR1);
	expect(result_of(pid) == 100 + EINTR);
}

CASE(killed_waiter_takes_units)
{
	pid_t pid;

	new_counter(0, EFD_SEMAPHORE);
	pid = start_asleep(take);
	kill_and_wait(pid);
	expect(put(2) == 0);
	expect(take() == 1 && take() == 1 && value_now() == 0);
}

CASE(woken_and_killed_waiter_keeps_the_unit)
{
	pid_t first, second;

	new_counter(0, EFD_SEMAPHORE);
	first = start_asleep(take);
	second = start_asleep(take);
	expect(put(1) == 0);
	kill(first, SIGKILL);
	if (result_of(first) == 1)
		put(1);		/* take() returned before the kill */
	while (!is_in_state(second, "zombie", "Z")) {
		/* Linux wakes only one waiter; or the first waiter died with
		   the unit. */
		if (value_now() == 1 || is_in_state(second, "blocked", "S"))
			put(1);
		case_pause();
	}
	expect(result_of(second) == 1);
}

CASE(stopped_waiter_takes_units)
{
	pid_t pid;

	new_counter(0, EFD_SEMAPHORE);
	pid = start_asleep(take);
	kill(pid, SIGSTOP);
	until_in_state(pid, "stopped", "T");
	expect(put(1) == 0);
	expect(take() == 1);
	kill(pid, SIGCONT);
	until_asleep(pid);
	expect(put(1) == 0);
	expect(result_of(pid) == 1);
}

CASE(write_that_does_not_fit_is_done_in_part)
{
	pid_t pid;

	new_counter(0, 0);
	expect(put(UINT64_MAX - 3) == 0);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(put(5));
	until_asleep(pid);
	expect(take() == (int)(UINT64_MAX - 3));
	expect(result_of(pid) == 0);
	expect(take() == 5);
}

CASE(overflow_is_waited_for_without_blocking)
{
	new_counter(0, EFD_NONBLOCK);
	fill();
	expect(put(1) == 100 + EAGAIN);
	expect(put(0) == 0);
	expect(put(UINT64_MAX) == 100 + EINVAL);
	expect(take() == (int)(UINT64_MAX - 1));
	expect(take() == 100 + EAGAIN);
}

CASE(child_has_another_counter)
{
	new_counter(3, 0);
	expect(run_in_child(put_one) == 0);
	expect(take() == 4);
}

static void *take_in_thread(void *unused)
{
	(void)unused;
	return (void *)(long)take();
}

CASE(close_by_another_thread_while_one_reads)
{
	pthread_t thread;
	int second;

	new_counter(0, 0);
	second = dup(fd);
	thread = create(take_in_thread, NULL);
	for (int i = 0; i < 5; i++)
		case_pause();
	close(fd);
	fd = second;
	expect(put(9) == 0);
	expect(join(thread) == 9);
}

CASE(bad_flags_of_a_counter)
{
	expect_error(eventfd(0, 4), EINVAL);
	new_counter(0, EFD_CLOEXEC | EFD_NONBLOCK);
	expect(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	expect(fcntl(fd, F_GETFL) & O_NONBLOCK);
}

CASE(write_wakes_the_sleepers_of_both_kinds)
{
	struct pollfd polled = { .events = POLLIN };
	pid_t reader, poller;

	new_counter(0, 0);
	polled.fd = fd;
	reader = start_asleep(take);
	poller = fork_or_fail();
	if (poller == 0)
		_exit(poll(&polled, 1, -1) == 1);
	until_asleep(poller);
	expect(put(2) == 0);
	expect(result_of(reader) == 2);
	if (!is_in_state(poller, "zombie", "Z"))
		expect(put(1) == 0);	/* the poller looked too late */
	expect(result_of(poller) == 1);
}

/* ---- Timers -------------------------------------------------------------- */

CASE(signal_does_not_end_the_read_of_a_timer)
{
	pid_t pid;

	new_timer(1000);
	set_handler(SIGUSR1, catch_it, 0);
	pid = start_asleep(take);
	kill(pid, SIGUSR1);
	expect(result_of(pid) == 100 + EINTR);
}

CASE(reader_of_a_timer_cannot_be_killed)
{
	pid_t pid;

	new_timer(1000);
	pid = start_asleep(take);
	expect(kill_and_wait(pid) == -SIGKILL);
}

CASE(sleeper_does_not_see_the_timer_set_again)
{
	struct itimerspec in = { { 0, 0 }, { 0, 1 } };
	pid_t pid;

	new_timer(1000);
	pid = start_asleep(take);
	expect(timerfd_settime(fd, 0, &in, NULL) == 0);
	expect(result_of(pid) == 1);
}

CASE(timer_of_the_parent_is_not_the_childs)
{
	struct itimerspec in = { { 0, 0 }, { 0, 1 } };

	new_timer(1000);
	expect(timerfd_settime(fd, 0, &in, NULL) == 0);
	expect(run_in_child(take) == 1);
	set_nonblocking(fd, 1);
	expect(take() == 100 + EAGAIN);
}

CASE(old_setting_is_not_told)
{
	struct itimerspec in = { { 7, 0 }, { 1000, 0 } }, old;

	new_timer(500);
	expect(timerfd_settime(fd, 0, &in, &old) == 0);
	expect(old.it_value.tv_sec >= 499 && old.it_interval.tv_sec == 0);
	expect(timerfd_gettime(fd, &old) == 0);
	expect(old.it_value.tv_sec >= 999 && old.it_interval.tv_sec == 7);
}

CASE(timer_can_be_written)
{
	new_timer(1000);
	expect(put(1) >= 100);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
