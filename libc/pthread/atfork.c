/* atfork.c - functions that a program registers to run around fork(). */
#include <errno.h>

#include "libc/pthread/thread.h"

#define HOOKS_MOST	16

void __atfork_run(int when);

static void (*hooks[HOOKS_MOST][3])(void);
static int count;

int pthread_atfork(void (*before)(void), void (*in_parent)(void),
	void (*in_child)(void))
{
	if (count == HOOKS_MOST)
		return ENOMEM;
	hooks[count][0] = before;
	hooks[count][1] = in_parent;
	hooks[count][2] = in_child;
	count++;
	return 0;
}

/* The prepare functions run last in, first out; the rest runs in order. */
void __atfork_run(int when)
{
	for (int i = 0; i < count; i++) {
		void (*hook)(void) = hooks[when ? i : count - 1 - i][when];

		if (hook)
			hook();
	}
}
