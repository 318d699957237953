/* self.c - the first thread's control block, and errno in it. */
#include <errno.h>

#include "libc/pthread/thread.h"

int __threaded;

struct __pthread __main_thread = {
	.self = &__main_thread,
	.running = 1,
};

int *__errno_location(void)
{
	return &__self()->error;
}

pthread_t pthread_self(void)
{
	return __self();
}
