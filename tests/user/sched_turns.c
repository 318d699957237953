/*
 * sched_turns.c - which task runs: each ready task in the end, urgent tasks
 * first, waiting tasks never. Parley's nice values: two steps make one step of
 * priority, and a lower priority runs when no higher priority can.
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

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/* Two busy processes make the machine tick, every 5 ms. A deadline between two
 * ticks has a timer interrupt: most sleepers wake at their deadline, and no
 * sleeper wakes before. */
CASE(deadline_waits_for_the_next_tick)
{
	pid_t children[2];
	int punctual = 0;

	share_counts();
	for (int i = 0; i < 2; i++)
		children[i] = start_counter(i, 10);
	for (int i = 0; i < 200; i++) {
		uint64_t due = now_ns() + 200000 + i % 37 * 333000, now;
		struct timespec at = { due / 1000000000, due % 1000000000 };

		require(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at,
					NULL) == 0);
		now = now_ns();
		require(now >= due);
		punctual += now - due < 1500000;
	}
	expect(punctual >= 100);
	for (int i = 0; i < 2; i++)
		kill_and_wait(children[i]);
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

/* ---- Priorities ---------------------------------------------------------- */

CASE(nicer_waits_while_we_can_run)
{
	long before;
	pid_t child;

	share_counts();
	child = start_counter(0, 10);
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
		setpriority(PRIO_PROCESS, 0, -10);
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
	setpriority(PRIO_PROCESS, 0, -10);
	for (int i = 0; i < 3; i++)
		if (fork_or_fail() == 0) {
			setpriority(PRIO_PROCESS, 0, 10 - i * 5);
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
	require(setpriority(PRIO_PROCESS, child, 10) == 0);
	before = counts[0];
	for (volatile int i = 0; i < 30000000; i++)
		continue;
	expect(counts[0] == before);
	require(setpriority(PRIO_PROCESS, child, 0) == 0);
	while (counts[0] == before)
		continue;
	expect(kill_and_wait(child) == -SIGKILL);
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

static int sleep_for_ever(void)
{
	for (;;)
		pause();
	return 0;
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
