/*
 * sched.c - kernel/task/sched.c: the right task runs, at all times.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/kernel.c
 *
 * The shipped scheduler with a switch that only changes cpu.current: the test
 * plays the running task, and makes random steps of a task. After each step
 * these rules must hold:
 *
 * - a task is in one place: running, or on the list of its priority, or blocked
 *   and on no list; idle is on no list; the bitmap tells the empty lists;
 * - where switches are allowed, no ready task goes before the running task;
 * - equals take turns: in the order in which they became ready, and when an
 *   equal task waits for the running task, the machine ticks;
 * - when no task is ready the next tick is the last;
 * - every cycle is charged to one task.
 */
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

#define TASKS		8
#define SLICE_NS	(SLICE_TICKS * TICK_NS)

static struct task boot, idle, tasks[TASKS];
static uint64_t stamp[TASKS], stamps;	/* when the task became ready */
static uint64_t next_tick = FOREVER;
static bool is_wrong;

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

void arch_tick(bool on)
{
	next_tick = on ? host_now_ns + TICK_NS : FOREVER;
}

void timer_run(void)
{
}

void arch_fpu_switch(bool on)
{
	cpu.fpu_is_on = on;
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
	for (i = 0; i < PRIORITIES; i++) {
		note_wrong(list_is_empty(&cpu.ready[i]) ==
			   !!(cpu.ready_bitmap & 1u << i),
			   "the bitmap is wrong");
		for (node = cpu.ready[i].head.next;
		     node != &cpu.ready[i].head; node = node->next, listed++)
			note_wrong(LIST_ENTRY(node, struct task, ready)
				   ->priority != i, "on another's list");
	}
	note_wrong(ready != listed, "listed twice or not at all");
	note_wrong(running + (cpu.current == &idle) != 1, "none runs, or two");
	note_wrong(list_is_linked(&idle.ready), "idle is on a list");
}

/* Called where a switch was allowed. */
static void check_choice(void)
{
	const struct task *task = cpu.current;

	note_wrong(task == &idle && cpu.ready_bitmap,
		   "idle runs beside others");
	if (task == &idle)
		return;
	for (unsigned i = 0; i < TASKS; i++)
		note_wrong(tasks[i].state == TASK_READY &&
			   tasks[i].policy != POLICY_BACKGROUND &&
			   tasks[i].priority > task->priority,
			   "a better one waits");
	note_wrong(ready_first() &&
		   ready_first()->priority >= task->priority &&
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

/* ---- Steps of tasks --------------------------------------------------- */

static void interrupt(void)
{
	bool was_any_ready = cpu.ready_bitmap != 0;

	if (next_tick <= host_now_ns) {
		next_tick = host_now_ns + TICK_NS;
		cpu_pend(PENDING_TICK);
		cpu_run_pending();
		note_wrong(!was_any_ready && next_tick != FOREVER,
			   "it ticks on, and nobody waits");
	}
	cpu_run_pending();
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
		task_set_priority(task, host_random(3) * 15);
		cpu_run_pending();
		break;
	case 7:
		host_now_ns += host_random(2 * SLICE_NS);
		interrupt();
		break;
	}
}

static void create(struct task *task, int priority)
{
	task->priority = priority;
	task->policy = POLICY_NORMAL;
	task->state = TASK_BLOCKED;
}

static void set_up(void)
{
	sched_init(&boot);
	create(&idle, 0);
	sched_set_idle(&idle);
	for (unsigned i = 0; i < TASKS; i++)
		create(&tasks[i], 15);
	block_task(TASK_TERMINATED);	/* the boot flow is over */
}

/* ---- Turns ------------------------------------------------------------ */

static void block_all(void)
{
	while (cpu.current != &idle)
		block_task(TASK_BLOCKED);
}

/* n equal tasks that never wait: each task gets its slice, in order, again and
 * again, with or without looks at the clock. */
static bool take_turns(unsigned n, bool looks_at_clock)
{
	unsigned turn = 0;

	block_all();
	for (unsigned i = 0; i < n; i++) {
		tasks[i].priority = 15;
		unblock_task(&tasks[i]);
	}
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

/* The next of equal tasks to run is the task that has been ready the
   longest. */
static bool keep_order(void)
{
	bool in_order = true;

	block_all();
	for (unsigned i = 0; i < TASKS; i++)
		tasks[i].priority = 15;
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
			stamp[before - tasks] = ++stamps;
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
	tasks[0].priority = tasks[1].priority = 15;
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
	tasks[0].priority = 15;
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
	tasks[2].priority = 30;
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
	tasks[2].priority = 30;
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
	tasks[0].policy = POLICY_REALTIME;
	for (unsigned tick = 0; tick < 5 * SLICE_TICKS; tick++) {
		host_now_ns += TICK_NS;
		interrupt();
		if (cpu.current != &tasks[0] || next_tick == FOREVER)
			return false;
	}
	tasks[0].policy = POLICY_NORMAL;
	return true;
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
	ok(tick_on_and_off(), "tick_goes_on_alone_or_does_not_come_back");
	ok(leave_realtime_alone(), "realtime_task_is_sliced");
	ok(keep_order(), "equals_run_out_of_order");
	return tap_done();
}
