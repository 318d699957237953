/*
 * hostile_signals.c - an ordinary user has hundreds of threads, and signals
 * that concern all of them: the results are right, and other tasks run in
 * between.
 *
 * tests/tools/latency looks at the longest stretch without a chance to switch.
 *
 * linux: no
 */
#include <limits.h>
#include <pthread.h>
#include <time.h>

#include "tests/user/hostile.h"

#define THREADS		240
#define TIMERS		32

static pthread_t threads[THREADS];
static int ends[2];

static void nothing(int n)
{
	(void)n;
}

static void *wait_for_end(void *unused)
{
	char byte;

	(void)unused;
	read(ends[0], &byte, 1);
	return NULL;
}

/* All threads block all signals. */
static void start_threads(void)
{
	pthread_attr_t attr;
	sigset_t all;

	sigfillset(&all);
	require(sigprocmask(SIG_SETMASK, &all, NULL) == 0 && pipe(ends) == 0);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN);
	for (int i = 0; i < THREADS; i++)
		require(pthread_create(&threads[i], &attr, wait_for_end,
				       NULL) == 0);
}

static void end_threads(void)
{
	close(ends[1]);
	for (int i = 0; i < THREADS; i++)
		require(pthread_join(threads[i], NULL) == 0);
}

static int pend_for_all(void)
{
	sigset_t pending;

	become_attacker();
	start_threads();
	for (int n = 1; n <= SIGRTMAX; n++)
		if (n != SIGKILL && n != SIGSTOP && n != SIGCONT) {
			signal(n, nothing);
			kill(getpid(), n);
		}
	end_threads();
	require(sigpending(&pending) == 0);
	expect(sigismember(&pending, SIGUSR1) &&
	       sigismember(&pending, SIGRTMAX));
	return case_failed;
}

CASE(end_of_a_thread_asks_all_threads_for_each_signal)
{
	attack_beside_root(pend_for_all);
}

static int drop_from_all(void)
{
	struct sigevent notice = { .sigev_notify = SIGEV_SIGNAL,
				   .sigev_signo = SIGRTMIN };
	sigset_t pending;
	timer_t timer;

	become_attacker();
	start_threads();
	for (int i = 0; i < TIMERS; i++)
		require(timer_create(CLOCK_MONOTONIC, &notice, &timer) == 0);
	signal(SIGCONT, nothing);
	for (int i = 0; i < THREADS; i++)
		require(pthread_kill(threads[i], SIGCONT) == 0);
	signal(SIGTSTP, nothing);
	expect(kill(getpid(), SIGTSTP) == 0);
	expect(pthread_kill(pthread_self(), SIGCONT) == 0);
	require(sigpending(&pending) == 0);
	expect(sigismember(&pending, SIGCONT) &&
	       !sigismember(&pending, SIGTSTP));
	end_threads();
	return case_failed;
}

CASE(stop_looks_at_all_timers_for_each_thread)
{
	attack_beside_root(drop_from_all);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
