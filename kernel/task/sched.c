/*
 * sched.c - which task runs: ready lists, states, time, postponed work.
 *
 * Each priority has a FIFO list of ready tasks, and a bitmap says which lists
 * hold a task. So a choice costs the same with two tasks as with a thousand.
 * The running task and the idle task are on no list.
 *
 * Waking a task only queues the task. If the task should run first, the wake
 * also notes that in cpu.pending. The switch itself happens at three moments:
 * when the running task waits (block_task()), when a system call or an
 * interrupt returns to user mode, and when the last unlock_stuff() finds the
 * note (both: schedule()).
 *
 * A time slice is two ticks during which the task runs and another task of its
 * priority is ready. The tick begins when a task becomes ready beside another
 * task that can run, and ends when a tick finds no task ready. So a switch
 * never touches the timer hardware, and the machine has no tick while one task
 * is enough for the processor. A preempted task keeps the rest of its slice. A
 * task that waits begins a new slice.
 */
#include "arch/arch.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/machine.h"
#include "kernel/task/sched.h"
#include "kernel/task/trace.h"

struct cpu cpu;

static void (*deferred_work[PENDING_BITS])(void);	/* [const] after boot */

const char *const task_state_name[TASK_STATES] = {
	"running", "ready", "terminated", "blocked", "stopped",
};

/* ---- Ready lists -------------------------------------------------------- */

static void ready_insert(struct task *task, bool at_head)
{
	struct list *list = &arch_cpu()->ready[task->priority];

	task->state = TASK_READY;
	if (at_head)
		list_prepend(list, &task->ready);
	else
		list_append(list, &task->ready);
	arch_cpu()->ready_bitmap |= 1u << task->priority;
}

static void ready_remove(struct task *task)
{
	list_remove(&task->ready);
	if (list_is_empty(&arch_cpu()->ready[task->priority]))
		arch_cpu()->ready_bitmap &= ~(1u << task->priority);
}

/* The best ready task, or NULL. */
static struct task *ready_first(void)
{
	uint32_t bitmap = arch_cpu()->ready_bitmap;
	struct list *list;

	if (bitmap == 0)
		return NULL;
	list = &arch_cpu()->ready[31 - __builtin_clz(bitmap)];
	return LIST_ENTRY(list->head.next, struct task, ready);
}

/* ---- Time --------------------------------------------------------------- */

/*
 * switch_to_task() adds the clock to the total of the old task, and subtracts
 * the clock from the total of the new task. So the time of the running task is
 * the total plus the clock.
 */
uint64_t task_total_cycles(const struct task *task)
{
	uint64_t now = task == task_current() ? arch_cycles() : 0;

	return task->total_cycles + now;
}

static uint64_t user_cycles(const struct task *task)
{
	return task->process ? arch_user_cycles(task) : 0;
}

uint64_t task_kernel_ns(const struct task *task)
{
	return arch_cycles_to_ns(task_total_cycles(task) - user_cycles(task));
}

uint64_t task_user_ns(const struct task *task)
{
	return arch_cycles_to_ns(user_cycles(task));
}

/* ---- Time slices -------------------------------------------------------- */

static void tick_start(void)
{
	if (arch_cpu()->has_tick)
		return;
	arch_cpu()->has_tick = true;
	arch_tick(true);
}

static void tick_stop(void)
{
	arch_cpu()->has_tick = false;
	arch_tick(false);
}

void machine_tick(void)
{
	struct task *task = task_current(), *first = ready_first();

	if (!first)
		tick_stop();
	else if (first->priority >= task->priority &&
		 task->policy != POLICY_REALTIME &&
		 ++task->slice_used >= SLICE_TICKS)
		cpu_pend(PENDING_RESCHEDULE);
}

/* ---- The extra state of a task ------------------------------------------ */

/*
 * Most tasks have only registers and page tables. A task with extra state makes
 * a switch a little slower. The FPU is switched off; the first FPU instruction
 * of the new task traps, and the trap loads the values of this task. A task
 * without page tables borrows the loaded page tables.
 */
static void load_extra_state(struct task *task)
{
	if (arch_cpu()->fpu_is_on)
		arch_fpu_switch(false);
	if (!task->space)
		task->root_pa = arch_loaded_root();
	if (arch_cpu()->thread_pointer || task->thread_pointer)
		arch_set_thread_pointer(task->thread_pointer);
	if (arch_cpu()->is_traced != task->is_traced)
		arch_trace_calls(task->is_traced || trace_wants_calls());
	arch_cpu()->thread_pointer = task->thread_pointer;
	arch_cpu()->is_traced = task->is_traced;
	arch_cpu()->has_extra_state = task->is_traced || task->thread_pointer;
}

static void extra_state_changed(struct task *task)
{
	task->has_extra_state = !task->space || task->thread_pointer ||
				task->is_traced;
	if (task == task_current())
		load_extra_state(task);
}

void task_set_thread_pointer(struct task *task, uaddr_t pointer)
{
	task->thread_pointer = pointer;
	extra_state_changed(task);
}

void task_set_trace(struct task *task, bool is_traced)
{
	task->is_traced = is_traced;
	extra_state_changed(task);
}

void task_set_space(struct task *task, struct arch_space *space)
{
	task->space = space;
	task->root_pa = space ? space->root_pa : 0;
	extra_state_changed(task);
}

/* ---- Switching ---------------------------------------------------------- */

/* The running task has the new state already, and stops here. */
static void run_task(struct task *next)
{
	trace(TRACE_SWITCH, 0, next->id, task_current()->state);
	arch_cpu()->switches++;
	next->state = TASK_RUNNING;
	cpu_unpend(PENDING_RESCHEDULE);
	cpu_unpend(PENDING_SIGNAL);
	if (next->signal_pending)
		cpu_pend(PENDING_SIGNAL);
	if (arch_cpu()->has_extra_state || next->has_extra_state)
		load_extra_state(next);
	switch_to_task(next);
}

/* Take the best ready task off the ready list; or the idle task. */
static struct task *take_next(void)
{
	struct task *next = ready_first();

	if (!next)
		return arch_cpu()->idle;
	ready_remove(next);
	return next;
}

/* Must the running task, which could go on, give way? */
static bool must_give_way(const struct task *task)
{
	const struct task *first = ready_first();

	if (!first)
		return false;
	return first->priority > task->priority ||
	       (first->priority == task->priority &&
		task->slice_used >= SLICE_TICKS);
}

void schedule(void)
{
	struct task *task = task_current(), *next;
	bool is_used_up = task->slice_used >= SLICE_TICKS;

	ASSERT(arch_cpu()->postpone_depth == 1);
	ASSERT(task->state == TASK_RUNNING);
	cpu_unpend(PENDING_RESCHEDULE);
	if (!must_give_way(task))
		return;
	next = take_next();
	if (task == arch_cpu()->idle)
		task->state = TASK_READY;
	else
		ready_insert(task, !is_used_up);
	task->switches_preempted++;
	if (is_used_up)
		task->slice_used = 0;
	run_task(next);
}

void block_task(enum task_state reason)
{
	struct task *task = task_current();

	ASSERT(arch_cpu()->postpone_depth == 1);
	ASSERT(task->state == TASK_RUNNING && task != arch_cpu()->idle);
	task->state = reason;
	task->slice_used = 0;
	task->switches_waiting++;
	run_task(take_next());
}

/* Does a task that is ready now run before the running task? */
static bool preempts(const struct task *task)
{
	const struct task *current = task_current();

	return task->priority > current->priority &&
	       (current == arch_cpu()->idle ||
		task->policy != POLICY_BACKGROUND);
}

void unblock_task(struct task *task)
{
	bool is_alone = arch_cpu()->ready_bitmap == 0;

	if (task->state < TASK_BLOCKED)
		return;
	trace(TRACE_WAKE, task->wait.queue ? task->wait.object : NULL, task->id,
	      task->wait.queue ? task->wait.outcome : 0);
	ready_insert(task, false);
	if (preempts(task))
		cpu_pend(PENDING_RESCHEDULE);
	else
		is_alone = false;	/* the running task goes on */
	if (!is_alone)
		tick_start();
}

void yield_task(void)
{
	struct task *task = task_current(), *first = ready_first();

	ASSERT(arch_cpu()->postpone_depth == 1);
	task->slice_used = 0;
	if (!first || first->priority < task->priority)
		return;
	task->switches_preempted++;
	ready_remove(first);
	ready_insert(task, false);
	run_task(first);
}

void task_set_priority(struct task *task, int priority)
{
	bool is_ready = task->state == TASK_READY;

	if (is_ready)
		ready_remove(task);
	task->priority = priority;
	if (is_ready)
		ready_insert(task, false);
	wait_reorder(task);
	tick_start();
	cpu_pend(PENDING_RESCHEDULE);
}

/* ---- Postponed work ----------------------------------------------------- */

void cpu_set_deferred(enum pending_bit bit, void (*work)(void))
{
	deferred_work[bit] = work;
}

static void run_deferred(void)
{
	uint32_t work;
	unsigned bit;

	while ((work = arch_cpu()->pending & PENDING_DEFERRED) != 0) {
		bit = __builtin_ctz(work);
		cpu_unpend(bit);
		if (deferred_work[bit])
			deferred_work[bit]();
	}
}

void cpu_run_pending(void)
{
	while (arch_cpu()->pending & ~PENDING(PENDING_SIGNAL)) {
		if (arch_cpu()->pending & PENDING_DEFERRED)
			run_deferred();
		if (arch_cpu()->pending & PENDING(PENDING_RESCHEDULE))
			schedule();
	}
}

/* The depth has just become 0 and something is pending. */
void unlock_stuff_slow(void)
{
	while (arch_cpu()->pending & ~PENDING(PENDING_SIGNAL)) {
		arch_cpu()->postpone_depth = 1;
		cpu_run_pending();
		arch_cpu()->postpone_depth = 0;
	}
}

/* ---- Idle --------------------------------------------------------------- */

void (*sched_tell_idle)(void);

/*
 * The idle task runs when no task is ready. The loop does the deferred work of
 * interrupts, and halts until the next interrupt. The test for work and the
 * halt are one step under [I], so that no interrupt comes in between.
 */
static void NORETURN idle_loop(void)
{
	for (;;) {
		lock_stuff();
		cpu_run_pending();
		trace_catch_up();
		if (sched_tell_idle)
			sched_tell_idle();
		unlock_stuff();
		arch_irq_save();
		if (!arch_cpu()->pending && !trace_must_catch_up())
			arch_halt();
		arch_irq_restore(~0u);
	}
}

static void idle_entry(void *unused)
{
	(void)unused;
	idle_loop();
}

void sched_init(struct task *boot_task)
{
	unsigned i;

	for (i = 0; i < PRIORITIES; i++)
		list_init(&arch_cpu()->ready[i]);
	arch_cpu()->current = boot_task;
	arch_cpu()->postpone_depth = 1;
	boot_task->state = TASK_RUNNING;
	boot_task->total_cycles = -arch_cycles();
	cpu_set_deferred(PENDING_TICK, machine_tick);
	cpu_set_deferred(PENDING_TIMER, timer_run);
}

void sched_set_idle(struct task *task)
{
	arch_task_prepare(task, idle_entry, NULL);
	task->state = TASK_READY;
	task->priority = PRIORITY_IDLE;
	arch_cpu()->idle = task;
}
