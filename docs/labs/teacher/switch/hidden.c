/*
 * hidden.c - the tests of lab 1 that students do not see.
 */
#include <sys/mman.h>

#include "docs/labs/lab.h"

static volatile long *shared;

static void share_memory(void)
{
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(shared != MAP_FAILED);
}

static pid_t start_counter(int number)
{
	pid_t pid = fork_or_fail();

	if (pid)
		return pid;
	for (;;)
		shared[number]++;
}

CASE(background_waits_for_all_others)
{
	const struct sched_param none = { .sched_priority = 0 };
	long before;
	pid_t pid;

	share_memory();
	pid = start_counter(0);
	require(sched_setscheduler(pid, SCHED_IDLE, &none) == SCHED_OTHER);
	while (shared[0] == 0)
		case_pause();
	before = shared[0];
	for (volatile int i = 0; i < 20000000; i++)
		continue;
	expect(shared[0] == before);
	kill_and_wait(pid);
}

static int gates[2][2];

/* The first runs for many ticks; the second tells that it runs. */
static int run_as_fifo(int number)
{
	const struct sched_param param = { .sched_priority = 5 };
	char byte;

	require(sched_setscheduler(0, SCHED_FIFO, &param) >= 0);
	require(read(gates[number][0], &byte, 1) == 1);
	if (number == 1) {
		shared[1] = 1;
		return 7;
	}
	for (volatile int i = 0; i < 20000000; i++)
		if (shared[1])
			return 1;
	return 7;
}

CASE(fifo_task_is_not_preempted_by_an_equal)
{
	pid_t pids[2];

	share_memory();
	for (int i = 0; i < 2; i++) {
		require(pipe(gates[i]) == 0);
		pids[i] = fork_or_fail();
		if (pids[i] == 0)
			_exit(run_as_fifo(i));
		until_asleep(pids[i]);
	}
	be_urgent(9);
	for (int i = 0; i < 2; i++)
		require(write(gates[i][1], "x", 1) == 1);
	for (int i = 0; i < 2; i++)
		expect(result_of(pids[i]) == 7);
}

static int turns_of_spinners(void)
{
	return shared[0];
}

static pid_t start_spinner(int number)
{
	pid_t pid = fork_or_fail();

	if (pid)
		return pid;
	for (;;) {
		if (shared[1] != number) {
			shared[1] = number;
			shared[0]++;
		}
	}
}

CASE(woken_task_goes_before_those_that_compute)
{
	int there[2], back[2], before;
	pid_t spinners[3], peer;
	char byte = 0;

	share_memory();
	require(pipe(there) == 0 && pipe(back) == 0);
	peer = fork_or_fail();
	if (peer == 0)
		while (read(there[0], &byte, 1) == 1)
			if (write(back[1], &byte, 1) != 1)
				_exit(1);
	for (int i = 0; i < 3; i++)
		spinners[i] = start_spinner(i + 1);
	while (turns_of_spinners() < 3)
		case_pause();
	before = turns_of_spinners();
	for (int i = 0; i < 100; i++)
		require(write(there[1], &byte, 1) == 1 &&
			read(back[0], &byte, 1) == 1);
	expect(turns_of_spinners() - before < 60);
	for (int i = 0; i < 3; i++)
		kill_and_wait(spinners[i]);
	kill_and_wait(peer);
}

LAB_MAIN
