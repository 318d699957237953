/*
 * sched.c - which task runs: ready lists, states, slices, postponed work.
 *
 * Each real-time priority has a FIFO list of ready tasks, and a bitmap says
 * which lists hold a task. Below the priorities are the tasks that share time:
 * share.c deals the time to users, then to the tasks of the user. Below these
 * are the background tasks. So a choice costs the same with two tasks as with a
 * thousand. The running task and the idle task are on no list.
 *
 * Waking a task only queues the task. If the task should run first, the wake
 * also notes that in cpu.pending. The switch itself happens at three moments:
 * when the running task waits (block_task()), when a system call or an
 * interrupt returns to user mode, and when the last unlock_stuff() finds the
 * note (both: schedule()).
 *
 * A time slice is a number of ticks during which the task runs and another task
 * could run. The tick begins when a task becomes ready beside another task that
 * can run, and ends when a tick finds no task ready. So a switch never touches
 * the timer hardware, and the machine has no tick while one task is enough for
 * the processor. A preempted task keeps the rest of its slice. A task that
 * waits begins a new slice. A task of POLICY_REALTIME never uses its slice.
 *
 * Each user has two lists: tasks that have waited, and tasks that compute. The
 * turn of the latter is over. The first list runs first. After SLICE_TICKS, a
 * task that computes moves to the front of the first list. So two tasks that
 * send each other messages do not wait for tasks that compute at each message,
 * and the tasks that compute have about half of the time. A task that yields
 * goes to the end of the first list, or of the second if the first is empty.
 */
#include "arch/arch.h"
#include "kernel/lib/trace.h"
#include "kernel/machine.h"
#include "kernel/task/load.h"
#include "kernel/task/sched.h"
#include "kernel/task/share.h"
#include "kernel/task/trace.h"

const char *const task_state_name[TASK_STATES] = {
	"running", "ready", "terminated", "blocked", "stopped",
};

/* ---- Ready lists -------------------------------------------------------- */

void ready_insert(struct task *task, bool at_head)
{
	struct list *list = task->ready_list;

	task->state = TASK_READY;
	list_insert_before(at_head ? list->head.next : &list->head,
			   &task->ready);
	if (task->level != LEVEL_SHARED)
		arch_cpu()->ready_bitmap |= task->ready_bit;
	else if (task->share != arch_cpu()->share &&
		 !list_is_linked(&task->share->node))
		share_enter(task->share, at_head);
}

void ready_remove(struct task *task)
{
	list_remove(&task->ready);
	if (list_is_empty(task->ready_list))
		arch_cpu()->ready_bitmap &= ~task->ready_bit;
	if (task->level == LEVEL_SHARED)
		share_leave(task->share);
}

/* The first task of the list, or NULL. */
static struct task *first_of(const struct list *list)
{
	return list_is_empty(list)
		? NULL : LIST_ENTRY(list->head.next, struct task, ready);
}

/* The best ready task, or NULL. */
static struct task *ready_first(void)
{
	uint32_t bitmap = arch_cpu()->ready_bitmap;
	const struct share *share = arch_cpu()->share;

	if (bitmap)
		return first_of(&arch_cpu()->ready[32 - __builtin_clz(bitmap)]);
	if (!share || (list_is_empty(&share->tasks) &&
		       list_is_empty(&share->computing)))
		share = share_first();
	if (!share)
		return first_of(&arch_cpu()->ready[PRIORITY_NONE]);
	return first_of(list_is_empty(&share->tasks) ? &share->computing
						     : &share->tasks);
}

/* The next task is none that shares time: stop the slice of the user. */
static struct task *take_other(void)
{
	struct task *next;

	share_stop();
	next = ready_first();
	if (!next)
		return arch_cpu()->idle;
	ready_remove(next);
	return next;
}

/* Take the best ready task off its list; or the idle task. */
static struct task *take_next(void)
{
	struct share *share = arch_cpu()->share;
	struct task *next;

	if (arch_cpu()->ready_bitmap)
		return take_other();
	if (!share || list_is_empty(&share->tasks))
		share = share_next();
	if (!share)
		return take_other();
	next = LIST_ENTRY(share->tasks.head.next, struct task, ready);
	list_remove(&next->ready);
	return next;
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

uint64_t task_user_cycles(const struct task *task)
{
	return task->process ? arch_user_cycles(task) : 0;
}

uint64_t task_kernel_ns(const struct task *task)
{
	return arch_cycles_to_ns(task_total_cycles(task) -
				 task_user_cycles(task));
}

uint64_t task_user_ns(const struct task *task)
{
	return arch_cycles_to_ns(task_user_cycles(task));
}

/* ---- Time slices -------------------------------------------------------- */

void tick_start(void)
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

static bool slice_is_over(const struct task *task)
{
	return task->slice_used >= task->slice_ticks;
}

/* Must the running task, which could go on, give way to this ready task? */
static bool must_give_way(const struct task *task, const struct task *first)
{
	if (!first || first->level < task->level)
		return false;
	if (first->level > task->level)
		return true;
	if (task->level == LEVEL_SHARED && !arch_cpu()->share)
		return true;		/* the slice of the user is over */
	return slice_is_over(task) &&
	       (task->level != LEVEL_SHARED || first->share == task->share);
}

/* Count a tick of the running task. When tasks that have waited have had a turn
 * together, a task that computes goes before them. */
static void count_tick(struct task *task)
{
	struct share *share = task->share;

	if (!slice_is_over(task))
		task->slice_used++;
	if (slice_is_over(task))
		cpu_pend(PENDING_RESCHEDULE);
	if (task->computes || slice_is_over(task)) {
		share->woken_ticks = 0;
	} else if (++share->woken_ticks == SLICE_TICKS) {
		share->woken_ticks = 0;
		share_advance(share);
	}
}

void machine_tick(void)
{
	struct task *task = task_current();
	const struct task *first = ready_first();

	if (!first) {
		tick_stop();
		return;
	}
	if (first->level >= task->level && task->policy != POLICY_REALTIME)
		count_tick(task);
	share_tick();
}

/* ---- Switching ---------------------------------------------------------- */

/* The running task has the new state already. The task stops here, or goes on
 * when the task is the best ready task again. */
static void run_next(void)
{
	struct task *next = take_next();

	if (next != task_current()) {
		trace(TRACE_SWITCH, 0, next->id, task_current()->state);
		arch_cpu()->switches++;
	}
	next->state = TASK_RUNNING;
	arch_clear_bits(&arch_cpu()->pending, PENDING(PENDING_RESCHEDULE) |
					      PENDING(PENDING_SIGNAL));
	if (next->signal_pending)
		cpu_pend(PENDING_SIGNAL);
	if (arch_cpu()->has_extra_state || next->has_extra_state)
		load_extra_state(next);
	switch_to_task(next);
}

/* The turn of a ready task is over: the task computes. */
static void end_turn(struct task *task)
{
	task->slice_used = 0;
	if (task->level != LEVEL_SHARED)
		return;
	task->computes = true;
	list_remove(&task->ready);
	list_append(&task->share->computing, &task->ready);
}

void schedule(void)
{
	struct task *task = task_current();
	bool is_over = slice_is_over(task);

	ASSERT(arch_cpu()->postpone_depth == 1);
	ASSERT(task->state == TASK_RUNNING);
	if (task->works_under_way && task->level < LEVEL_SHARED)
		cpu_keep_works_going();
	cpu_unpend(PENDING_RESCHEDULE);
	if (!must_give_way(task, ready_first())) {
		if (task->level == LEVEL_SHARED && !arch_cpu()->share)
			share_go_on(task->share);
		return;
	}
	if (task == arch_cpu()->idle)
		task->state = TASK_READY;
	else
		ready_insert(task, !is_over);
	if (is_over) {
		end_turn(task);
		load_turn();
	}
	task->switches_preempted++;
	run_next();
}

void block_task(enum task_state reason)
{
	struct task *task = task_current();

	ASSERT(arch_cpu()->postpone_depth == 1);
	ASSERT(task->state == TASK_RUNNING && task != arch_cpu()->idle);
	task->state = reason;
	task->slice_used = 0;
	task->computes = false;
	task->switches_waiting++;
	run_next();
}

void unblock_task(struct task *task)
{
	const struct task *current = task_current();

	if (task->state < TASK_BLOCKED)
		return;
	trace(TRACE_WAKE,
	      task->wait.queue ? task->wait.request->object : NULL,
	      task->id, task->wait.queue ? task->wait.outcome : 0);
	/* Beside the idle task, a single task needs no slices. */
	if (!arch_cpu()->has_tick &&
	    (current != arch_cpu()->idle || ready_first()))
		tick_start();
	if (task->level > current->level)
		cpu_pend(PENDING_RESCHEDULE);
	ready_insert(task, false);
}

void yield_task(void)
{
	struct task *task = task_current();

	ASSERT(arch_cpu()->postpone_depth == 1);
	task->slice_used = 0;
	task->computes = false;
	task->switches_preempted++;
	ready_insert(task, false);
	if (task->level == LEVEL_SHARED && list_is_single(&task->ready)) {
		end_turn(task);
		if (list_is_single(&task->ready))
			share_yield();
	}
	run_next();
}

void yield_to(struct task *next)
{
	struct task *task = task_current();

	ASSERT(arch_cpu()->postpone_depth == 1);
	ASSERT(next->state == TASK_READY && next->priority == task->priority &&
	       task->level != LEVEL_SHARED);
	task->switches_preempted++;
	ready_remove(next);
	ready_insert(next, true);
	ready_insert(task, false);
	run_next();
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
		load_look();
		cpu_run_pending();
		load_look();
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

	for (i = 0; i <= PRIORITIES; i++)
		list_init(&arch_cpu()->ready[i]);
	arch_cpu()->current = boot_task;
	arch_cpu()->postpone_depth = 1;
	boot_task->state = TASK_RUNNING;
	boot_task->total_cycles = -arch_cycles();
	cpu_set_deferred(PENDING_TICK, machine_tick);
	cpu_set_deferred(PENDING_TIMER, timer_run);
	cpu_set_deferred(PENDING_WAKES, wait_tell_late);
}

void sched_set_idle(struct task *task)
{
	arch_task_prepare(task, idle_entry, NULL);
	task->state = TASK_READY;
	task->policy = POLICY_BACKGROUND;
	task->level = LEVEL_IDLE;
	arch_cpu()->idle = task;
}
