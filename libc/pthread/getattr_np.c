/* getattr_np.c - the attributes of a living thread, with its stack (GNU). */
#include <errno.h>
#include <stdio.h>

#include "libc/pthread/thread.h"

/* Find the region of memory with this address: 0, or the error. */
static int find_region(uintptr_t address, pthread_attr_t *attr)
{
	FILE *file = fopen("/proc/self/maps", "re");
	unsigned long begin, end;
	int error = ENOENT;

	if (!file)
		return errno;
	while (error && fscanf(file, "%lx-%lx%*[^\n]", &begin, &end) == 2) {
		if (address < begin || address >= end)
			continue;
		attr->stack = (void *)begin;
		attr->stack_bytes = end - begin;
		error = 0;
	}
	fclose(file);
	return error;
}

/* The first thread's stack, which the kernel made. */
static int first_stack(pthread_attr_t *attr)
{
	int saved = errno, error;

	attr->guard_bytes = 0;
	error = find_region((uintptr_t)&__main_thread, attr);	/* tls.c */
	errno = saved;
	return error;
}

int pthread_getattr_np(pthread_t thread, pthread_attr_t *attr)
{
	struct sched_param param;
	int error;

	pthread_attr_init(attr);
	if (thread->fate == DETACHED)
		attr->detached = PTHREAD_CREATE_DETACHED;
	error = pthread_getschedparam(thread, &attr->policy, &param);
	if (error)
		return error;
	attr->priority = param.sched_priority;
	if (!thread->stack)
		return first_stack(attr);
	attr->stack = thread->stack;
	attr->stack_bytes = thread->stack_bytes;
	attr->guard_bytes = 0;
	if (thread->owns_stack) {
		attr->guard_bytes = PAGE_SIZE;
		attr->stack = (char *)attr->stack + PAGE_SIZE;
		attr->stack_bytes -= PAGE_SIZE;
	}
	return 0;
}
