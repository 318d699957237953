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
	siginfo_t info;
	struct registers registers;
	sigset_t mask;
	uint32_t has_fpu;		/* FPU_BYTES follow */
};

void enter_user(const struct registers *regs) NORETURN;

static uaddr_t frame_address(uaddr_t stack, bool has_fpu)
{
	stack -= sizeof(struct signal_frame) + (has_fpu ? FPU_BYTES : 0);
	/* At a function's entry, ESP + 4 is a multiple of 16. */
	return ALIGN_DOWN(stack, 16u) - 4;
}

int arch_push_handler(struct registers *regs, const struct handler_call *call)
{
	void *fpu = task_current()->fpu;
	uaddr_t at = frame_address(call->stack ? call->stack : regs->esp, fpu);
	struct signal_frame frame;

	memset(&frame, 0, sizeof(frame));
	frame.return_address = call->restorer;
	frame.number = call->info->si_signo;
	if (call->with_info) {
		frame.info_at = at + offsetof(struct signal_frame, info);
		frame.context_at = at + offsetof(struct signal_frame,
						 registers);
	}
	frame.info = *call->info;
	frame.registers = *regs;
	frame.registers.unused_esp = 0;	/* the kernel's own */
	frame.mask = call->old_mask;
	frame.has_fpu = fpu != NULL;
	if (copy_to_user(at, &frame, sizeof(frame)) != 0)
		return -EFAULT;
	if (fpu) {
		fpu_flush();
		if (copy_to_user(at + sizeof(frame), fpu, FPU_BYTES) != 0)
			return -EFAULT;
	}
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

static uaddr_t current_frame(void)
{
	return arch_user_stack() - sizeof(uint32_t);
}

int arch_read_handler_mask(sigset_t *mask)
{
	return copy_from_user(mask, current_frame() +
			      offsetof(struct signal_frame, mask),
			      sizeof(*mask));
}

static bool restore_fpu(uaddr_t at)
{
	struct task *task = task_current();

	fpu_flush();
	if (!task->fpu || copy_from_user(task->fpu, at, FPU_BYTES) != 0)
		return false;
	fpu_restored();
	return true;
}

void arch_leave_handler(void)
{
	static const struct registers nowhere;
	uaddr_t at = current_frame();
	struct signal_frame frame;

	task_current()->frame = NULL;
	if (copy_from_user(&frame, at, sizeof(frame)) != 0 ||
	    (frame.has_fpu && !restore_fpu(at + sizeof(frame))))
		enter_user(&nowhere);	/* faults at address 0 */
	frame.registers.vector = 0;
	enter_user(&frame.registers);
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
