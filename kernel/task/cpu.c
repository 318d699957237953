/*
 * cpu.c - the state of the processor, and the work that waits until task
 * switches are allowed again.
 */
#include "kernel/task/task.h"

struct cpu cpu;

static void (*deferred_work[PENDING_BITS])(void);	/* [const] after boot */

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
