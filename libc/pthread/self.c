/* self.c - which thread runs, and its errno. */
#include <errno.h>

#include "libc/pthread/thread.h"

int __threaded;

int *__errno_location(void)
{
	return (int *)__self() - 1;	/* start.asm */
}

pthread_t pthread_self(void)
{
	return __self();
}
