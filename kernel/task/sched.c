/*
 * sched.c - which task runs: ready lists, states, time, the two guards.
 *
 * One FIFO list per priority and a bitmap of the lists that are not empty, so
 * choosing costs the same with two tasks as with a thousand. The running task
 * and the idle task are on no list.
 *
 * Mostly just one task is ready: the one that was woken a moment ago, when the
 * running one is about to wait. It stands in only_ready, and no list is touched
 * on its way. The next to become ready sends it to its list first, so the order
 * is the same as without: only_ready is NULL or all lists are empty.
 *
 * Waking a task only queues it and, if it should run first, notes that in
 * cpu.pending; the switch itself happens in schedule() and block_task(), at
 * three moments: the running task waits, a system call or interrupt returns to
 * user mode, or the last unlock_stuff() finds the note.
 *
 * A time slice is two ticks that a task sees while it runs and somebody waits
 * whom it must let have a turn. The tick is started when a task becomes ready
 * beside another one that can run, and goes on until it finds no task ready. So
 * switches themselves never touch the timer hardware, and a machine where
 * nobody waits for the processor has no tick. Who is preempted keeps what it
 * has had of its slice; who waits begins a new one.
 */
#include "arch/arch.h"
#include "kernel/lib/printk.h"
#include "kernel/machine.h"
#include "kernel/task/sched.h"
#include "kernel/task/sched_inline.h"
#include "kernel/task/trace.h"

struct cpu cpu;

struct task *only_ready;			/* [P] in no list, see above */
static struct list ready_lists[PRIORITIES];	/* [P] */
uint32_t ready_bitmap;				/* [P] lists with tasks */
uint32_t is_without_tick = true;		/* [P] */
static void (*deferred_work[PENDING_BITS])(void);

const char *const task_state_name[TASK_STATES] = {
	"running", "ready", "terminated", "blocked", "stopped",
};

/* ---- Ready lists -------------------------------------------------------- */

static void put_on_list(struct task *task, bool at_head)
{
	struct list *list = &ready_lists[task->priority];

	if (at_head)
		list_prepend(list, &task->ready);
	else
		list_append(list, &task->ready);
	ready_bitmap |= 1u << task->priority;
}

static SLOW_PATH void insert_beside_others(struct task *task, bool at_head)
{
	if (only_ready)
		put_on_list(only_ready, false);
	only_ready = NULL;
	put_on_list(task, at_head);
}

static inline void ready_insert(struct task *task, bool at_head)
{
	task->state = TASK_READY;
	if (UNLIKELY(is_any_ready()))
		insert_beside_others(task, at_head);
	else
		only_ready = task;
}

static SLOW_PATH void take_off_list(struct task *task)
{
	list_remove(&task->ready);
	if (list_is_empty(&ready_lists[task->priority]))
		ready_bitmap &= ~(1u << task->priority);
}

static inline void ready_remove(struct task *task)
{
	if (LIKELY(task == only_ready))
		only_ready = NULL;
	else
		take_off_list(task);
}

/* The ready task that runs first, or NULL. */
static inline struct task *ready_first(void)
{
	struct list *list;

	if (LIKELY(only_ready != NULL) || ready_bitmap == 0)
		return only_ready;
	list = &ready_lists[31 - __builtin_clz(ready_bitmap)];
	return LIST_ENTRY(list->head.next, struct task, ready);
}

/* ---- Time --------------------------------------------------------------- */

/*
 * Each switch adds the clock to the total of the task that stops and subtracts
 * it from that of the one that goes on (switch_to_task()): so what is missing
 * from the running one is the clock.
 */
uint64_t task_total_cycles(const struct task *task)
{
	uint64_t now = task == cpu.current ? arch_cycles() : 0;

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

static SLOW_PATH void slice_begin(void)
{
	is_without_tick = false;
	arch_tick(true);
}

static inline void slice_start(void)
{
	if (UNLIKELY(is_without_tick))
		slice_begin();
}

static SLOW_PATH void slice_end(void)
{
	is_without_tick = true;
	arch_tick(false);
}

void machine_tick(void)
{
	struct task *task = cpu.current, *first = ready_first();

	if (UNLIKELY(!first))
		slice_end();
	else if (UNLIKELY(first->priority >= task->priority) &&
		 task->policy != POLICY_REALTIME &&
		 ++task->slice_used >= SLICE_TICKS)
		cpu_pend(PENDING_RESCHEDULE);
}

/* ---- Switching ---------------------------------------------------------- */

/* Let GS and SYSENTER be what the task wants. */
static void load_specials(const struct task *task)
{
	if (cpu.thread_pointer | task->thread_pointer)
		arch_set_thread_pointer(task->thread_pointer);
	if (cpu.is_traced != task->is_traced)
		arch_trace_calls(task->is_traced || trace_wants_calls());
	cpu.thread_pointer = task->thread_pointer;
	cpu.is_traced = task->is_traced;
	cpu.is_special = cpu.fpu_is_on | task->is_traced |
			 (task->thread_pointer != 0);
}

static inline bool is_special(const struct task *task)
{
	return !task->space || task->thread_pointer || task->is_traced;
}

void task_set_thread_pointer(struct task *task, uaddr_t pointer)
{
	task->thread_pointer = pointer;
	task->is_special = is_special(task);
	if (task == cpu.current)
		load_specials(task);
}

void task_set_trace(struct task *task, bool is_traced)
{
	task->is_traced = is_traced;
	task->is_special = is_special(task);
	if (task == cpu.current)
		load_specials(task);
}

void task_set_space(struct task *task, struct arch_space *space)
{
	task->space = space;
	task->root_pa = space ? space->root_pa : 0;
	task->is_special = is_special(task);
}

/*
 * What few tasks need at a switch. The FPU is switched off; its owner, if it
 * comes back, traps once to have it again. A task without page tables borrows
 * those that are loaded.
 */
SLOW_PATH void switch_specials(struct task *next)
{
	cpu_unpend(PENDING_RESCHEDULE);
	cpu_unpend(PENDING_SIGNAL);
	if (next->signal_pending) {
		cpu_pend(PENDING_SIGNAL);
		if (next->wait.outcome == WAIT_SERVED)
			next->wait.outcome = WAIT_SERVED_BUT;
	}
	if (cpu.fpu_is_on)
		arch_fpu_switch(false);
	if (!next->space)
		next->root_pa = arch_loaded_root();
	load_specials(next);
	switch_to_task(next);
}

SLOW_PATH struct task *choose_of_lists(void)
{
	struct task *next = ready_first();

	if (!next)
		return cpu.idle;
	ready_remove(next);
	return next;
}

/* Should the running task, which could go on, give way? */
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
	struct task *task = cpu.current, *next;

	ASSERT(cpu.postpone_depth == 1);
	ASSERT(task->state == TASK_RUNNING);
	cpu_unpend(PENDING_RESCHEDULE);
	if (!must_give_way(task))
		return;
	next = choose_next();
	if (task == cpu.idle)
		task->state = TASK_READY;
	else
		ready_insert(task, task->slice_used < SLICE_TICKS);
	task->switches_preempted++;
	if (task->slice_used >= SLICE_TICKS)
		task->slice_used = 0;
	run_task(next);
}

void block_task(enum task_state reason)
{
	block_in_line(reason);
}

SLOW_PATH void unblock_beside_others(struct task *task)
{
	bool others_are_ready = is_any_ready();

	ready_insert(task, false);
	if (preempts(task))
		cpu_pend(PENDING_RESCHEDULE);
	if (others_are_ready || !preempts(task))
		slice_start();
}

void unblock_task(struct task *task)
{
	if (LIKELY(task->state >= TASK_BLOCKED))
		unblock_in_line(task);
}

SLOW_PATH void yield_to_lists(void)
{
	struct task *task = cpu.current;

	task->slice_used = SLICE_TICKS;
	schedule();
	task->slice_used = 0;
}

void yield_task(void)
{
	yield_in_line();
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
	uint32_t work;
	unsigned bit;

	while ((work = cpu.pending & PENDING_DEFERRED) != 0) {
		bit = __builtin_ctz(work);
		cpu_unpend(bit);
		if (LIKELY(deferred_work[bit] != NULL))
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
		if (!cpu.pending && !trace_must_catch_up())
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
	cpu.current = boot_task;
	cpu.postpone_depth = 1;
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
	cpu.idle = task;
}
