/*
 * traps.c - exceptions: bring in a page, end a copy, send a signal, or panic.
 *
 * In user mode, a page fault brings in the page. Each other exception, and a
 * page fault without a page to bring in, becomes a signal. In kernel mode, only
 * the copy routines may fault: the table of fix-ups lists their instructions,
 * and where the routine goes on if the page cannot be brought in. Each other
 * exception in kernel mode is a bug in the kernel, and panics.
 */
#include "arch/arch.h"
#include "arch/i686/drivers.h"
#include "arch/i686/fpu.h"
#include "arch/i686/paging.h"
#include "arch/i686/processor.h"
#include "kernel/abi/crashes.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/signal.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/machine.h"
#include "kernel/task/task.h"

/* [const] An entry of a section that assembly fills: entry.asm, usercopy.asm */
struct fixup {
	uint32_t start, end;		/* instructions that may fault */
	uint32_t resume;
};

extern const struct fixup fixup_table_start[], fixup_table_end[];

static const struct registers *fatal_registers;

static const char *const exception_name[EXCEPTIONS] = {
	"divide error", "debug", "NMI", "breakpoint", "overflow",
	"bound range", "invalid opcode", "no FPU", "double fault",
	"FPU overrun", "invalid TSS", "segment not present", "stack fault",
	"general protection", "page fault", "reserved", "x87 error",
	"alignment check", "machine check", "SIMD error",
};

/* A vector without a line here is a segmentation fault. */
static const struct exception exceptions[] = {
	[0] = { SIGFPE, FPE_INTDIV, CRASH_DIVISION },
	[1] = { SIGTRAP, TRAP_TRACE, CRASH_BREAKPOINT },
	[3] = { SIGTRAP, TRAP_BRKPT, CRASH_BREAKPOINT },
	[6] = { SIGILL, ILL_ILLOPC, CRASH_ILLEGAL },
	[7] = { SIGKILL, SI_KERNEL, CRASH_NO_MEMORY },	/* for the FPU */
	[10] = { SIGSEGV, SI_KERNEL, CRASH_PROTECTION },
	[11] = { SIGBUS, BUS_ADRERR, CRASH_PROTECTION },
	[12] = { SIGBUS, BUS_ADRERR, CRASH_PROTECTION },
	[13] = { SIGSEGV, SI_KERNEL, CRASH_PROTECTION },
	[16] = { SIGFPE, FPE_FLTINV, CRASH_FLOATING_POINT },
	[17] = { SIGBUS, BUS_ADRERR, CRASH_ALIGNMENT },
	[19] = { SIGFPE, FPE_FLTINV, CRASH_FLOATING_POINT },
};
static const struct exception other = { SIGSEGV, SI_KERNEL, CRASH_OTHER };

static void refuse(struct registers *regs)
{
	const struct exception *what = &other;

	if (regs->vector < ARRAY_LENGTH(exceptions) &&
	    exceptions[regs->vector].signal)
		what = &exceptions[regs->vector];
	machine_exception(regs, what);
}

static bool apply_fixup(struct registers *regs)
{
	const struct fixup *fixup;

	for (fixup = fixup_table_start; fixup < fixup_table_end; fixup++) {
		if (regs->eip < fixup->start || regs->eip >= fixup->end)
			continue;
		regs->eip = fixup->resume;
		return true;
	}
	return false;
}

static bool may_fault(const struct registers *regs)
{
	struct registers probe = { .eip = regs->eip };

	return apply_fixup(&probe);
}

static void kernel_trap(struct registers *regs, uint32_t address)
{
	const char *name = NULL;

	if (regs->vector < EXCEPTIONS)
		name = exception_name[regs->vector];
	fatal_registers = regs;
	backtrace_start_at(regs->eip, regs->ebp);
	panic("%s in the kernel at eip %08x, error code %x, cr2 %08x",
	      name ? name : "unknown exception", regs->eip, regs->error_code,
	      address);
}

/* Part of a panic: the registers of the trap behind the panic, if any. */
void arch_print_registers(void)
{
	const struct registers *regs = fatal_registers;

	if (!regs)
		return;
	printk("eax %08x ebx %08x ecx %08x edx %08x\n", regs->eax, regs->ebx,
	       regs->ecx, regs->edx);
	printk("esi %08x edi %08x ebp %08x esp %08x\n", regs->esi, regs->edi,
	       regs->ebp, (uint32_t)(uintptr_t)&regs->esp);
	printk("eip %08x cs %04x eflags %08x vector %u\n", regs->eip,
	       regs->cs & 0xffff, regs->eflags, regs->vector);
}

static void page_fault(struct registers *regs)
{
	unsigned access = regs->error_code & (FAULT_PRESENT | FAULT_WRITE |
					      FAULT_USER | FAULT_EXECUTE);
	uint32_t address;

	__asm__ volatile("mov %%cr2, %0" : "=r"(address));
	if (registers_are_user(regs)) {
		__asm__ volatile("sti");
		/* Not FAULT_USER: the processor's own access on behalf of a
		 * far jump or IRET. No page would help. */
		if (address >= USER_HIGHEST || !(access & FAULT_USER) ||
		    machine_page_fault(address, access) != 0)
			machine_page_refused(address, access);
		return;
	}
	if (address >= USER_HIGHEST || !may_fault(regs))
		kernel_trap(regs, address);
	if (machine_page_fault(address, access | FAULT_USER) != 0)
		apply_fixup(regs);
}

/* A system call with a full frame: int 0x80, a traced or an emulated SYSENTER.
 * `number` is in the error code already. */
static void slow_call(struct registers *regs)
{
	uint32_t number = regs->error_code;
	uint32_t a[6];

	__asm__ volatile("sti");
	if (number >= syscall_count) {
		regs->eax = -ENOSYS;
		return;
	}
	if (copy_from_user(a, regs->ecx + 4, sizeof(a)) != 0) {
		regs->eax = -EFAULT;
		return;
	}
	task_current()->frame = regs;
	trace(TRACE_CALL, number, a[0], a[1]);
	if (task_current()->is_traced)
		machine_call_begins(number, a);
	regs->eax = syscall_table[number](a[0], a[1], a[2], a[3], a[4], a[5]);
	if (task_current()->is_traced)
		machine_call_ends(number, a, regs->eax);
	trace(TRACE_RETURN, number, regs->eax, 0);
	task_current()->frame = NULL;
}

/*
 * #UD may be SYSENTER on a processor without SYSENTER (some emulators raise
 * #GP): libc's stubs always use SYSENTER. Then the call is made here, with a
 * full frame.
 */
static bool emulate_sysenter(struct registers *regs)
{
	uint8_t opcode[2];

	if (copy_from_user(opcode, regs->eip, 2) != 0 ||
	    opcode[0] != 0x0f || opcode[1] != 0x34)
		return false;
	regs->esp = regs->ecx;
	regs->eip = regs->edx;
	regs->vector = VECTOR_SYSCALL;
	regs->error_code = regs->eax;
	slow_call(regs);
	return true;
}

static void exception(struct registers *regs)
{
	if (!registers_are_user(regs)) {
		if (regs->vector == VECTOR_NMI)
			return;
		kernel_trap(regs, 0);
	}
	__asm__ volatile("sti");
	if (regs->vector == VECTOR_DEBUG && task_current()->is_stepped) {
		machine_step(regs);
		return;
	}
	if ((regs->vector == VECTOR_INVALID || regs->vector ==
	     VECTOR_PROTECTION) && emulate_sysenter(regs))
		return;
	refuse(regs);
}

/* Called by entry.asm for each trap but the fast system call. */
void trap_handle(struct registers *regs)
{
	if (regs->vector - EXCEPTIONS < VECTOR_SYSCALL - EXCEPTIONS) {
		interrupt_dispatch(regs->vector);
		if (arch_cpu()->postpone_depth == 0)
			machine_interrupt_exit();
		return;
	}
	switch (regs->vector) {
	case VECTOR_SYSCALL:
		slow_call(regs);
		return;
	case VECTOR_PAGE_FAULT:
		page_fault(regs);
		return;
	case VECTOR_NO_FPU:
		if (!registers_are_user(regs))
			kernel_trap(regs, 0);
		if (!fpu_begin())
			refuse(regs);
		return;
	}
	exception(regs);
}
