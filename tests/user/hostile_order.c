/*
 * hostile_order.c - a user changes the policy of hundreds of threads, which all
 * wait in one queue: each finds a new place among the others.
 *
 * tests/tools/latency looks at the longest stretch without a chance to switch,
 * as for hostile_long_call.c.
 *
 * linux: no
 */
#include <pthread.h>
#include <semaphore.h>

#include "tests/user/hostile.h"

#define THREADS	250

static sem_t semaphore;

static void *wait_there(void *unused)
{
	sem_wait(&semaphore);
	return unused;
}

static int change_order(void)
{
	const struct sched_param param = { .sched_priority = 0 };
	pthread_attr_t attr;
	pthread_t thread;

	sem_init(&semaphore, 0, 0);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 16384);
	for (int i = 0; i < THREADS; i++)
		require(pthread_create(&thread, &attr, wait_there, NULL) == 0);
	for (int i = 0; i < 10; i++)
		usleep(10000);
	expect(sched_setscheduler(0, SCHED_IDLE, &param) >= 0);
	expect(sched_setscheduler(0, SCHED_OTHER, &param) >= 0);
	return case_failed;
}

CASE(policy_of_many_threads_holds_the_processor)
{
	pid_t attacker = fork_or_fail();

	if (attacker == 0) {
		become_attacker();
		_exit(change_order());
	}
	expect(result_of(attacker) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
