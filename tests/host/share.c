/*
 * share.c - kernel/task/share.c: each user gets the same time, and each task of
 * a user the part of its nice value.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/kernel.c tests/host/stub/memory.c
 * link: kernel/task/cpu.c kernel/task/extra_state.c kernel/task/policy.c
 */
#include "tests/host/sched_world.h"

/* Run for so many ms, and count in used[] the ms of each task. */
static void run_ms(unsigned ms, unsigned used[TASKS])
{
	while (ms-- > 0) {
		if (cpu.current != &idle)
			used[cpu.current - tasks]++;
		host_now_ns += 1000000;
		interrupt();
	}
}

static void start(unsigned first, unsigned count, unsigned user)
{
	for (unsigned i = first; i < first + count; i++) {
		task_set_share(&tasks[i], shares[user]);
		unblock_task(&tasks[i]);
	}
}

static bool is_about(unsigned is, unsigned wanted)
{
	return is * 10 >= wanted * 9 && is * 10 <= wanted * 11;
}

/* Six tasks of a user, one of each of two further users, of which one is nice:
 * the users get a third each. */
static bool share_by_user(void)
{
	unsigned used[TASKS] = { 0 }, many = 0;

	block_all();
	start(0, 6, 0);
	start(6, 1, 1);
	start(7, 1, 2);
	task_set_nice(&tasks[7], 19);
	cpu_run_pending();
	run_ms(3000, used);
	for (unsigned i = 0; i < 6; i++) {
		many += used[i];
		note_wrong(!is_about(used[i], 1000 / 6),
			   "tasks of a user get different times");
	}
	return is_about(many, 1000) && is_about(used[6], 1000) &&
	       is_about(used[7], 1000);
}

/* A task of a further user that sleeps, and wakes after a while, waits for two
 * slices at most. */
static bool wake_in_time(void)
{
	unsigned used[TASKS], waited;
	bool in_time = true;

	block_all();
	start(0, 6, 0);
	start(6, 1, 1);
	cpu_run_pending();
	task_set_share(&tasks[7], shares[2]);
	for (unsigned round = 0; round < 200; round++) {
		run_ms(host_random(60), used);
		unblock_task(&tasks[7]);
		cpu_run_pending();
		for (waited = 0; cpu.current != &tasks[7]; waited++)
			run_ms(1, used);
		in_time &= waited <= 2 * SHARE_SLICE_NS / 1000000;
		run_ms(1, used);
		block_task(TASK_BLOCKED);
	}
	return in_time;
}

/* A user that sleeps after so many ms of work, and wakes at once, gets no more
 * than its part. */
static bool sleep_after_ms(unsigned ms)
{
	unsigned used[TASKS] = { 0 }, sleep_at = ms;

	block_all();
	start(0, 1, 0);
	start(1, 1, 1);
	start(2, 1, 2);
	cpu_run_pending();
	for (unsigned i = 0; i < 3000; i++) {
		run_ms(1, used);
		if (cpu.current != &tasks[2] || used[2] < sleep_at)
			continue;
		sleep_at = used[2] + ms;
		block_task(TASK_BLOCKED);
		unblock_task(&tasks[2]);
		cpu_run_pending();
	}
	return used[2] <= 1100 && used[0] >= 900 && used[1] >= 900;
}

/* The last of these sleeps begins shortly before the end of the slice. */
static bool sleep_within_the_slice(void)
{
	for (unsigned ms = 1; ms < SHARE_SLICE_NS / 1000000; ms++)
		if (!sleep_after_ms(ms))
			return false;
	return true;
}

/* Within a user, nice decides about the part: 16 ticks against 4 and 1. */
static bool share_by_nice(void)
{
	unsigned used[TASKS] = { 0 };

	block_all();
	task_set_nice(&tasks[0], -20);
	task_set_nice(&tasks[2], 19);
	start(0, 3, 0);
	cpu_run_pending();
	run_ms(2100, used);
	return is_about(used[0], 1600) && is_about(used[1], 400) &&
	       is_about(used[2], 100);
}

/* A background task runs only while no other task can. */
static bool leave_background_behind(void)
{
	unsigned used[TASKS] = { 0 };

	block_all();
	task_set_policy(&tasks[1], POLICY_BACKGROUND, PRIORITY_NONE);
	start(0, 2, 0);
	cpu_run_pending();
	run_ms(500, used);
	if (used[0] != 500)
		return false;
	block_task(TASK_BLOCKED);
	run_ms(100, used);
	return used[1] == 100;
}

/* A yield of the only task of a user lets the task of a second user run. */
static bool yield_to_a_user(void)
{
	block_all();
	start(0, 1, 0);
	start(1, 1, 1);
	cpu_run_pending();
	for (unsigned i = 0; i < 100; i++) {
		const struct task *before = cpu.current;

		host_now_ns += 1000;
		yield_task();
		if (cpu.current == before)
			return false;
	}
	return true;
}

int main(void)
{
	host_now_ns = 1000;
	set_up();
	ok(share_by_user() && !is_wrong,
	   "user_with_many_tasks_gets_more_than_its_part");
	ok(wake_in_time(), "woken_task_waits_behind_the_tasks_of_other_users");
	ok(sleep_within_the_slice(), "user_that_sleeps_shortly_gets_more");
	ok(share_by_nice(), "nice_value_is_no_share");
	ok(leave_background_behind(), "background_task_takes_time_away");
	ok(yield_to_a_user(), "yield_does_not_reach_a_second_user");
	return tap_done();
}
