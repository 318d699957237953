/*
 * sched_world.h - the shipped scheduler with a switch that only changes
 * cpu.current: the test plays the running task, and interrupts come when the
 * test says so. For tests/host/sched.c and share.c.
 */
#pragma once

#define arch_cycles	unused_arch_cycles
#define arch_halt	unused_arch_halt
#include "tests/host/stub/host.h"
#undef arch_cycles
#undef arch_halt

static uint64_t arch_cycles(void)
{
	return host_now_ns;
}

static void arch_halt(void)
{
}

#include "kernel/task/sched.c"
#include "kernel/task/share.c"
#include "kernel/task/load.c"

#define TASKS		8
#define USERS		3
#define SLICE_NS	(SLICE_TICKS * TICK_NS)

static struct task boot, idle, tasks[TASKS];
static uint64_t next_tick = FOREVER;
static bool is_wrong;
static struct share *shares[USERS];

/* ---- Stubs below sched.c ---------------------------------------------- */

void switch_to_task(struct task *next)
{
	cpu.current->total_cycles += arch_cycles();
	next->total_cycles -= arch_cycles();
	cpu.current = next;
}

uint32_t arch_loaded_root(void)
{
	return 0;
}

uint64_t arch_user_cycles(const struct task *task)
{
	(void)task;
	return 0;
}

uint64_t arch_cycles_to_ns(uint64_t cycles)
{
	return cycles;
}

uint64_t arch_ns_to_cycles(uint64_t ns)
{
	return ns;
}

void arch_tick(bool on)
{
	next_tick = on ? host_now_ns + TICK_NS : FOREVER;
}

void timer_run(void)
{
}

void arch_fpu_switch(struct task *task)
{
	(void)task;
}

void arch_task_prepare(struct task *task, void (*entry)(void *), void *arg)
{
	(void)task, (void)entry, (void)arg;
}

void arch_set_thread_pointer(uaddr_t pointer)
{
	(void)pointer;
}

void arch_trace_calls(bool on)
{
	(void)on;
}

void wait_tell_late(void)
{
}

void wait_reorder(struct task *task)
{
	(void)task;
}

/* ---- The rules -------------------------------------------------------- */

static void note_wrong(bool wrong, const char *what)
{
	if (wrong && !is_wrong)
		printf("# %s\n", what);
	is_wrong |= wrong;
}

static unsigned count_tasks(const struct list *list, const struct share *share)
{
	struct list_node *node = list->head.next;
	unsigned count = 0;

	for (; node != &list->head; node = node->next, count++)
		note_wrong(LIST_ENTRY(node, struct task, ready)->share != share,
			   "another's task");
	return count;
}

static void check_places(void)
{
	unsigned ready = 0, listed = 0, running = 0, i;
	struct list_node *node;

	for (i = 0; i < TASKS; i++) {
		const struct task *task = &tasks[i];

		note_wrong((task->state == TASK_READY) !=
			   list_is_linked(&task->ready), "ready, not there");
		note_wrong((task->state == TASK_RUNNING) !=
			   (task == cpu.current), "running, but not current");
		ready += task->state == TASK_READY;
		running += task->state == TASK_RUNNING;
	}
	for (i = 0; i <= PRIORITIES; i++) {
		note_wrong(i && list_is_empty(&cpu.ready[i]) ==
			   !!(cpu.ready_bitmap & 1u << (i - 1)),
			   "the bitmap is wrong");
		for (node = cpu.ready[i].head.next;
		     node != &cpu.ready[i].head; node = node->next, listed++)
			note_wrong(LIST_ENTRY(node, struct task, ready)
				   ->priority != i, "on another's list");
	}
	for (i = 0; i < USERS; i++) {
		bool is_ready = share_is_ready(shares[i]);

		note_wrong(is_ready && shares[i] != cpu.share &&
			   !list_is_linked(&shares[i]->node),
			   "a user with a ready task is forgotten");
		note_wrong(list_is_linked(&shares[i]->node) &&
			   (!is_ready || shares[i] == cpu.share),
			   "a user waits without a ready task");
		listed += count_tasks(&shares[i]->tasks, shares[i]);
		listed += count_tasks(&shares[i]->computing, shares[i]);
	}
	note_wrong(ready != listed, "listed twice or not at all");
	note_wrong(running + (cpu.current == &idle) != 1, "none runs, or two");
	note_wrong(list_is_linked(&idle.ready), "idle is on a list");
}

/* Called where a switch was allowed. */
static void check_choice(void)
{
	const struct task *task = cpu.current;

	note_wrong(task == &idle && ready_first(), "idle runs beside others");
	if (task == &idle)
		return;
	for (unsigned i = 0; i < TASKS; i++)
		note_wrong(tasks[i].state == TASK_READY &&
			   tasks[i].level > task->level,
			   "a better one waits");
	note_wrong(task->level == LEVEL_SHARED ? cpu.share != task->share
					       : cpu.share != NULL,
		   "the slice of another user runs");
	note_wrong(ready_first() && ready_first()->level >= task->level &&
		   next_tick == FOREVER,
		   "an equal waits, and no slice will end");
}

static void check_time(void)
{
	uint64_t sum = task_total_cycles(&boot) + task_total_cycles(&idle);

	for (unsigned i = 0; i < TASKS; i++)
		sum += task_total_cycles(&tasks[i]);
	note_wrong(sum != host_now_ns - 1000, "cycles come or go");
}

/* ---- Set up ----------------------------------------------------------- */

static void interrupt(void)
{
	bool was_any_ready = ready_first() != NULL;

	if (next_tick <= host_now_ns) {
		next_tick = host_now_ns + TICK_NS;
		cpu_pend(PENDING_TICK);
		cpu_run_pending();
		note_wrong(!was_any_ready && next_tick != FOREVER,
			   "it ticks on, and nobody waits");
	}
	cpu_run_pending();
}

static void create(struct task *task)
{
	task->policy = POLICY_NORMAL;
	task->slice_ticks = SLICE_TICKS;
	task->state = TASK_BLOCKED;
	task->share = shares[0];
	task->ready_list = &shares[0]->tasks;
	task->share->members++;
}

static void set_up(void)
{
	host_init(4);
	shares[0] = share_init();
	share_start();
	for (unsigned i = 1; i < USERS; i++)
		shares[i] = share_get(1000 + i);
	create(&boot);
	create(&idle);
	sched_init(&boot);
	sched_set_idle(&idle);
	for (unsigned i = 0; i < TASKS; i++)
		create(&tasks[i]);
	block_task(TASK_TERMINATED);	/* the boot flow is over */
}

/* All tasks wait, and are ordinary tasks of root again. */
static void block_all(void)
{
	while (cpu.current != &idle)
		block_task(TASK_BLOCKED);
	for (unsigned i = 0; i < TASKS; i++) {
		task_set_policy(&tasks[i], POLICY_NORMAL, PRIORITY_NONE);
		task_set_nice(&tasks[i], 0);
		task_set_share(&tasks[i], shares[0]);
	}
}
