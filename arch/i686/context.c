/*
 * context.c - the first stack of a task, forged so that switching to it works.
 *
 * switch_to_task() pops four registers and returns. For a new task, the popped
 * words are written here, in the same order:
 *
 *	kernel task:  ebp edi esi ebx new_task_entry function argument
 *	fork's child: ebp edi esi ebx return_to_user struct registers
 *
 * Above these words, where kernel entries begin, entry.asm counts the time in
 * user mode. The count begins at 0, and the stack top is below the count.
 */
#include "arch/arch.h"
#include "arch/i686/processor.h"
#include "kernel/lib/string.h"
#include "kernel/task/task.h"

/* entry.asm */
void new_task_entry(void);
void return_to_user(void);
void enter_user(struct registers *regs) NORETURN;

/* [own] The words at task->esp for switch_to_task(), lowest address first. */
struct switch_frame {
	uint32_t ebp, edi, esi, ebx;
	void (*resume)(void);
};

static void *stack_push(struct task *task, size_t bytes)
{
	task->esp -= bytes;
	return memset((void *)task->esp, 0, bytes);
}

static void push_switch_frame(struct task *task, void (*resume)(void))
{
	struct switch_frame *frame = stack_push(task, sizeof(*frame));

	frame->resume = resume;
}

static void stack_begin(struct task *task)
{
	task->stack_top = (uintptr_t)task->stack + KERNEL_STACK_BYTES -
			  sizeof(uint64_t);
	*(uint64_t *)task->stack_top = 0;
	task->esp = task->stack_top;
}

void arch_task_prepare(struct task *task, void (*entry)(void *), void *arg)
{
	uint32_t *arguments;

	stack_begin(task);
	arguments = stack_push(task, 2 * sizeof(*arguments));
	arguments[0] = (uintptr_t)entry;
	arguments[1] = (uintptr_t)arg;
	push_switch_frame(task, new_task_entry);
}

void arch_task_prepare_fork(struct task *task)
{
	const struct task *parent = task_current();
	struct registers *regs;

	stack_begin(task);
	regs = stack_push(task, sizeof(*regs));
	if (parent->frame) {
		*regs = *parent->frame;
	} else {
		regs->esp = saved_call(parent->stack_top)->esp;
		regs->eip = saved_call(parent->stack_top)->eip;
	}
	regs->eax = 0;
	if (task->is_stepped)
		arch_step(regs);
	push_switch_frame(task, return_to_user);
}

void arch_task_prepare_thread(struct task *task, uaddr_t entry, uaddr_t stack)
{
	struct registers *regs;

	stack_begin(task);
	regs = stack_push(task, sizeof(*regs));
	regs->eip = entry;
	regs->esp = stack;
	if (task->is_stepped)
		arch_step(regs);
	push_switch_frame(task, return_to_user);
}

uint64_t arch_user_cycles(const struct task *task)
{
	return *(const uint64_t *)task->stack_top;
}

uaddr_t arch_instruction(const struct registers *regs)
{
	return regs->eip;
}

uaddr_t arch_user_stack(void)
{
	const struct task *task = task_current();

	return task->frame ? task->frame->esp
			   : saved_call(task->stack_top)->esp;
}

void arch_enter_program(uaddr_t entry, uaddr_t stack)
{
	struct registers regs = { .eip = entry, .esp = stack };

	task_current()->frame = NULL;
	__asm__ volatile("mov %0, %%fs\n\tmov %1, %%gs" ::
			 "r"(0), "r"(THREAD_GS));
	enter_user(&regs);
}
