/*
 * hostile_threads.c - a process with as many threads as it may have: calls that
 * ask or tell each thread, and timers that do so, are short or done in parts.
 * tests/tools/latency counts the longest stretch.
 *
 * linux: no
 */
#define _GNU_SOURCE
#include <limits.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>

#include "tests/user/hostile.h"
#include "tests/user/thread_case.h"

#define THREADS		250
#define TIMERS		30		/* a process may have 32 */
#define CROWDS		15
#define CROWD		30		/* threads of a crowd */

static volatile int begun;

static void *sleep_long(void *unused)
{
	__sync_fetch_and_add(&begun, 1);
	for (;;)
		pause();
	return unused;
}

static void start_threads(int count, void *(*function)(void *), void *argument)
{
	pthread_attr_t small;
	pthread_t thread;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 16384);
	begun = 0;
	for (int i = 0; i < count; i++)
		require(pthread_create(&thread, &small, function,
				       argument) == 0);
	while (begun < count)
		case_pause();
}

/* Start timers of this clock that expire together, and wait for them. */
static void expire_together(clockid_t clock, long ns)
{
	struct itimerspec when = { .it_value.tv_nsec = ns };
	timer_t timers[TIMERS];

	for (int i = 0; i < TIMERS; i++) {
		struct sigevent event = {
			.sigev_notify = SIGEV_SIGNAL,
			.sigev_signo = SIGRTMIN + i,
		};

		require(timer_create(clock, &event, &timers[i]) == 0);
	}
	for (int i = 0; i < TIMERS; i++)
		require(timer_settime(timers[i], 0, &when, NULL) == 0);
	do
		require(timer_gettime(timers[TIMERS - 1], &when) == 0);
	while (when.it_value.tv_nsec > 0);
	for (int i = 0; i < TIMERS; i++)
		require(timer_delete(timers[i]) == 0);
}

static int ask_for_times(void)
{
	struct timespec time, later;
	struct rusage usage;

	start_threads(THREADS, sleep_long, NULL);
	expect(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0);
	expect(getrusage(RUSAGE_SELF, &usage) == 0);
	expect(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &later) == 0);
	expect(later.tv_sec > time.tv_sec ||
	       (later.tv_sec == time.tv_sec && later.tv_nsec > time.tv_nsec));
	return case_failed;
}

CASE(clock_of_many_threads_holds_the_processor)
{
	attack_beside_root(ask_for_times);
}

/* Each signal that is taken starts the timers that have sent one again. */
static int take_signals_of_timers(void)
{
	const struct itimerspec often = {
		.it_value.tv_nsec = 1000000, .it_interval.tv_nsec = 1000000,
	};
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL };
	timer_t timers[TIMERS];
	siginfo_t info;
	sigset_t set;

	sigfillset(&set);
	require(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	start_threads(THREADS, sleep_long, NULL);
	for (int i = 0; i < TIMERS; i++) {
		event.sigev_signo = SIGRTMIN + i;
		require(timer_create(CLOCK_PROCESS_CPUTIME_ID, &event,
				     &timers[i]) == 0);
		require(timer_settime(timers[i], 0, &often, NULL) == 0);
	}
	do
		require(sigpending(&set) == 0);
	while (!sigismember(&set, SIGRTMIN + TIMERS - 1));
	for (int i = 0; i < TIMERS; i++)
		expect(sigwaitinfo(&set, &info) >= SIGRTMIN);
	return case_failed;
}

CASE(taken_signals_of_timers_hold_the_processor)
{
	attack_beside_root(take_signals_of_timers);
}

static int let_timers_expire(void)
{
	sigset_t set;

	sigfillset(&set);
	require(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	start_threads(THREADS, sleep_long, NULL);
	expire_together(CLOCK_MONOTONIC, 1000000);
	expire_together(CLOCK_PROCESS_CPUTIME_ID, 3000000);
	return case_failed;
}

CASE(timers_for_many_threads_hold_the_processor)
{
	attack_beside_root(let_timers_expire);
}

/* ---- Timers with a descriptor -------------------------------------------- */

static void *poll_once(void *argument)
{
	struct pollfd timer = { .fd = (long)argument, .events = POLLIN };

	__sync_fetch_and_add(&begun, 1);
	poll(&timer, 1, -1);
	return sleep_long(NULL);
}

static void start_crowd(int fd)
{
	int told[2];
	char byte;

	require(pipe(told) == 0);
	if (fork_or_fail() == 0) {
		start_threads(CROWD, poll_once, (void *)(long)fd);
		write(told[1], "x", 1);
		for (;;)
			pause();
	}
	require(read(told[0], &byte, 1) == 1);
	close(told[0]);
	close(told[1]);
}

/* Then one signal ends hundreds of threads. */
static int let_crowds_wake(void)
{
	struct itimerspec when = { .it_value.tv_nsec = 3000000 };
	int fds[CROWDS];

	for (int i = 0; i < CROWDS; i++) {
		fds[i] = timerfd_create(CLOCK_MONOTONIC, 0);
		require(fds[i] >= 0);
		start_crowd(fds[i]);
	}
	for (int i = 0; i < CROWDS; i++)
		require(timerfd_settime(fds[i], 0, &when, NULL) == 0);
	usleep(10000);
	signal(SIGTERM, SIG_IGN);
	expect(kill(0, SIGTERM) == 0);
	while (wait(NULL) > 0)
		;
	return case_failed;
}

CASE(timers_of_many_pollers_hold_the_processor)
{
	attack_beside_root(let_crowds_wake);
}

/* ---- A program begins ---------------------------------------------------- */

static int begin_program(void)
{
	const struct rlimit most = { OPEN_MAX, OPEN_MAX };
	int fds[2], pairs = 0;

	require(setrlimit(RLIMIT_NOFILE, &most) == 0);
	while (pipe2(fds, O_CLOEXEC) == 0)
		pairs++;
	expect(pairs > 1000);
	execl("/bin/true", "true", NULL);
	return 1;
}

CASE(exec_closes_thousands_of_pipes_in_one_piece)
{
	attack_beside_root(begin_program);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
