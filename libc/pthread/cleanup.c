/*
 * cleanup.c - functions that run when a thread ends.
 *
 * Each pthread_cleanup_push() has a place on the thread's stack. The places are
 * linked, and pthread_exit() goes through them, last in, first out.
 */
#include "libc/pthread/thread.h"

void __cleanup_push(struct __cleanup *cleanup)
{
	__cleanup_enter(__self(), cleanup);
}

void __cleanup_pop(int execute)
{
	struct __pthread *self = __self();
	struct __cleanup *last = self->cleanups;

	self->cleanups = last->next;
	if (execute)
		last->function(last->argument);
}

void __cleanup_all(void)
{
	while (__self()->cleanups)
		__cleanup_pop(1);
}
