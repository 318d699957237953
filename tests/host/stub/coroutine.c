/*
 * coroutine.c - several stacks in one host program.
 *
 * The address sanitizer is told of each switch. Otherwise the sanitizer would
 * take the new stack for an overflow of the old stack. After the first time a
 * switch goes by _setjmp and _longjmp, which unlike swapcontext() make no
 * system call.
 */
#include "coroutine.h"

#include <sanitizer/common_interface_defs.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <ucontext.h>

#define STACK_BYTES	65536

struct coroutine {
	ucontext_t context;		/* for the first switch */
	jmp_buf place;			/* for all later switches */
	bool is_new;
	void (*entry)(void *);
	void *arg;
	const void *stack;
	size_t stack_bytes;
	void *fake_stack;		/* the sanitizer's */
};

struct coroutine coroutine_main;
static struct coroutine *current = &coroutine_main;
static struct coroutine *previous;

/* The first function on the new stack. */
static void arrive(void)
{
	const void *stack;
	size_t bytes;

	__sanitizer_finish_switch_fiber(current->fake_stack, &stack, &bytes);
	if (previous == &coroutine_main) {
		coroutine_main.stack = stack;
		coroutine_main.stack_bytes = bytes;
	}
}

static void begin(void)
{
	arrive();
	current->entry(current->arg);	/* must not return */
	abort();
}

struct coroutine *coroutine_create(void)
{
	struct coroutine *coroutine = calloc(1, sizeof(*coroutine));

	coroutine->stack = malloc(STACK_BYTES);
	coroutine->stack_bytes = STACK_BYTES;
	return coroutine;
}

void coroutine_prepare(struct coroutine *coroutine, void (*entry)(void *),
		       void *arg)
{
	getcontext(&coroutine->context);
	coroutine->context.uc_stack.ss_sp = (void *)coroutine->stack;
	coroutine->context.uc_stack.ss_size = coroutine->stack_bytes;
	coroutine->context.uc_link = NULL;
	makecontext(&coroutine->context, begin, 0);
	coroutine->entry = entry;
	coroutine->arg = arg;
	coroutine->fake_stack = NULL;
	coroutine->is_new = true;
}

void coroutine_switch(struct coroutine *to)
{
	struct coroutine *from = current;

	if (to == from)
		return;
	previous = from;
	current = to;
	__sanitizer_start_switch_fiber(&from->fake_stack, to->stack,
				       to->stack_bytes);
	if (_setjmp(from->place) == 0) {
		if (!to->is_new)
			_longjmp(to->place, 1);
		to->is_new = false;
		setcontext(&to->context);
	}
	arrive();
}
