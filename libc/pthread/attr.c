/* attr.c - the attributes with which a thread is created. */
#include <errno.h>
#include <stdint.h>
#include <stddef.h>

#include "libc/pthread/thread.h"

int pthread_attr_init(pthread_attr_t *attr)
{
	attr->detached = PTHREAD_CREATE_JOINABLE;
	attr->stack_bytes = 64u << 10;
	attr->guard_bytes = 4096;
	attr->stack = NULL;
	attr->inherits = PTHREAD_INHERIT_SCHED;
	attr->policy = SCHED_OTHER;
	attr->priority = 0;
	return 0;
}

int pthread_attr_destroy(pthread_attr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_attr_getdetachstate(const pthread_attr_t *attr, int *state)
{
	*state = attr->detached;
	return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attr, int state)
{
	if (state != PTHREAD_CREATE_JOINABLE &&
	    state != PTHREAD_CREATE_DETACHED)
		return EINVAL;
	attr->detached = state;
	return 0;
}

int pthread_attr_getstacksize(const pthread_attr_t *restrict attr,
	size_t *restrict bytes)
{
	*bytes = attr->stack_bytes;
	return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t bytes)
{
	if (bytes < PTHREAD_STACK_MIN || bytes > (64u << 20))
		return EINVAL;
	attr->stack_bytes = bytes;
	return 0;
}

/* The stack is the program's own, and so is any guard page. */
int pthread_attr_setstack(pthread_attr_t *attr, void *stack, size_t bytes)
{
	if (bytes < PTHREAD_STACK_MIN || bytes > (64u << 20) || !stack ||
	    (uintptr_t)stack % 16 || bytes % 16)
		return EINVAL;
	attr->stack = stack;
	attr->stack_bytes = bytes;
	return 0;
}

int pthread_attr_getstack(const pthread_attr_t *restrict attr,
	void **restrict stack, size_t *restrict bytes)
{
	*stack = attr->stack;
	*bytes = attr->stack_bytes;
	return 0;
}

/* The guard is always one page, whatever size the program asks for. */
int pthread_attr_setguardsize(pthread_attr_t *attr, size_t bytes)
{
	attr->guard_bytes = bytes;
	return 0;
}

int pthread_attr_getguardsize(const pthread_attr_t *restrict attr,
	size_t *restrict bytes)
{
	*bytes = attr->guard_bytes;
	return 0;
}
