/*
 * eventfd.c - counters, timers and the ends of processes as descriptors. Runs
 * on Linux, too, which has the same calls.
 */
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/pidfd.h>
#include <sys/timerfd.h>

#include "tests/user/helpers.h"

static int fd;
static uint64_t value;

static int look(int events)
{
	struct pollfd poller = { .fd = fd, .events = events };

	return poll(&poller, 1, 0) < 0 ? -1 : poller.revents;
}

static int add(uint64_t number)
{
	return write(fd, &number, 8);
}

static int take(void)
{
	return read(fd, &value, 8);
}

static void new_counter(unsigned start_value, int flags)
{
	fd = eventfd(start_value, flags);
	require(fd >= 0);
}

/* ---- Counters ------------------------------------------------------------ */

CASE(read_takes_all_that_was_written)
{
	new_counter(1, 0);
	expect(add(2) == 8 && add(3) == 8);
	expect(take() == 8 && value == 6);
}

CASE(semaphore_read_takes_one)
{
	new_counter(2, EFD_SEMAPHORE | EFD_NONBLOCK);
	expect(take() == 8 && value == 1 && take() == 8 && value == 1);
	expect_error(take(), EAGAIN);
}

CASE(empty_counter_is_eagain_and_not_readable)
{
	new_counter(0, EFD_NONBLOCK);
	expect_error(take(), EAGAIN);
	expect(look(POLLIN | POLLOUT) == POLLOUT);
	expect(add(1) == 8 && look(POLLIN | POLLOUT) == (POLLIN | POLLOUT));
}

CASE(full_counter_is_eagain_and_not_writable)
{
	new_counter(0, EFD_NONBLOCK);
	expect(add(UINT64_MAX - 1) == 8);
	expect_error(add(1), EAGAIN);
	expect(look(POLLOUT) == 0);
	expect(take() == 8 && value == UINT64_MAX - 1);
}

CASE(bad_lengths_and_numbers_are_einval)
{
	new_counter(5, EFD_NONBLOCK);
	expect_error(read(fd, &value, 7), EINVAL);
	expect_error(write(fd, &value, 7), EINVAL);
	expect_error(add(UINT64_MAX), EINVAL);
	expect_error(eventfd(0, 0x40), EINVAL);
	expect(take() == 8 && value == 5);
}

CASE(bad_address_takes_nothing)
{
	new_counter(5, EFD_NONBLOCK);
	expect_error(read(fd, nowhere, 8), EFAULT);
	if (leak_is_parley())
		expect(take() == 8 && value == 5);
	expect_error(write(fd, nowhere, 8), EFAULT);
}

static int take_in_child(void)
{
	return take() == 8 ? (int)value : 100 + errno;
}

static int add_in_child(void)
{
	return add(3) == 8 ? 0 : 100 + errno;
}

CASE(reader_waits_for_a_write)
{
	pid_t pid;

	new_counter(0, 0);
	pid = start(take_in_child);
	until_asleep(pid);
	expect(add(9) == 8);
	expect(result_of(pid) == 9);
}

CASE(writer_waits_for_room)
{
	pid_t pid;

	new_counter(0, 0);
	expect(add(UINT64_MAX - 2) == 8);
	pid = start(add_in_child);
	until_asleep(pid);
	expect(take() == 8 && result_of(pid) == 0);
	expect(take() == 8 && value == 3);
}

CASE(one_write_wakes_as_many_as_it_posts)
{
	pid_t pids[3];

	new_counter(0, EFD_SEMAPHORE);
	for (int i = 0; i < 3; i++) {
		pids[i] = start(take_in_child);
		until_asleep(pids[i]);
	}
	expect(add(3) == 8);
	for (int i = 0; i < 3; i++)
		expect(result_of(pids[i]) == 1);
	expect(look(POLLIN) == 0);
}

CASE(close_on_exec_is_as_asked)
{
	new_counter(0, EFD_CLOEXEC);
	expect(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	new_counter(0, 0);
	expect(fcntl(fd, F_GETFD) == 0);
}

CASE(helpers_read_and_write)
{
	eventfd_t got = 0;

	new_counter(0, 0);
	expect(eventfd_write(fd, 7) == 0 && eventfd_read(fd, &got) == 0);
	expect(got == 7);
}

/* ---- Timers -------------------------------------------------------------- */

static void new_timer(clockid_t clock, int flags)
{
	fd = timerfd_create(clock, flags);
	require(fd >= 0);
}

/* In so many ms, then every so many. */
static int set_timer(long first_ms, long every_ms)
{
	const struct itimerspec setting = {
		.it_value = { first_ms / 1000, first_ms % 1000 * 1000000 },
		.it_interval = { every_ms / 1000, every_ms % 1000 * 1000000 },
	};

	return timerfd_settime(fd, 0, &setting, NULL);
}

CASE(timer_expires_once)
{
	new_timer(CLOCK_MONOTONIC, TFD_NONBLOCK);
	expect_error(take(), EAGAIN);
	expect(set_timer(10, 0) == 0 && look(POLLIN) == 0);
	while (look(POLLIN) == 0)
		case_pause();
	expect(take() == 8 && value == 1);
	expect_error(take(), EAGAIN);
}

CASE(reader_waits_for_the_timer)
{
	long long before = case_now_ms();

	new_timer(CLOCK_MONOTONIC, 0);
	expect(set_timer(20, 0) == 0);
	expect(take() == 8 && value == 1);
	expect(case_now_ms() - before >= 20);
}

CASE(interval_repeats_and_counts)
{
	new_timer(CLOCK_MONOTONIC, 0);
	expect(set_timer(1, 2) == 0);
	for (int i = 0; i < 20; i++)
		case_pause();
	expect(take() == 8 && value >= 5);
	expect(take() == 8 && value >= 1);
}

CASE(poller_is_woken_by_the_timer)
{
	struct pollfd poller = { .events = POLLIN };

	new_timer(CLOCK_REALTIME, 0);
	poller.fd = fd;
	expect(set_timer(10, 0) == 0);
	expect(poll(&poller, 1, 20000) == 1 && poller.revents == POLLIN);
}

CASE(absolute_time_of_both_clocks)
{
	static const clockid_t clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC };
	struct itimerspec setting = { .it_interval = { 0, 0 } };

	for (int i = 0; i < 2; i++) {
		new_timer(clocks[i], 0);
		clock_gettime(clocks[i], &setting.it_value);
		setting.it_value.tv_sec++;
		expect(timerfd_settime(fd, TFD_TIMER_ABSTIME, &setting,
				       NULL) == 0);
		expect(timerfd_gettime(fd, &setting) == 0);
		expect(setting.it_value.tv_sec <= 1);
		setting.it_value.tv_sec = 1;
		setting.it_value.tv_nsec = 0;
		expect(timerfd_settime(fd, TFD_TIMER_ABSTIME, &setting,
				       NULL) == 0);
		if (clocks[i] == CLOCK_REALTIME)
			expect(take() == 8 && value == 1);
		close(fd);
	}
}

CASE(gettime_tells_what_is_left)
{
	struct itimerspec setting;

	new_timer(CLOCK_MONOTONIC, 0);
	expect(set_timer(100000, 7000) == 0);
	expect(timerfd_gettime(fd, &setting) == 0);
	expect(setting.it_value.tv_sec >= 90 && setting.it_value.tv_sec <= 100);
	expect(setting.it_interval.tv_sec == 7);
	expect(set_timer(0, 0) == 0 && timerfd_gettime(fd, &setting) == 0);
	expect(setting.it_value.tv_sec == 0 && setting.it_value.tv_nsec == 0);
}

CASE(setting_a_timer_forgets_its_expiries)
{
	new_timer(CLOCK_MONOTONIC, TFD_NONBLOCK);
	expect(set_timer(1, 0) == 0);
	while (look(POLLIN) == 0)
		case_pause();
	expect(set_timer(100000, 0) == 0);
	expect_error(take(), EAGAIN);
}

CASE(nanosecond_interval_does_not_stop_the_machine)
{
	const struct itimerspec setting = { { 0, 1 }, { 0, 1 } };

	new_timer(CLOCK_MONOTONIC, 0);
	expect(timerfd_settime(fd, 0, &setting, NULL) == 0);
	for (int i = 0; i < 10; i++)
		case_pause();
	expect(take() == 8 && value > 1000000);
}

CASE(bad_timers_are_errors)
{
	struct itimerspec setting = { .it_value = { 0, 1000000000 } };
	int fds[2];

	new_timer(CLOCK_MONOTONIC, 0);
	expect_error(timerfd_settime(fd, 0, &setting, NULL), EINVAL);
	expect_error(timerfd_create(77, 0), EINVAL);
	expect_error(timerfd_create(CLOCK_MONOTONIC, 1), EINVAL);
	expect_error(timerfd_gettime(77, &setting), EBADF);
	require(pipe(fds) == 0);
	expect_error(timerfd_gettime(fds[0], &setting), EINVAL);
	expect_error(read(fd, &value, 7), EINVAL);
}

CASE(closing_a_running_timer_is_harmless)
{
	new_timer(CLOCK_MONOTONIC, 0);
	expect(set_timer(5, 1) == 0 && close(fd) == 0);
	for (int i = 0; i < 10; i++)
		case_pause();
}

/* ---- Processes ----------------------------------------------------------- */

static int wait_for_ever(void)
{
	pause();
	return 0;
}

CASE(pidfd_is_readable_when_the_process_has_ended)
{
	pid_t pid = start(wait_for_ever);

	fd = pidfd_open(pid, 0);
	require(fd >= 0);
	expect(look(POLLIN) == 0);
	kill(pid, SIGKILL);
	while (look(POLLIN) == 0)
		case_pause();
	expect(result_of(pid) == -SIGKILL);
}

CASE(end_of_a_process_wakes_a_poller)
{
	struct pollfd poller = { .events = POLLIN };
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		case_pause();
		_exit(3);
	}
	poller.fd = pidfd_open(pid, 0);
	expect(poll(&poller, 1, 20000) == 1 && poller.revents & POLLIN);
	expect(result_of(pid) == 3);
}

CASE(pidfd_of_nobody_is_an_error)
{
	pid_t pid = fork_or_fail();

	if (pid == 0)
		_exit(0);
	result_of(pid);
	expect_error(pidfd_open(pid, 0), ESRCH);
	expect_error(pidfd_open(-1, 0), EINVAL);
	expect_error(pidfd_open(getpid(), 1), EINVAL);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
