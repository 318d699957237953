/* context.c - make a context that calls a function. */
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <ucontext.h>

void __context_end(void);
int __context_get_mask(ucontext_t *to);
int __context_set_mask(const ucontext_t *from);

int __context_get_mask(ucontext_t *to)
{
	return sigprocmask(SIG_SETMASK, NULL, &to->uc_sigmask);
}

int __context_set_mask(const ucontext_t *from)
{
	return sigprocmask(SIG_SETMASK, &from->uc_sigmask, NULL);
}

void makecontext(ucontext_t *context, void (*function)(void), int count, ...)
{
	uintptr_t end = (uintptr_t)context->uc_stack.ss_sp +
			context->uc_stack.ss_size;
	uintptr_t *stack = (uintptr_t *)((end - count * sizeof(*stack)) & -16);
	greg_t *registers = context->uc_mcontext.gregs;
	va_list arguments;
	int i;

	va_start(arguments, count);
	for (i = 0; i < count; i++)
		stack[i] = va_arg(arguments, int);
	va_end(arguments);
	*--stack = (uintptr_t)__context_end;
	registers[REG_EIP] = (uintptr_t)function;
	registers[REG_UESP] = (uintptr_t)stack;
	registers[REG_EBX] = (uintptr_t)context->uc_link;
	registers[REG_EBP] = 0;		/* here a back trace ends */
}
