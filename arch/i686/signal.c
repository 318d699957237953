/*
 * signal.c - the frame that a signal handler runs on.
 *
 * The user's stack while a handler runs, highest address first:
 *
 *	... what the program had there
 *	the FPU state, if the task has used the FPU
 *	struct signal_frame
 *	esp -> return address: the restorer, which calls sigreturn(2)
 *
 * The frame holds all registers of the interrupted program, whether an
 * interrupt, a fault or a system call brought the task into the kernel. IRET
 * leads into the handler, and IRET leads back, because SYSEXIT cannot restore
 * ECX, EDX and the flags.
 *
 * When the handler has returned to the restorer, ESP lies just above the return
 * address. So sigreturn(2) finds the frame 4 bytes below the stack pointer.
 *
 * The program may have written to every byte of the frame. Each part is made
 * harmless where the processor takes it: return_to_user (entry.asm) replaces
 * the selectors and masks EFLAGS, fpu_from_user() masks MXCSR, and
 * signals_set_mask() lets SIGKILL and SIGSTOP through. A forged frame hurts
 * only its own program.
 */
#include "arch/arch.h"
#include "arch/i686/fpu.h"
#include "arch/i686/signal_frame.h"
#include "kernel/abi/errno.h"
#include "kernel/task/task.h"

#define SYSCALL_INSTRUCTION_BYTES	2	/* sysenter, int 0x80 */

void enter_user(struct registers *regs) NORETURN;

/* Where the frame begins below this stack pointer. */
static uaddr_t frame_address(uaddr_t stack, bool has_fpu)
{
	stack -= sizeof(struct signal_frame) + (has_fpu ? FPU_USED_BYTES : 0);
	/* At a function's entry, ESP + 4 is a multiple of 16. */
	return ALIGN_DOWN(stack, 16u) - 4;
}

int arch_push_handler(struct registers *regs, const struct handler_call *call)
{
	bool has_fpu = task_current()->fpu != NULL;
	bool has_info = call->action->flags & SA_SIGINFO;
	uaddr_t at = frame_address(call->stack ? call->stack : regs->esp,
				   has_fpu);
	uaddr_t registers_at = at + offsetof(struct signal_frame, registers);
	uaddr_t info_at = at + offsetof(struct signal_frame, info);
	const struct handler_words words = {
		.return_address = call->action->restorer,
		.number = call->info->si_signo,
		.info_at = info_at,
		.context_at = at + offsetof(struct signal_frame, words.has_fpu),
		.has_fpu = has_fpu,
		.mask = call->old_mask,
	};

	regs->unused_esp = 0;		/* an address of the kernel */
	if (at < call->lowest)
		return -EFAULT;
	if (copy_to_user(at, &words, sizeof(words)) != 0 ||
	    copy_to_user(registers_at, regs, sizeof(*regs)) != 0)
		return -EFAULT;
	if (has_info &&
	    copy_to_user(info_at, call->info, sizeof(*call->info)) != 0)
		return -EFAULT;
	if (has_fpu && fpu_to_user(at + sizeof(struct signal_frame)) != 0)
		return -EFAULT;
	regs->esp = at;
	regs->eip = call->action->handler;
	regs->eflags &= ~(EFLAGS_TF | EFLAGS_DF);	/* as at any call */
	regs->vector = 0;		/* no system call to restart here */
	return 0;
}

uaddr_t arch_stack_pointer(const struct registers *regs)
{
	return regs->esp;
}

/* The frame cannot be read: the program gets a fault instead. */
static int refuse_frame(void)
{
	const siginfo_t fault = { .si_signo = SIGSEGV, .si_code = SI_KERNEL };

	signal_force(SIGSEGV, &fault);
	return -EFAULT;
}

int arch_leave_handler(void)
{
	struct signal_frame frame;
	uaddr_t at = arch_user_stack() - sizeof(frame.words.return_address);

	if (copy_from_user(&frame, at, offsetof(struct signal_frame, info)) ||
	    (frame.words.has_fpu && fpu_from_user(at + sizeof(frame)) != 0))
		return task_current()->late_access ? -EFAULT : refuse_frame();
	signals_set_mask(frame.words.mask);
	task_current()->frame = NULL;
	frame.registers.vector = 0;	/* no system call to restart */
	enter_user(&frame.registers);
}

int arch_failed_syscall(const struct registers *regs, int error)
{
	if (regs->vector != VECTOR_SYSCALL || regs->eax != (uint32_t)error)
		return -1;
	return regs->error_code;
}

void arch_restart_syscall(struct registers *regs)
{
	/* ECX and EDX are in the frame as the program passed them. */
	regs->eax = regs->error_code;
	regs->eip -= SYSCALL_INSTRUCTION_BYTES;
}
