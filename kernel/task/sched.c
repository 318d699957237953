/*
 * sched.c - which task runs: ready lists, states, time, the two guards.
 *
 * One FIFO list per priority and a bitmap of the lists that are not empty, so
 * choosing costs the same with two tasks as with a thousand. The running task
 * and the idle task are on no list.
 *
 * Waking a task only queues it and, if it should run first, notes that in
 * cpu.pending; the switch itself happens in one place, schedule(), and only at
 * three moments: the running task waits, a system call or interrupt returns to
 * user mode, or the last unlock_stuff() finds the note.
 *
 * A time slice is run with one timer for all tasks. It is started when a task
 * becomes ready beside another one that can run, and goes on as long as any
 * task is ready; at each expiry it looks whether the task that runs now has had
 * its slice and must share it. So switches themselves never touch the timer
 * hardware, and a machine where nobody waits for the processor has no tick.
 */
#include "arch/arch.h"
#include "kernel/lib/printk.h"
#include "kernel/task/sched.h"
#include "kernel/task/trace.h"

#define SLICE_NS	10000000ull

struct cpu cpu;

static struct list ready_lists[PRIORITIES];	/* [P] */
static uint32_t ready_bitmap;			/* [P] lists with tasks */
static struct timer slice_timer;		/* [P] */
static uint64_t slice_switches;			/* [P] when it last expired */
static void (*deferred_work[PENDING_BITS])(void);

const char *const task_state_name[TASK_STATES] = {
	"running", "ready", "blocked", "stopped", "terminated",
};

/* ---- Ready lists -------------------------------------------------------- */

static void ready_insert(struct task *task, bool at_head)
{
	struct list *list = &ready_lists[task->priority];

	if (at_head)
		list_prepend(list, &task->ready);
	else
		list_append(list, &task->ready);
	ready_bitmap |= 1u << task->priority;
	task->state = TASK_READY;
}

static void ready_remove(struct task *task)
{
	list_remove(&task->ready);
	if (list_is_empty(&ready_lists[task->priority]))
		ready_bitmap &= ~(1u << task->priority);
}

/* The priority of the best ready task, or -1. */
static int ready_best(void)
{
	return ready_bitmap ? 31 - __builtin_clz(ready_bitmap) : -1;
}

/* ---- Time --------------------------------------------------------------- */

void update_time_used(void)
{
	struct task *task = cpu.current;
	uint64_t now = arch_cycles();

	task->total_cycles += now - task->switched_in;
	task->kernel_cycles += (uint32_t)now - cpu.entry_cycles;
	cpu.entry_cycles = now;
	task->switched_in = now;
}

uint64_t task_kernel_ns(const struct task *task)
{
	return arch_cycles_to_ns(task->process ? task->kernel_cycles
					       : task->total_cycles);
}

uint64_t task_user_ns(const struct task *task)
{
	if (!task->process || task->total_cycles < task->kernel_cycles)
		return 0;
	return arch_cycles_to_ns(task->total_cycles - task->kernel_cycles);
}

static bool wants_slice(const struct task *task)
{
	return task->policy != POLICY_REALTIME &&
	       !list_is_empty(&ready_lists[task->priority]);
}

static void slice_start(void)
{
	if (UNLIKELY(!timer_is_started(&slice_timer)))
		timer_start(&slice_timer, arch_now_ns() + SLICE_NS);
}

/*
 * switched_in moves when somebody reads the clocks of the running task; but if
 * no switch has come since the last expiry, the slice is over all the same.
 */
static void slice_expired(struct timer *timer)
{
	struct task *task = cpu.current;
	uint64_t used = arch_cycles_to_ns(arch_cycles() - task->switched_in);
	bool is_over = used >= SLICE_NS || cpu.switches == slice_switches;

	slice_switches = cpu.switches;
	if (ready_bitmap == 0)
		return;
	if (is_over && task != cpu.idle && wants_slice(task)) {
		task->slice_used = true;
		cpu_pend(PENDING_RESCHEDULE);
	}
	timer_start(timer, arch_now_ns() + SLICE_NS - (is_over ? 0 : used));
}

/* ---- Switching ---------------------------------------------------------- */

void task_load_thread_pointer(const struct task *task)
{
	cpu.thread_pointer = task->thread_pointer;
	arch_set_thread_pointer(task->thread_pointer);
}

void task_load_trace(const struct task *task)
{
	cpu.is_traced = task->is_traced;
	arch_trace_calls(task->is_traced || trace_wants_calls());
}

static void run_task(struct task *next)
{
	trace(TRACE_SWITCH, 0, next->id, cpu.current->state);
	cpu.switches++;
	next->state = TASK_RUNNING;
	if (UNLIKELY((cpu.fpu_owner != next) != cpu.fpu_is_off))
		arch_fpu_switch(cpu.fpu_owner != next);
	if (UNLIKELY(cpu.thread_pointer != next->thread_pointer))
		task_load_thread_pointer(next);
	if (UNLIKELY(cpu.is_traced != next->is_traced))
		task_load_trace(next);
	cpu_unpend(PENDING_SIGNAL);
	if (next->signal_pending)
		cpu_pend(PENDING_SIGNAL);
	switch_to_task(next);
}

static struct task *choose_next(void)
{
	int best = ready_best();
	struct task *next;

	if (best < 0)
		return cpu.idle;
	next = LIST_ENTRY(list_first(&ready_lists[best]), struct task, ready);
	ready_remove(next);
	return next;
}

/* Should the running task, which could go on, give way? */
static bool must_give_way(const struct task *task)
{
	int best = ready_best();

	if (task == cpu.idle)
		return best >= 0;
	return best > task->priority ||
	       (best == task->priority && task->slice_used);
}

void schedule(void)
{
	struct task *task = cpu.current, *next;

	ASSERT(cpu.postpone_depth == 1);
	cpu_unpend(PENDING_RESCHEDULE);
	if (task->state == TASK_RUNNING) {
		if (!must_give_way(task))
			return;
		if (task == cpu.idle)
			task->state = TASK_READY;
		else
			ready_insert(task, !task->slice_used);
		task->switches_preempted++;
	} else {
		task->switches_waiting++;
	}
	task->slice_used = false;
	next = choose_next();
	if (next == task) {
		task->state = TASK_RUNNING;
		return;
	}
	update_time_used();
	next->switched_in = task->switched_in;
	run_task(next);
}

void block_task(enum task_state reason)
{
	cpu.current->state = reason;
	schedule();
}

void unblock_task(struct task *task)
{
	struct task *current = cpu.current;
	bool others_are_ready = ready_bitmap != 0;

	if (task->state != TASK_BLOCKED && task->state != TASK_STOPPED)
		return;
	trace(TRACE_WAKE, task->wait.queue ? task->wait.object : NULL, task->id,
	      task->wait.queue ? task->wait.outcome : 0);
	ready_insert(task, false);
	if (current == cpu.idle || (task->priority > current->priority &&
				    task->policy != POLICY_BACKGROUND)) {
		cpu_pend(PENDING_RESCHEDULE);
		if (!others_are_ready)
			return;
	}
	slice_start();
}

void yield_task(void)
{
	struct task *task = cpu.current;

	if (list_is_empty(&ready_lists[task->priority]))
		return;
	task->slice_used = true;
	schedule();
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
	slice_start();
	cpu_pend(PENDING_RESCHEDULE);
}

/* ---- Postponed work ----------------------------------------------------- */

void cpu_set_deferred(enum pending_bit bit, void (*work)(void))
{
	deferred_work[bit] = work;
}

static void run_deferred(void)
{
	unsigned bit;

	for (bit = PENDING_TIMER; bit < PENDING_BITS; bit++) {
		if (!(cpu.pending & PENDING(bit)))
			continue;
		cpu_unpend(bit);
		if (deferred_work[bit])
			deferred_work[bit]();
	}
}

void cpu_run_pending(void)
{
	while (cpu.pending & ~PENDING(PENDING_SIGNAL)) {
		if (cpu.pending & PENDING_DEFERRED)
			run_deferred();
		if (cpu.pending & PENDING(PENDING_RESCHEDULE))
			schedule();
	}
}

/* The depth has just become 0 and something is pending. */
void unlock_stuff_slow(void)
{
	while (cpu.pending & ~PENDING(PENDING_SIGNAL)) {
		cpu.postpone_depth = 1;
		cpu_run_pending();
		cpu.postpone_depth = 0;
	}
}

/* ---- Idle --------------------------------------------------------------- */

/*
 * Runs when nothing else can: does what interrupts leave behind, and halts
 * until the next one. Looking and halting are one step under [I], so that an
 * interrupt cannot fall between them.
 */
static void NORETURN idle_loop(void)
{
	for (;;) {
		lock_stuff();
		cpu_run_pending();
		trace_catch_up();
		unlock_stuff();
		arch_irq_save();
		if (!cpu.pending)
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
		list_init(&ready_lists[i]);
	timer_init(&slice_timer, slice_expired);
	cpu.current = boot_task;
	cpu.postpone_depth = 1;
	cpu.fpu_is_off = true;
	boot_task->state = TASK_RUNNING;
	boot_task->switched_in = arch_cycles();
	cpu_set_deferred(PENDING_TIMER, timer_run);
}

void sched_set_idle(struct task *task)
{
	arch_task_prepare(task, idle_entry, NULL);
	task->state = TASK_READY;
	cpu.idle = task;
}
