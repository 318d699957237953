/*
 * exec_race_parley.c - two threads of a process run a program at the same time:
 * one of them wins, and the program runs.
 */
#include <pthread.h>

#include "tests/user/helpers.h"
#include "tests/user/parley_test.h"

#define ROUNDS	50

static void *run_false(void *unused)
{
	(void)unused;
	execl("/bin/false", "false", NULL);
	return NULL;
}

static int race(void)
{
	pthread_t thread;

	require(pthread_create(&thread, NULL, run_false, NULL) == 0);
	run_false(NULL);
	return 100;
}

CASE(two_threads_that_run_a_program_end_each_other)
{
	for (int i = 1; i <= ROUNDS; i++) {
		test_preempt_random(i, 2);
		expect(run_in_child(race) == 1);
	}
	test_preempt_random(0, 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
