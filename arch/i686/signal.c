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
 *
 * A signal that comes to a task inside a system call, by SYSENTER, needs less.
 * For the program the call is a call of a C function: EAX, ECX, EDX and the
 * flags are spoiled by it anyway, and the others the handler gives back, being
 * one itself. So the handler is called in the call's place: the words that
 * SYSEXIT takes are set to it, and a frame of seven words keeps what they were.
 * sigreturn puts them back and returns what the call would have. call_frame.asm
 * does both in the usual case.
 */
#include "arch/arch.h"
#include "arch/i686/call_frame.h"
#include "arch/i686/fpu.h"
#include "arch/i686/processor.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/task/task.h"

#define SYSCALL_INSTRUCTION_BYTES	2	/* sysenter, int 0x80 */

/* What `kind` says. 0 and below: a struct call_frame, and the result of the
 * call. Any other value: FPU_BYTES follow the frame. */
#define FRAME_PLAIN	1
#define FRAME_WITH_FPU	2

struct handler_arguments {
	uint32_t return_address;
	int32_t number;
	uaddr_t info_at;
	uaddr_t context_at;
};

struct signal_frame {
	struct handler_arguments arguments;
	int32_t kind;
	sigset_t mask;			/* to put back */
	struct registers registers;
	siginfo_t info;			/* only for who takes arguments */
};

_Static_assert(offsetof(struct call_frame, result) ==
	       offsetof(struct signal_frame, kind),
	       "sigreturn can tell one from the other");

void enter_user(struct registers *regs) NORETURN;
int leave_slowly(void);

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

	frame.arguments.return_address = call->action->restorer;
	frame.arguments.number = call->number;
	frame.arguments.info_at = frame.arguments.context_at = 0;
	frame.mask = call->old_mask;
	frame.kind = fpu ? FRAME_WITH_FPU : FRAME_PLAIN;
	frame.registers = *regs;
	frame.registers.unused_esp = 0;	/* the kernel's own */
	if (call->action->flags & SA_SIGINFO) {
		frame.arguments.info_at =
			at + offsetof(struct signal_frame, info);
		frame.arguments.context_at =
			at + offsetof(struct signal_frame,
				      registers);
		frame.info = *call->info;
		bytes = sizeof(frame);
	}
	if (UNLIKELY(copy_to_user(at, &frame, bytes) != 0) ||
	    (UNLIKELY(fpu != NULL) && push_fpu(at + sizeof(frame), fpu) != 0))
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

static SLOW_PATH bool restore_fpu(uaddr_t at)
{
	struct task *task = task_current();

	fpu_flush();
	if (!task->fpu || copy_from_user(task->fpu, at, FPU_BYTES) != 0)
		return false;
	fpu_restored();
	return true;
}

static SLOW_PATH int no_frame(void)
{
	const siginfo_t info = { .si_signo = SIGSEGV, .si_code = SI_KERNEL };

	signal_force(SIGSEGV, &info);
	return -EFAULT;
}

/* To what an interrupt or another call was going to return to. */
static SLOW_PATH int leave_interrupted(uaddr_t at, int32_t kind)
{
	struct {
		sigset_t mask;
		struct registers registers;
	} was;

	if (copy_from_user(&was, at + offsetof(struct signal_frame, mask),
			   sizeof(was)) ||
	    (kind != FRAME_PLAIN &&
	     !restore_fpu(at + sizeof(struct signal_frame))))
		return no_frame();
	signals_set_mask(was.mask);
	task_current()->frame = NULL;
	was.registers.vector = 0;
	enter_user(&was.registers);
}

/* sigreturn(2) from any frame, by any entry. arch_leave_handler() goes on here
 * when the frame is not that of a call, or the entry not SYSENTER. */
int leave_slowly(void)
{
	const struct task *task = task_current();
	struct saved_call *saved = saved_call(task->stack_top);
	struct registers *full = task->frame;
	uaddr_t at = (full ? full->esp : saved->esp) - sizeof(uint32_t);
	struct call_frame was;

	if (copy_from_user(&was, at, sizeof(was)))
		return no_frame();
	if (was.result > 0)
		return leave_interrupted(at, was.result);
	if (full) {
		full->error_code = NO_CALL;
		full->eip = was.eip;
		full->esp = was.esp;
	} else {
		saved->number = NO_CALL;
		saved->eip = was.eip;
		saved->esp = was.esp;
	}
	signals_set_mask((sigset_t)was.mask[1] << 32 | was.mask[0]);
	return was.result;
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
