/*
 * sched_turns.c - which task runs: each ready task in the end, real-time tasks
 * first, background tasks last, waiting tasks never. The nice value is a share.
 *
 * linux: no
 */
#include <limits.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "tests/user/helpers.h"

/* Counts in memory that all see. */
static volatile long *counts;

static void share_counts(void)
{
	counts = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(counts != MAP_FAILED);
}

static pid_t start_counter(int index, int niceness)
{
	pid_t pid = fork_or_fail();

	if (pid)
		return pid;
	setpriority(PRIO_PROCESS, 0, niceness);
	for (;;)
		counts[index]++;
}

/* ---- Turns --------------------------------------------------------------- */

CASE(equals_take_turns_without_yielding)
{
	pid_t children[5];
	int running;

	share_counts();
	for (int i = 0; i < 5; i++)
		children[i] = start_counter(i, 0);
	do {
		case_pause();
		running = 0;
		for (int i = 0; i < 5; i++)
			running += counts[i] > 0;
	} while (running < 5);
	for (int i = 0; i < 5; i++)
		expect(kill_and_wait(children[i]) == -SIGKILL);
}

CASE(yield_lets_an_equal_run)
{
	int here = 0;
	pid_t child;

	share_counts();
	child = fork_or_fail();
	if (child == 0) {
		for (;;) {
			counts[0]++;
			sched_yield();
		}
	}
	while (counts[0] == 0)
		sched_yield();
	for (int i = 0; i < 1000; i++) {
		long before = counts[0];

		sched_yield();
		here += counts[0] > before;
	}
	expect(here > 900);
	kill_and_wait(child);
}

CASE(yield_alone_returns)
{
	for (int i = 0; i < 10000; i++)
		require(sched_yield() == 0);
}

CASE(endless_loop_leaves_room_for_who_wakes)
{
	pid_t child;

	share_counts();
	child = start_counter(0, 0);
	for (int i = 0; i < 20; i++) {
		long before = counts[0];

		while (counts[0] == before)
			case_pause();
	}
	expect(kill_and_wait(child) == -SIGKILL);
}

/* Deadlines that come more often than ticks do not put the tick off. */
CASE(many_deadlines_leave_no_room_for_the_end_of_a_slice)
{
	const struct timespec pause = { 0, 300000 };
	pid_t children[2];

	share_counts();
	for (int i = 0; i < 2; i++)
		children[i] = start_counter(i, 10);
	while (counts[0] == 0 || counts[1] == 0)
		nanosleep(&pause, NULL);
	for (int i = 0; i < 6; i++) {
		long before = counts[i % 2];

		while (counts[i % 2] == before)
			nanosleep(&pause, NULL);
	}
	for (int i = 0; i < 2; i++)
		kill_and_wait(children[i]);
}

/* Spin, and count in counts[0] how often a different spinner ran before. */
static pid_t start_spinner(int number)
{
	pid_t pid = fork_or_fail();

	if (pid)
		return pid;
	for (;;) {
		if (counts[1] != number) {
			counts[1] = number;
			counts[0]++;
		}
	}
}

/* Otherwise each message waits for a turn of each spinner: 10,000 turns. */
CASE(messages_wait_for_spinners_of_the_same_user)
{
	int there[2], back[2];
	pid_t children[5], peer;
	char byte = 0;
	long before;

	share_counts();
	require(pipe(there) == 0 && pipe(back) == 0);
	peer = fork_or_fail();
	if (peer == 0)
		for (;;) {
			read_all(there[0], &byte, 1);
			write(back[1], &byte, 1);
		}
	for (int i = 0; i < 5; i++)
		children[i] = start_spinner(i + 1);
	while (counts[0] < 5)
		usleep(10000);
	before = counts[0];
	for (int i = 0; i < 1000; i++)
		require(write(there[1], &byte, 1) == 1 &&
			read_all(back[0], &byte, 1));
	expect(counts[0] - before < 300);
	/* The spinners do not starve. */
	before = counts[0];
	while (counts[0] < before + 10)
		require(write(there[1], &byte, 1) == 1 &&
			read_all(back[0], &byte, 1));
	for (int i = 0; i < 5; i++)
		kill_and_wait(children[i]);
	kill_and_wait(peer);
}

/* ---- Priorities ---------------------------------------------------------- */

static const struct sched_param none = { .sched_priority = 0 };

static pid_t start_background_counter(void)
{
	pid_t pid = start_counter(0, 0);

	require(sched_setscheduler(pid, SCHED_IDLE, &none) == SCHED_OTHER);
	return pid;
}

CASE(background_task_runs_while_we_can_run)
{
	long before;
	pid_t child;

	share_counts();
	child = start_background_counter();
	while (counts[0] == 0)
		case_pause();
	before = counts[0];
	for (volatile int i = 0; i < 30000000; i++)
		continue;
	expect(counts[0] == before);
	case_pause();
	while (counts[0] == before)
		case_pause();
	expect(kill_and_wait(child) == -SIGKILL);
}

CASE(urgent_process_runs_as_soon_as_it_can)
{
	int fds[2];
	char byte;
	pid_t child;

	share_counts();
	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0) {
		be_urgent(5);
		while (read(fds[0], &byte, 1) == 1)
			counts[0]++;
		_exit(0);
	}
	until_asleep(child);
	for (int i = 1; i <= 100; i++) {
		write(fds[1], "x", 1);
		/* It has run before write() came back. */
		require(counts[0] == i);
	}
	kill_and_wait(child);
}

CASE(three_levels_in_order)
{
	int fds[2];
	char order[3], byte;

	require(pipe(fds) == 0);
	be_urgent(32);
	for (int i = 0; i < 3; i++)
		if (fork_or_fail() == 0) {
			be_urgent(1 + i * 5);
			byte = i;
			write(fds[1], &byte, 1);
			_exit(0);
		}
	require(read_all(fds[0], order, 3));
	expect(order[0] == 2 && order[1] == 1 && order[2] == 0);
}

CASE(lowered_in_mid_run_gives_way)
{
	long before;
	pid_t child;

	share_counts();
	child = start_counter(0, 0);
	while (counts[0] == 0)
		case_pause();
	require(sched_setscheduler(child, SCHED_IDLE, &none) == SCHED_OTHER);
	before = counts[0];
	for (volatile int i = 0; i < 30000000; i++)
		continue;
	expect(counts[0] == before);
	require(sched_setscheduler(child, SCHED_OTHER, &none) == SCHED_IDLE);
	while (counts[0] == before)
		continue;
	expect(kill_and_wait(child) == -SIGKILL);
}

/* Two busy processes and a process that sleeps: all of them go on, and the part
 * of the process with nice 19 is a quarter of the other part. */
CASE(nice_value_is_a_rank)
{
	pid_t children[2];

	share_counts();
	be_urgent(1);			/* the last to look, not to compute */
	for (int i = 0; i < 2; i++) {
		children[i] = start_counter(i, i * 19);
		require(sched_setscheduler(children[i], SCHED_OTHER, &none)
			== SCHED_RR);
	}
	while (counts[1] < 3000000)
		case_pause();
	expect(counts[0] > 2 * counts[1] && counts[0] < 8 * counts[1]);
	for (int i = 0; i < 2; i++)
		kill_and_wait(children[i]);
}

/* ---- Nice values --------------------------------------------------------- */

CASE(nice_values_are_kept_and_cut)
{
	expect(getpriority(PRIO_PROCESS, 0) == 0);
	expect(setpriority(PRIO_PROCESS, 0, 7) == 0);
	expect(getpriority(PRIO_PROCESS, 0) == 7);
	expect(getpriority(PRIO_PROCESS, getpid()) == 7);
	expect(setpriority(PRIO_PROCESS, 0, 1000) == 0);
	expect(getpriority(PRIO_PROCESS, 0) == 19);
	expect(setpriority(PRIO_PROCESS, 0, INT_MIN) == 0);
	expect(getpriority(PRIO_PROCESS, 0) == -20);
	expect(nice(5) == -15 && nice(100) == 19);
}

CASE(child_inherits_its_nice_value)
{
	require(setpriority(PRIO_PROCESS, 0, 3) == 0);
	pid_t child = fork_or_fail();

	if (child == 0)
		_exit(getpriority(PRIO_PROCESS, 0));
	expect(result_of(child) == 3);
}

CASE(group_gets_the_value_together)
{
	pid_t first = start(sleep_for_ever), second = start(sleep_for_ever);

	expect(setpriority(PRIO_PGRP, 0, 4) == 0);
	expect(getpriority(PRIO_PROCESS, first) == 4);
	expect(getpriority(PRIO_PROCESS, second) == 4);
	expect(setpriority(PRIO_PROCESS, second, 2) == 0);
	expect(getpriority(PRIO_PGRP, 0) == 2);
	kill_and_wait(first);
	kill_and_wait(second);
}

CASE(strangers_and_kinds_that_are_none)
{
	expect_error(getpriority(PRIO_PROCESS, 999999), ESRCH);
	expect_error(setpriority(PRIO_PROCESS, 999999, 0), ESRCH);
	expect_error(setpriority(PRIO_PGRP, 999999, 0), ESRCH);
	expect_error(getpriority(77, 0), EINVAL);
	expect_error(setpriority(-1, 0, 0), EINVAL);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
