/*
 * fault.c - exceptions of the processor in a program become signals.
 *
 * If the program has no handler for it, crash() reports and ends the program.
 */
#include "kernel/machine.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/sys/crash.h"
#include "kernel/task/process.h"

int machine_page_fault(uaddr_t address, unsigned access)
{
	struct process *process = process_current();
	int error;

	if (!process || !process->space)
		return -EFAULT;
	error = space_fault(process->space, address, access);
	trace(TRACE_FAULT, address, access, error);
	return error;
}

/* Signal, code and words of an i686 exception other than the page fault. */
static const struct {
	uint8_t signal, code, kind;
} exceptions[] = {
	[0] = { SIGFPE, FPE_INTDIV, CRASH_DIVISION },
	[1] = { SIGTRAP, TRAP_TRACE, CRASH_BREAKPOINT },
	[3] = { SIGTRAP, TRAP_BRKPT, CRASH_BREAKPOINT },
	[4] = { SIGSEGV, SI_KERNEL, CRASH_OTHER },
	[5] = { SIGSEGV, SI_KERNEL, CRASH_OTHER },
	[6] = { SIGILL, ILL_ILLOPC, CRASH_ILLEGAL },
	[7] = { SIGKILL, SI_KERNEL, CRASH_NO_MEMORY },	/* FPU's state */
	[10] = { SIGSEGV, SI_KERNEL, CRASH_PROTECTION },
	[11] = { SIGBUS, BUS_ADRERR, CRASH_PROTECTION },
	[12] = { SIGBUS, BUS_ADRERR, CRASH_PROTECTION },
	[13] = { SIGSEGV, SI_KERNEL, CRASH_PROTECTION },
	[16] = { SIGFPE, FPE_FLTINV, CRASH_FLOATING_POINT },
	[17] = { SIGBUS, BUS_ADRERR, CRASH_ALIGNMENT },
	[19] = { SIGFPE, FPE_FLTINV, CRASH_FLOATING_POINT },
};

#define PAGE_FAULT	14

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

void machine_exception(struct registers *regs, unsigned vector,
		       unsigned error_code, uaddr_t address)
{
	siginfo_t info;
	struct refusal refusal = {
		.kind = CRASH_OTHER, .access = error_code,
		.address = address, .info = &info,
	};

	memset(&info, 0, sizeof(info));
	info.si_signo = SIGSEGV;
	info.si_code = SI_KERNEL;
	if (vector == PAGE_FAULT) {
		explain_page_fault(address, error_code, &info);
		refusal.kind = CRASH_NONE;
	} else if (vector < ARRAY_LENGTH(exceptions) &&
		   exceptions[vector].signal) {
		info.si_signo = exceptions[vector].signal;
		info.si_code = exceptions[vector].code;
		info.si_addr = (void *)arch_instruction(regs);
		refusal.kind = exceptions[vector].kind;
	}
	if (refusal.kind == CRASH_PROTECTION &&
	    arch_is_privileged(task_current()))
		refusal.kind = CRASH_PRIVILEGED;
	if (is_deadly(process_current(), info.si_signo))
		crash(&refusal);
	signal_force(info.si_signo, &info);
}

/* ---- Interrupts and the way back ---------------------------------------- */

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

static void trap_after_step(void)
{
	const siginfo_t info = { .si_signo = SIGTRAP, .si_code = TRAP_TRACE };

	task_current()->was_stepped = false;
	signal_force(SIGTRAP, &info);
}

void machine_return_to_user(struct registers *regs)
{
	if (arch_cpu()->pending & ~PENDING(PENDING_SIGNAL))
		cpu_run_pending();
	if (task_current()->was_stepped)
		trap_after_step();
	if (arch_cpu()->pending & PENDING(PENDING_SIGNAL))
		signal_deliver(regs);
}
