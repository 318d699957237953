/*
 * sched.c - kernel/task/sched.c and share.c: the right task runs, at all times.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/kernel.c tests/host/stub/memory.c
 * link: kernel/task/cpu.c kernel/task/extra_state.c kernel/task/policy.c
 *
 * The shipped scheduler with a switch that only changes cpu.current: the test
 * plays the running task, and makes random steps of a task. After each step
 * these rules must hold:
 *
 * - a task is in one place: running, or on the list of its priority or user, or
 *   blocked and on no list; idle is on no list; the bitmap tells the empty
 *   lists; a user with ready tasks stands in a list, or its slice runs;
 * - where switches are allowed, no ready task of a better level waits, and the
 *   slice of the running task's user runs;
 * - equals take turns: in the order in which they became ready, and when an
 *   equal task waits for the running task, the machine ticks;
 * - when no task is ready the next tick is the last;
 * - every cycle is charged to one task.
 */
#include "tests/host/sched_world.h"

static uint64_t stamp[TASKS], stamps;	/* when the task became ready */

/* ---- Steps of tasks --------------------------------------------------- */

/* A new policy, user or nice value, for a task in any state. */
static void change(struct task *task)
{
	unsigned policy = host_random(4);

	switch (host_random(3)) {
	case 0:
		task_set_policy(task, policy, policy <= POLICY_URGENT
				? 1 + host_random(2) * 31 : PRIORITY_NONE);
		break;
	case 1:
		task_set_share(task, shares[host_random(USERS)]);
		break;
	case 2:
		task_set_nice(task, (int)host_random(2 * NZERO) - NZERO);
		break;
	}
}

static void random_step(void)
{
	struct task *task = &tasks[host_random(TASKS)];

	host_now_ns += host_random(1000000);
	switch (host_random(8)) {
	case 0:
	case 1:
		if (cpu.current != &idle)
			block_task(TASK_BLOCKED);
		break;
	case 2:
	case 3:
	case 4:
		unblock_task(task);
		unblock_task(&tasks[host_random(TASKS)]);
		check_places();
		cpu_run_pending();
		break;
	case 5:
		if (cpu.current != &idle)
			yield_task();
		break;
	case 6:
		change(task);
		cpu_run_pending();
		break;
	case 7:
		host_now_ns += host_random(2 * SLICE_NS);
		interrupt();
		break;
	}
}

/* ---- Turns ------------------------------------------------------------ */

/* n equal tasks that never wait: each task gets its slice, in order, again and
 * again, with or without looks at the clock. */
static bool take_turns(unsigned n, bool looks_at_clock)
{
	unsigned turn = 0;

	block_all();
	for (unsigned i = 0; i < n; i++)
		unblock_task(&tasks[i]);
	cpu_run_pending();
	for (unsigned ms = 0; ms < 500; ms++) {
		const struct task *before = cpu.current;

		note_wrong(before != &tasks[turn % n], "out of turn");
		host_now_ns += 1000000;
		if (looks_at_clock)
			(void)task_total_cycles(cpu.current);
		interrupt();
		turn += cpu.current != before;
	}
	return turn >= 500 / 20 - 1 && turn <= 500 / 10;
}

/* A task that yields while no woken task is ready runs after all that wake. */
#define BEHIND_WOKEN	1000000

/* The next of equal tasks to run is the task that has been ready the
   longest. */
static bool keep_order(void)
{
	bool in_order = true;

	block_all();
	for (unsigned step = 0; step < 5000; step++) {
		unsigned i = host_random(TASKS), oldest = TASKS;
		const struct task *before = cpu.current;

		if (tasks[i].state == TASK_BLOCKED) {
			unblock_task(&tasks[i]);
			stamp[i] = ++stamps;
			continue;
		}
		for (i = 0; i < TASKS; i++)
			if (tasks[i].state == TASK_READY &&
			    (oldest == TASKS || stamp[i] < stamp[oldest]))
				oldest = i;
		if (before == &idle) {
			cpu_run_pending();
		} else if (host_random(2)) {
			block_task(TASK_BLOCKED);
		} else {
			stamp[before - tasks] = ++stamps +
				(oldest < TASKS && stamp[oldest] < BEHIND_WOKEN
				 ? 0 : BEHIND_WOKEN);
			yield_task();
			in_order &= cpu.current != before || oldest == TASKS;
		}
		if (oldest < TASKS && cpu.current != before)
			in_order &= cpu.current == &tasks[oldest];
	}
	return in_order;
}

static void start_two(void)
{
	block_all();
	unblock_task(&tasks[0]);
	unblock_task(&tasks[1]);
	cpu_run_pending();
}

/* Between the wake and the switch a signal comes, or not: the task finds the
 * note in cpu.pending when it runs. */
static bool notices_signal(bool with_signal)
{
	bool is_noted;

	block_all();
	unblock_task(&tasks[0]);
	tasks[0].signal_pending = with_signal;
	cpu_run_pending();
	is_noted = cpu.pending & PENDING(PENDING_SIGNAL);
	tasks[0].signal_pending = false;
	cpu_unpend(PENDING_SIGNAL);
	return cpu.current == &tasks[0] && is_noted == with_signal;
}

/* A task preempted by a better task goes on before its equals. */
static bool keep_place(void)
{
	start_two();
	task_set_policy(&tasks[2], POLICY_URGENT, 30);
	unblock_task(&tasks[2]);
	cpu_run_pending();
	if (cpu.current != &tasks[2])
		return false;
	block_task(TASK_BLOCKED);
	return cpu.current == &tasks[0];
}

/* A reschedule in the middle of a slice does not end the slice, neither the
 * first slice nor a later slice. */
static bool keep_slice(void)
{
	unsigned round;

	start_two();
	for (round = 0; round < 4; round++) {
		cpu_pend(PENDING_RESCHEDULE);
		cpu_run_pending();
		if (cpu.current != &tasks[round % 2])
			return false;
		for (unsigned tick = 0; tick < SLICE_TICKS; tick++) {
			if (cpu.current != &tasks[round % 2])
				return false;
			host_now_ns += TICK_NS;
			interrupt();
		}
	}
	return true;
}

/* A better task that comes again and again, for less than a tick each time,
 * takes nothing from the slice: both of the equal tasks below run. */
static bool preempt_often(void)
{
	unsigned switches[2] = { 0, 0 };

	start_two();
	task_set_policy(&tasks[2], POLICY_URGENT, 30);
	for (unsigned ms = 0; ms < 100; ms++) {
		unblock_task(&tasks[2]);
		cpu_run_pending();
		host_now_ns += 500000;
		block_task(TASK_BLOCKED);
		switches[cpu.current == &tasks[1]]++;
		host_now_ns += 500000;
		interrupt();
	}
	return switches[0] > 30 && switches[1] > 30;
}

/* A task that waits for an event begins a new slice afterwards: the first tick
 * after the wait does not end the slice. */
static bool renew_slice(void)
{
	start_two();
	host_now_ns += TICK_NS;
	interrupt();
	block_task(TASK_BLOCKED);
	unblock_task(&tasks[0]);
	block_task(TASK_BLOCKED);
	unblock_task(&tasks[1]);
	if (cpu.current != &tasks[0])
		return false;
	host_now_ns += TICK_NS;
	interrupt();
	return cpu.current == &tasks[0];
}

/* Two tasks wake each other, and three tasks compute. The three have half of
 * the time, and a turn of each is a turn, not a message, apart. */
static bool talk_beside_three(void)
{
	unsigned messages = 0, computed[TASKS] = { 0 }, turns = 0;
	const struct task *last = NULL;

	start_two();
	for (unsigned i = 2; i < 5; i++)
		unblock_task(&tasks[i]);
	for (unsigned step = 0; step < 20000; step++) {
		unsigned i = cpu.current - tasks;

		computed[i]++;
		turns += i >= 2 && cpu.current != last;
		last = cpu.current;
		host_now_ns += 100000;
		if (i < 2) {
			messages++;
			unblock_task(&tasks[!i]);
			block_task(TASK_BLOCKED);
		}
		interrupt();
	}
	for (unsigned i = 2; i < 5; i++)
		note_wrong(computed[i] < 3000, "a task that computes starves");
	return messages > 8000 && turns < 200;
}

/* A task that yields in a loop, to wait for tasks that talk to each other, runs
 * after each message, not after the turns of the tasks. */
static bool yield_beside_talk(void)
{
	unsigned yields = 0;

	start_two();
	unblock_task(&tasks[2]);
	for (unsigned step = 0; step < 3000; step++) {
		host_now_ns += 100000;
		if (cpu.current == &tasks[2]) {
			yields++;
			yield_task();
		} else {
			unblock_task(&tasks[cpu.current == &tasks[0]]);
			block_task(TASK_BLOCKED);
		}
		interrupt();
	}
	return yields > 900;
}

/* A competitor comes and goes: the machine ticks until no task is ready, and
   ticks again with the next competitor. */
static bool tick_on_and_off(void)
{
	block_all();
	for (unsigned round = 0; round < 3; round++) {
		host_now_ns += 5 * SLICE_NS;
		interrupt();
		if (next_tick != FOREVER)
			return false;
		start_two();
		if (next_tick > host_now_ns + TICK_NS)
			return false;
		block_task(TASK_BLOCKED);	/* the second task is alone */
		host_now_ns += TICK_NS;
		interrupt();
		if (next_tick != FOREVER)
			return false;
	}
	return true;
}

/* A real-time task has no slice, but the tick goes on for later tasks. */
static bool leave_realtime_alone(void)
{
	start_two();
	task_set_policy(&tasks[0], POLICY_REALTIME, 1);
	task_set_policy(&tasks[1], POLICY_REALTIME, 1);
	cpu_run_pending();
	for (unsigned tick = 0; tick < 5 * SLICE_TICKS; tick++) {
		host_now_ns += TICK_NS;
		interrupt();
		if (cpu.current != &tasks[0] || next_tick == FOREVER)
			return false;
	}
	/* A better task comes: the preempted task keeps its place. */
	task_set_policy(&tasks[2], POLICY_REALTIME, 2);
	unblock_task(&tasks[2]);
	cpu_run_pending();
	block_task(TASK_BLOCKED);
	return cpu.current == &tasks[0];
}

int main(void)
{
	host_now_ns = 1000;
	set_up();
	for (unsigned i = 0; i < 300000; i++) {
		random_step();
		check_places();
		check_choice();
		check_time();
	}
	ok(!is_wrong, "random_steps_break_no_rule");
	ok(take_turns(2, false) && take_turns(3, false) &&
	   take_turns(TASKS, false) && !is_wrong,
	   "spinning_equals_do_not_take_turns");
	ok(take_turns(2, true) && !is_wrong,
	   "task_that_looks_at_its_clock_takes_no_turns");
	ok(notices_signal(true) && notices_signal(false) &&
	   notices_signal(true),
	   "woken_task_does_not_hear_of_a_signal");
	ok(keep_place(), "preempted_task_goes_behind_its_equals");
	ok(keep_slice(), "reschedule_ends_a_slice_early");
	ok(preempt_often(), "short_preemptions_keep_an_equal_from_running");
	ok(renew_slice(), "wait_does_not_begin_a_new_slice");
	ok(talk_beside_three() && !is_wrong,
	   "message_waits_for_tasks_that_compute");
	ok(yield_beside_talk(), "yield_loop_waits_for_the_turns_of_a_talk");
	ok(tick_on_and_off(), "tick_goes_on_alone_or_does_not_come_back");
	ok(leave_realtime_alone(), "realtime_task_is_sliced");
	ok(keep_order(), "equals_run_out_of_order");
	return tap_done();
}
