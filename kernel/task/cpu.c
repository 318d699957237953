/*
 * cpu.c - the state of the processor, and the work that waits until task
 * switches are allowed again.
 *
 * Some works have many parts, and let tasks switch after each part. A task that
 * ran in between may sleep, and leave new work of the same kind to the first
 * task. The first task must not begin this work in the middle of its own: with
 * hundreds of such tasks, each a level deeper, the kernel stack would overflow.
 * So a task begins no work that is under way on its stack.
 *
 * The task that was preempted in the middle of a work may be one that runs only
 * when no other task can. Then the tasks that need the rest of the work would
 * wait for ever beside a task that computes. So a background task shares time
 * with the others until its works are done, and the idle task leaves its works
 * to the next task.
 */
#include "kernel/task/inherit.h"
#include "kernel/task/task.h"

struct cpu cpu;

static void (*deferred_work[PENDING_BITS])(void);	/* [const] after boot */

void cpu_set_deferred(enum pending_bit bit, void (*work)(void))
{
	deferred_work[bit] = work;
}

/* The works that the running task may begin. */
static uint32_t works_to_begin(void)
{
	return arch_cpu()->pending & PENDING_DEFERRED &
	       ~task_current()->works_under_way;
}

static void run_deferred(void)
{
	struct task *task = task_current();
	uint32_t works;
	unsigned bit;

	while ((works = works_to_begin()) != 0) {
		bit = __builtin_ctz(works);
		cpu_unpend(bit);
		task->works_under_way |= PENDING(bit);
		if (deferred_work[bit])
			deferred_work[bit]();
		task->works_under_way &= ~PENDING(bit);
	}
	if (task->level > task->own_level && !task->works_under_way)
		inherit_update(task);
}

void cpu_keep_works_going(void)
{
	struct task *task = task_current();

	if (task == arch_cpu()->idle)
		arch_set_bits(&arch_cpu()->pending, task->works_under_way);
	else
		inherit_update(task);
}

/* New work of a kind that is under way on this stack stays pending. The
 * run_deferred() further up on the stack begins the new work later. */
void cpu_run_pending(void)
{
	do {
		run_deferred();
		if (arch_cpu()->pending & PENDING(PENDING_RESCHEDULE))
			schedule();
	} while (works_to_begin() ||
		 arch_cpu()->pending & PENDING(PENDING_RESCHEDULE));
}

void sched_point(void)
{
	ASSERT(arch_cpu()->windows_open == 0);
	if (arch_cpu()->pending & ~PENDING(PENDING_SIGNAL))
		cpu_run_pending();
}

/* Work may come after the last look: look again when the depth is 0. */
void unlock_stuff(void)
{
	ASSERT(arch_cpu()->postpone_depth > 0);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (--arch_cpu()->postpone_depth > 0)
		return;
	while (arch_cpu()->pending & ~PENDING(PENDING_SIGNAL)) {
		arch_cpu()->postpone_depth = 1;
		cpu_run_pending();
		arch_cpu()->postpone_depth = 0;
	}
}
