/*
 * fault.c - what the processor refuses a program: from exception to signal.
 *
 * If the program has no handler it dies alone, and one line in the log says
 * where:
 *
 *	crash[5]: SIGSEGV write to 0x0 at 0x810123 main+0x12 (crash.c:9)
 */
#include "kernel/machine.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/printk.h"
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

/* Signal and code of an i686 exception other than the page fault. */
static const struct {
	uint8_t signal, code;
} exception_signal[] = {
	[0] = { SIGFPE, FPE_INTDIV },
	[1] = { SIGTRAP, TRAP_TRACE },
	[3] = { SIGTRAP, TRAP_BRKPT },
	[4] = { SIGSEGV, SI_KERNEL },
	[5] = { SIGSEGV, SI_KERNEL },
	[6] = { SIGILL, ILL_ILLOPC },
	[7] = { SIGKILL, SI_KERNEL },	/* no memory for the FPU's state */
	[10] = { SIGSEGV, SI_KERNEL },
	[11] = { SIGBUS, BUS_ADRERR },
	[12] = { SIGBUS, BUS_ADRERR },
	[13] = { SIGSEGV, SI_KERNEL },
	[16] = { SIGFPE, FPE_FLTINV },
	[17] = { SIGBUS, BUS_ADRERR },
	[19] = { SIGFPE, FPE_FLTINV },
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

static const char *access_name(unsigned access)
{
	if (access & FAULT_WRITE)
		return "write to";
	return access & FAULT_EXECUTE ? "execute at" : "read of";
}

static void print_crash(const struct registers *regs, unsigned access,
			const siginfo_t *info, bool has_address)
{
	const struct process *process = process_current();
	uaddr_t at = arch_instruction(regs);
	char what[40] = "", where[120];

	if (info->si_errno == ENOMEM)
		snprintf(what, sizeof(what), "out of memory ");
	else if (has_address)
		snprintf(what, sizeof(what), "%s 0x%x ", access_name(access),
			 (uint32_t)(uintptr_t)info->si_addr);
	crash_describe(process, at, where, sizeof(where));
	printk("%s[%d]: %s %sat 0x%x %s\n", process->name, process->id,
	       signal_name(info->si_signo), what, at, where);
}

/* Will the signal end the process? */
static bool is_deadly(const struct process *process, int n)
{
	return process->signals.actions->of[n].handler <= 1 ||
	       cpu.current->signals.blocked & SIGNAL_BIT(n);
}

void machine_exception(struct registers *regs, unsigned vector,
		       unsigned error_code, uaddr_t address)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = SIGSEGV;
	info.si_code = SI_KERNEL;
	if (vector == PAGE_FAULT) {
		explain_page_fault(address, error_code, &info);
	} else if (vector < ARRAY_LENGTH(exception_signal) &&
		   exception_signal[vector].signal) {
		info.si_signo = exception_signal[vector].signal;
		info.si_code = exception_signal[vector].code;
		info.si_addr = (void *)arch_instruction(regs);
	}
	if (is_deadly(process_current(), info.si_signo))
		print_crash(regs, error_code, &info, vector == PAGE_FAULT);
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

/* Interrupts are masked here; the task that goes on, which waited with them on,
 * must find them so. */
void machine_interrupt_exit(void)
{
	lock_stuff();
	while (cpu.pending & ~PENDING(PENDING_SIGNAL)) {
		arch_irq_restore(~0u);
		cpu_run_pending();
		arch_irq_save();
	}
	cpu.postpone_depth = 0;
}

static SLOW_PATH void trap_after_step(void)
{
	const siginfo_t info = { .si_signo = SIGTRAP, .si_code = TRAP_TRACE };

	cpu.current->was_stepped = false;
	signal_force(SIGTRAP, &info);
}

void machine_return_to_user(struct registers *regs)
{
	if (cpu.pending & ~PENDING(PENDING_SIGNAL))
		cpu_run_pending();
	if (UNLIKELY(cpu.current->was_stepped))
		trap_after_step();
	if (cpu.pending & PENDING(PENDING_SIGNAL))
		signal_deliver(regs);
}
