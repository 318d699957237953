/*
 * signal.c - the frame that a signal handler runs on.
 *
 * The user's stack while a handler runs, highest address first:
 *
 *	... what the program had there
 *	signal_frame: everything needed to go on as if nothing had happened
 *	esp -> return address: the restorer, which calls sigreturn(2)
 *
 * When the handler has returned, the restorer's ESP is just behind the return
 * address, so sigreturn finds the frame 4 bytes below the stack pointer. The
 * program may have changed every byte of it; return_to_user in entry.asm
 * forces selectors and EFLAGS, fpu_restored() the MXCSR, so a forged frame can
 * hurt nobody but its owner.
 */
#include "arch/arch.h"
#include "arch/i686/fpu.h"
#include "arch/i686/processor.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/task/task.h"

#define SYSCALL_INSTRUCTION_BYTES	2	/* sysenter, int 0x80 */

struct signal_frame {
	uint32_t return_address;
	int32_t number;			/* the handler's three arguments */
	uaddr_t info_at;
	uaddr_t context_at;
	struct interrupted {		/* all that sigreturn reads */
		sigset_t mask;
		uint32_t has_fpu;	/* FPU_BYTES follow the frame */
		struct registers registers;
	} interrupted;
	siginfo_t info;			/* only for who takes arguments */
};

void enter_user(struct registers *regs) NORETURN;

static uaddr_t frame_address(uaddr_t stack, bool has_fpu)
{
	stack -= sizeof(struct signal_frame) + (has_fpu ? FPU_BYTES : 0);
	/* At a function's entry, ESP + 4 is a multiple of 16. */
	return ALIGN_DOWN(stack, 16u) - 4;
}

static SLOW_PATH int push_fpu(uaddr_t at, void *fpu)
{
	fpu_flush();
	return copy_to_user(at, fpu, FPU_BYTES);
}

int arch_push_handler(struct registers *regs, const struct handler_call *call)
{
	void *fpu = task_current()->fpu;
	uaddr_t at = frame_address(call->stack ? call->stack : regs->esp, fpu);
	size_t bytes = offsetof(struct signal_frame, info);
	struct signal_frame frame;

	frame.return_address = call->restorer;
	frame.number = call->info->si_signo;
	frame.info_at = frame.context_at = 0;
	frame.interrupted.mask = call->old_mask;
	frame.interrupted.has_fpu = fpu != NULL;
	frame.interrupted.registers = *regs;
	frame.interrupted.registers.unused_esp = 0;	/* the kernel's own */
	if (call->with_info) {
		frame.info_at = at + offsetof(struct signal_frame, info);
		frame.context_at = at + offsetof(struct signal_frame,
						 interrupted.registers);
		frame.info = *call->info;
		bytes = sizeof(frame);
	}
	if (UNLIKELY(copy_to_user(at, &frame, bytes) != 0) ||
	    (UNLIKELY(fpu != NULL) && push_fpu(at + sizeof(frame), fpu) != 0))
		return -EFAULT;
	regs->esp = at;
	regs->eip = call->handler;
	regs->eflags &= ~(EFLAGS_TF | EFLAGS_DF);	/* as at any call */
	regs->vector = 0;		/* no system call to restart here */
	return 0;
}

uaddr_t arch_stack_pointer(const struct registers *regs)
{
	return regs->esp;
}

static SLOW_PATH bool restore_fpu(uaddr_t at)
{
	struct task *task = task_current();

	fpu_flush();
	if (!task->fpu || copy_from_user(task->fpu, at, FPU_BYTES) != 0)
		return false;
	fpu_restored();
	return true;
}

int arch_leave_handler(void)
{
	uaddr_t at = arch_user_stack() - sizeof(uint32_t);
	struct interrupted was;

	if (copy_from_user(&was, at + offsetof(struct signal_frame,
					       interrupted), sizeof(was)) ||
	    (UNLIKELY(was.has_fpu) &&
	     !restore_fpu(at + sizeof(struct signal_frame))))
		return -EFAULT;
	signals_set_mask(was.mask);
	task_current()->frame = NULL;
	was.registers.vector = 0;
	enter_user(&was.registers);
}

int arch_interrupted_syscall(const struct registers *regs)
{
	if (regs->vector != VECTOR_SYSCALL || regs->eax != (uint32_t)-EINTR)
		return -1;
	return regs->error_code;
}

void arch_restart_syscall(struct registers *regs)
{
	/* ECX and EDX are in the frame as the program passed them. */
	regs->eax = regs->error_code;
	regs->eip -= SYSCALL_INSTRUCTION_BYTES;
}
