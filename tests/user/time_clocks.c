/*
 * time_clocks.c - clocks and sleeps: never backwards, never too early, ended by
 * signals, charged to the right process. Any POSIX system. Nothing here fails
 * because a machine is slow.
 */
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/time.h>

#include "tests/user/helpers.h"

#define SECOND	1000000000ll

static int64_t now_of(clockid_t clock)
{
	struct timespec now;

	require(clock_gettime(clock, &now) == 0);
	require(now.tv_nsec >= 0 && now.tv_nsec < SECOND);
	return now.tv_sec * SECOND + now.tv_nsec;
}

static int sleep_ns(int64_t ns, struct timespec *left)
{
	struct timespec time = { ns / SECOND, ns % SECOND };

	return nanosleep(&time, left);
}

/* Use the processor until its own clock says so. */
static void burn(int64_t ns)
{
	int64_t end = now_of(CLOCK_PROCESS_CPUTIME_ID) + ns;

	while (now_of(CLOCK_PROCESS_CPUTIME_ID) < end)
		for (volatile int i = 0; i < 1000; i++)
			continue;
}

/* ---- Clocks -------------------------------------------------------------- */

CASE(monotonic_clock_never_goes_back)
{
	int64_t last = now_of(CLOCK_MONOTONIC), now;

	for (int i = 0; i < 20000; i++) {
		now = now_of(CLOCK_MONOTONIC);
		require(now >= last);
		last = now;
	}
}

CASE(processes_see_the_same_clock)
{
	int64_t before = now_of(CLOCK_MONOTONIC), inside;
	int fds[2];

	require(pipe(fds) == 0);
	if (fork_or_fail() == 0) {
		inside = now_of(CLOCK_MONOTONIC);
		write(fds[1], &inside, sizeof(inside));
		_exit(0);
	}
	require(read_all(fds[0], &inside, sizeof(inside)));
	expect(before <= inside && inside <= now_of(CLOCK_MONOTONIC));
}

CASE(real_and_monotonic_time_go_together)
{
	int64_t real = now_of(CLOCK_REALTIME), mono = now_of(CLOCK_MONOTONIC);
	int64_t real_after, mono_after;

	sleep_ns(20000000, NULL);
	mono_after = now_of(CLOCK_MONOTONIC);
	real_after = now_of(CLOCK_REALTIME);
	expect(real_after - real >= mono_after - mono - SECOND / 100);
	expect(real > 1500000000 * SECOND);
	expect(time(NULL) >= real / SECOND);
}

CASE(unknown_clocks_are_einval)
{
	struct timespec now;

	expect_error(clock_gettime(12345, &now), EINVAL);
	expect(clock_nanosleep(12345, 0, &(struct timespec){ 0, 1 }, NULL) ==
	       EINVAL);
}

/* ---- Sleeps -------------------------------------------------------------- */

CASE(sleep_is_never_too_short)
{
	for (int64_t ns = 1; ns < 50000000; ns *= 7) {
		int64_t before = now_of(CLOCK_MONOTONIC);

		require(sleep_ns(ns, NULL) == 0);
		require(now_of(CLOCK_MONOTONIC) - before >= ns);
	}
}

CASE(sleep_of_nothing_returns)
{
	expect(sleep_ns(0, NULL) == 0);
	expect(sleep(0) == 0);
}

CASE(deadline_is_waited_for)
{
	int64_t end = now_of(CLOCK_MONOTONIC) + 20000000;
	struct timespec deadline = { end / SECOND, end % SECOND };

	expect(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline,
			       NULL) == 0);
	expect(now_of(CLOCK_MONOTONIC) >= end);
	/* And over at once when it is past. */
	expect(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline,
			       NULL) == 0);
}

CASE(deadline_by_the_date)
{
	int64_t end = now_of(CLOCK_REALTIME) + 20000000;
	struct timespec deadline = { end / SECOND, end % SECOND };

	expect(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &deadline,
			       NULL) == 0);
	expect(now_of(CLOCK_REALTIME) >= end);
}

CASE(bad_times_are_einval)
{
	expect_error(nanosleep(&(struct timespec){ 0, -1 }, NULL), EINVAL);
	expect_error(nanosleep(&(struct timespec){ 0, SECOND }, NULL), EINVAL);
	expect_error(nanosleep(&(struct timespec){ -1, 0 }, NULL), EINVAL);
	expect_error(nanosleep(nowhere, NULL), EFAULT);
}

CASE(sleepers_wake_in_the_order_of_their_deadlines)
{
	int fds[2];
	char order[10];

	require(pipe(fds) == 0);
	for (int i = 0; i < 10; i++)
		if (fork_or_fail() == 0) {
			char me = i;

			sleep_ns(50000000 + (i * 7 % 10) * 40000000ll, NULL);
			write(fds[1], &me, 1);
			_exit(0);
		}
	require(read_all(fds[0], order, 10));
	for (int i = 1; i < 10; i++)
		expect(order[i - 1] * 7 % 10 < order[i] * 7 % 10);
}

CASE(a_hundred_sleepers_all_wake)
{
	for (int i = 0; i < 100; i++)
		if (fork_or_fail() == 0) {
			sleep_ns(1 + i * 100003 % 10000000, NULL);
			_exit(0);
		}
	for (int i = 0; i < 100; i++) {
		int status = -1;

		require(wait(&status) > 0 && status == 0);
	}
}

/* ---- Sleeps that end early ----------------------------------------------- */

static int sleep_long(void)
{
	struct timespec left = { 0, 0 };

	set_handler(SIGUSR1, catch_it, SA_RESTART);
	if (sleep_ns(1000 * SECOND, &left) == 0 || errno != EINTR)
		return 1;
	if (caught != 1)
		return 2;
	return left.tv_sec > 0 && left.tv_sec < 1000 ? 0 : 3;
}

CASE(handler_ends_a_sleep_and_what_is_left_is_told)
{
	pid_t child = start(sleep_long);

	until_asleep(child);
	kill(child, SIGUSR1);
	expect(result_of(child) == 0);
}

static int sleep_until_far(void)
{
	struct timespec deadline = { LONG_MAX / 2, 0 };

	set_handler(SIGUSR1, catch_it, 0);
	return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline,
			       NULL);
}

CASE(handler_ends_a_wait_for_a_deadline)
{
	pid_t child = start(sleep_until_far);

	until_asleep(child);
	kill(child, SIGUSR1);
	expect(result_of(child) == EINTR);
}

static int sleep_a_little(void)
{
	int64_t before = now_of(CLOCK_MONOTONIC);

	if (sleep_ns(200000000, NULL) != 0)
		return 1;
	return now_of(CLOCK_MONOTONIC) - before < 200000000;
}

CASE(stop_and_continue_end_no_sleep)
{
	pid_t child = start(sleep_a_little);
	int status;

	until_asleep(child);
	kill(child, SIGSTOP);
	expect(waitpid(child, &status, WUNTRACED) == child);
	kill(child, SIGCONT);
	expect(result_of(child) == 0);
}

static int sleep_through_stops(void)
{
	int64_t before = now_of(CLOCK_MONOTONIC);

	sleep_ns(300000000, NULL);
	return (now_of(CLOCK_MONOTONIC) - before) / 100000000;
}

CASE(stops_make_a_sleep_no_longer)
{
	pid_t child = start(sleep_through_stops);
	int status;

	until_asleep(child);
	for (int i = 0; i < 20; i++) {
		kill(child, SIGSTOP);
		if (waitpid(child, &status, WUNTRACED) != child ||
		    WIFEXITED(status))
			break;
		kill(child, SIGCONT);
		for (int j = 0; j < 50 && !is_asleep(child); j++)
			case_pause();
		sleep_ns(25000000, NULL);
	}
	if (!WIFEXITED(status))
		waitpid(child, &status, 0);
	/* Begun anew each time it would take as long as all of this. */
	expect(WIFEXITED(status) && WEXITSTATUS(status) < 7);
}

CASE(kill_ends_a_sleep)
{
	pid_t child = start(sleep_long);

	until_asleep(child);
	expect(kill_and_wait(child) == -SIGKILL);
}

/* ---- The processor time of each process ---------------------------------- */

CASE(work_is_charged_and_sleep_is_not)
{
	int64_t before = now_of(CLOCK_PROCESS_CPUTIME_ID), after;

	sleep_ns(100000000, NULL);
	after = now_of(CLOCK_PROCESS_CPUTIME_ID);
	expect(after >= before && after - before < 50000000);
	burn(20000000);
	expect(now_of(CLOCK_PROCESS_CPUTIME_ID) - after >= 20000000);
}

static int64_t us_of(const struct timeval *time)
{
	return time->tv_sec * 1000000ll + time->tv_usec;
}

CASE(usage_of_children_comes_when_they_are_waited_for)
{
	struct rusage before, after;
	pid_t child;

	require(getrusage(RUSAGE_CHILDREN, &before) == 0);
	child = fork_or_fail();
	if (child == 0) {
		burn(30000000);
		_exit(0);
	}
	until_zombie(child);
	require(getrusage(RUSAGE_CHILDREN, &after) == 0);
	expect(us_of(&after.ru_utime) == us_of(&before.ru_utime));
	expect(result_of(child) == 0);
	require(getrusage(RUSAGE_CHILDREN, &after) == 0);
	expect(us_of(&after.ru_utime) + us_of(&after.ru_stime) -
	       us_of(&before.ru_utime) - us_of(&before.ru_stime) >= 25000);
}

CASE(child_starts_at_zero)
{
	burn(30000000);
	pid_t child = fork_or_fail();

	if (child == 0)
		_exit(now_of(CLOCK_PROCESS_CPUTIME_ID) > 25000000);
	expect(result_of(child) == 0);
}

CASE(own_usage_grows)
{
	struct rusage before, after;

	require(getrusage(RUSAGE_SELF, &before) == 0);
	burn(20000000);
	require(getrusage(RUSAGE_SELF, &after) == 0);
	expect(us_of(&after.ru_utime) + us_of(&after.ru_stime) >
	       us_of(&before.ru_utime) + us_of(&before.ru_stime));
	expect_error(getrusage(12345, &after), EINVAL);
	expect_error(getrusage(RUSAGE_SELF, nowhere), EFAULT);
}

static long us_of_all(const struct rusage *usage)
{
	return us_of(&usage->ru_utime) + us_of(&usage->ru_stime);
}

static void *burn_and_ask(void *usage)
{
	burn(20000000);
	getrusage(RUSAGE_SELF, usage);
	return NULL;
}

CASE(time_of_a_thread_is_lost_with_the_thread)
{
	struct rusage alive, dead;
	pthread_t thread;

	require(pthread_create(&thread, NULL, burn_and_ask, &alive) == 0);
	require(pthread_join(thread, NULL) == 0);
	require(getrusage(RUSAGE_SELF, &dead) == 0);
	expect(us_of(&dead.ru_stime) >= us_of(&alive.ru_stime));
	expect(us_of_all(&dead) >= us_of_all(&alive));
	expect(us_of_all(&dead) < us_of_all(&alive) + 60000000);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
