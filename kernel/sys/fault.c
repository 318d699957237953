/*
 * fault.c - exceptions of the processor in a program become signals.
 *
 * If the program has no handler for it, crash() reports and ends the program.
 *
 * A page may have to come from a disk. A fault of a program waits for the page,
 * and the program makes the access again. For a copy routine of the kernel the
 * page is late: see kernel/task/late_page.c.
 */
#include "kernel/machine.h"
#include "kernel/sys/fault.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/fs/node.h"
#include "kernel/lib/trace.h"
#include "kernel/sys/crash.h"
#include "kernel/sys/out_of_memory.h"
#include "kernel/task/late_page.h"
#include "kernel/task/process.h"

int machine_page_fault(uaddr_t address, unsigned access)
{
	struct process *process = process_current();
	int error;

	if (!process || !process->space)
		return -EFAULT;
	error = space_fault(process->space, address, access);
	trace(TRACE_FAULT, address, access, error);
	task_current()->faults++;
	if (error == -EAGAIN)
		late_page_note(address, access);
	return error;
}

static long attempt_fault(void *unused)
{
	struct task *task = task_current();

	(void)unused;
	return machine_page_fault(task->late_page, task->late_access);
}

/* 0: the page is there. */
static long wait_for_late_page(void)
{
	long error;

	sched_point();			/* the copy was a long one, perhaps */
	error = fs_try(attempt_fault, NULL);
	task_current()->late_access = 0;
	return error;
}

int fault_wait_for_page(void)
{
	struct task *task = task_current();
	long error;

	if (!task->late_access)
		return -EFAULT;
	task->signal_pending = false;
	error = wait_for_late_page();
	task->signal_pending = true;	/* look again */
	cpu_pend(PENDING_SIGNAL);
	return error;
}

/* An error, but for the death of the task, comes from the call made again. */
void fault_restart_call(struct registers *regs)
{
	if (arch_failed_syscall(regs, -EFAULT) < 0)
		task_current()->late_access = 0;
	else if (wait_for_late_page() != -EINTR)
		arch_restart_syscall(regs);
}

/* Ask once more why the page cannot be had. */
static void explain_page_fault(uaddr_t address, unsigned access,
			       siginfo_t *info)
{
	int error = address < USER_HIGHEST
		? machine_page_fault(address, access) : -EACCES;

	info->si_signo = SIGSEGV;
	info->si_code = error == -EACCES ? SEGV_ACCERR : SEGV_MAPERR;
	if (error == -ENXIO || error == -ENOMEM) {
		info->si_signo = SIGBUS;
		info->si_code = BUS_ADRERR;
		info->si_errno = -error;
	}
	info->si_addr = (void *)address;
}

/* Will the signal end the process? */
static bool is_deadly(const struct process *process, int n)
{
	return process->signals.actions->of[n].handler <= 1 ||
	       task_current()->signals.blocked & SIGNAL_BIT(n);
}

/* Report and end the program now if the signal will end the program. */
static void refuse(const struct refusal *refusal)
{
	if (is_deadly(process_current(), refusal->info->si_signo))
		crash(refusal);
	signal_force(refusal->info->si_signo, refusal->info);
}

void machine_page_refused(uaddr_t address, unsigned access)
{
	siginfo_t info = { .si_signo = SIGSEGV };
	struct refusal refusal = { .kind = CRASH_NONE, .access = access,
				   .address = address, .info = &info };

	if (task_current()->late_access) {
		wait_for_late_page();
		return;			/* any error comes again */
	}
	explain_page_fault(address, access, &info);
	if (info.si_errno == ENOMEM && out_of_memory())
		return;
	refuse(&refusal);
}

void machine_exception(struct registers *regs, const struct exception *what)
{
	siginfo_t info = { .si_signo = what->signal, .si_code = what->code,
			   .si_addr = (void *)arch_instruction(regs) };
	struct refusal refusal = { .kind = what->crash, .info = &info };

	if (refusal.kind == CRASH_PROTECTION &&
	    arch_is_privileged(task_current()))
		refusal.kind = CRASH_PRIVILEGED;
	refuse(&refusal);
}

/* ---- Interrupts --------------------------------------------------------- */

void machine_timer_interrupt(void)
{
	cpu_pend(PENDING_TIMER);
}

void machine_tick_interrupt(void)
{
	cpu_pend(PENDING_TICK);
}

/* Interrupts are masked here. The loop enables them, since cpu_run_pending()
 * may switch to a task that left the processor with interrupts enabled. */
void machine_interrupt_exit(void)
{
	lock_stuff();
	while (arch_cpu()->pending & ~PENDING(PENDING_SIGNAL)) {
		arch_irq_restore(~0u);
		cpu_run_pending();
		arch_irq_save();
	}
	arch_cpu()->postpone_depth = 0;
}
