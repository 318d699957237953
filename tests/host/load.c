/*
 * load.c - kernel/task/load.c: the averages follow the tasks that run or are
 * ready, and an idle machine needs no timer for that.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/kernel.c tests/host/stub/memory.c
 * link: kernel/task/cpu.c kernel/task/extra_state.c kernel/task/policy.c
 */
#include "tests/host/sched_world.h"

#define SECOND	1000000000ull
#define STEP	1000000ull

static void run_seconds(unsigned seconds)
{
	uint64_t end = host_now_ns + seconds * SECOND;

	while (host_now_ns < end) {
		host_now_ns += STEP;
		interrupt();
	}
}

/* As the idle loop, which halts for all this time. */
static void halt_seconds(unsigned seconds)
{
	load_look();
	host_now_ns += seconds * SECOND;
	load_look();
}

/* Is average i between these values, in hundredths? */
static bool is_between(int i, unsigned low, unsigned high)
{
	uint32_t loads[LOADS];
	unsigned is;

	load_averages(loads);
	is = loads[i] * 100 / LOAD_ONE;
	if (is < low || is > high)
		printf("# load %d: %u.%02u, not %u to %u hundredths\n", i,
		       is / 100, is % 100, low, high);
	return is >= low && is <= high;
}

static void start_tasks(unsigned count)
{
	block_all();
	for (unsigned i = 0; i < count; i++) {
		task_set_share(&tasks[i], shares[i % USERS]);
		unblock_task(&tasks[i]);
	}
	cpu_run_pending();
}

/* Without a tick there is no count of the ready tasks. */
static bool lone_task_is_a_load(void)
{
	start_tasks(1);
	run_seconds(600);
	load_look();
	return is_between(0, 99, 100) && is_between(1, 80, 92);
}

static bool ready_tasks_count(void)
{
	start_tasks(4);
	run_seconds(600);
	return is_between(0, 385, 405) && is_between(1, 300, 380);
}

/* exp(-1) and exp(-1/5) of the load before. */
static bool load_falls_while_idle(void)
{
	block_all();
	halt_seconds(60);
	return is_between(0, 135, 155) && is_between(1, 250, 320);
}

static bool long_halt_forgets_all(void)
{
	halt_seconds(36000);
	return is_between(0, 0, 0) && is_between(1, 0, 1) &&
	       is_between(2, 0, 2);
}

static bool half_of_the_time_is_half_a_load(void)
{
	for (int i = 0; i < 300; i++) {
		start_tasks(1);
		run_seconds(1);
		block_all();
		halt_seconds(1);
	}
	return is_between(0, 44, 56);
}

int main(void)
{
	host_now_ns = 1000;
	set_up();
	load_start();
	ok(lone_task_is_a_load(), "lone_task_is_no_load");
	ok(ready_tasks_count(), "ready_tasks_do_not_count");
	ok(load_falls_while_idle(), "load_stays_while_idle");
	ok(long_halt_forgets_all(), "long_halt_keeps_a_load");
	ok(half_of_the_time_is_half_a_load(), "half_of_the_time_is_all");
	return tap_done();
}
