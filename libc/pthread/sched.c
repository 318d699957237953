/*
 * sched.c - the scheduling of threads.
 *
 * A new thread inherits policy and priority, unless the attributes say
 * PTHREAD_EXPLICIT_SCHED. As in glibc, the attributes take a priority that is
 * one of their policy: so set the policy first.
 */
#include <errno.h>
#include <unistd.h>

#include "libc/pthread/thread.h"
#include "libc/syscall.h"

int pthread_attr_getinheritsched(const pthread_attr_t *restrict attr,
	int *restrict inherit)
{
	*inherit = attr->inherits;
	return 0;
}

int pthread_attr_setinheritsched(pthread_attr_t *attr, int inherit)
{
	if (inherit != PTHREAD_INHERIT_SCHED &&
	    inherit != PTHREAD_EXPLICIT_SCHED)
		return EINVAL;
	attr->inherits = inherit;
	return 0;
}

int pthread_attr_getschedparam(const pthread_attr_t *restrict attr,
	struct sched_param *restrict param)
{
	param->sched_priority = attr->priority;
	return 0;
}

int pthread_attr_setschedparam(pthread_attr_t *restrict attr,
	const struct sched_param *restrict param)
{
	int priority = param->sched_priority;

	if (priority < sched_get_priority_min(attr->policy) ||
	    priority > sched_get_priority_max(attr->policy))
		return EINVAL;
	attr->priority = priority;
	return 0;
}

int pthread_attr_getschedpolicy(const pthread_attr_t *restrict attr,
	int *restrict policy)
{
	*policy = attr->policy;
	return 0;
}

int pthread_attr_setschedpolicy(pthread_attr_t *attr, int policy)
{
	if (policy != SCHED_OTHER && policy != SCHED_FIFO &&
	    policy != SCHED_RR)
		return EINVAL;
	attr->policy = policy;
	return 0;
}

int pthread_attr_getscope(const pthread_attr_t *restrict attr,
	int *restrict scope)
{
	(void)attr;
	*scope = PTHREAD_SCOPE_SYSTEM;
	return 0;
}

int pthread_attr_setscope(pthread_attr_t *attr, int scope)
{
	(void)attr;
	if (scope == PTHREAD_SCOPE_PROCESS)
		return ENOTSUP;
	return scope == PTHREAD_SCOPE_SYSTEM ? 0 : EINVAL;
}

int pthread_getschedparam(pthread_t thread, int *restrict policy,
	struct sched_param *restrict param)
{
	int saved = errno, result, error;
	struct sched_state state;

	result = __sys_sched_get(SCHED_THREAD, __tid_of(thread), &state);
	error = errno;
	errno = saved;
	if (result < 0)
		return error;
	*policy = state.policy;
	param->sched_priority = state.priority;
	return 0;
}

/* A thread that has ended, and was not joined yet, is ESRCH. */
int pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
	if (!thread->running)
		return ESRCH;
	*clock = CLOCK_OF_THREAD(__tid_of(thread));
	return 0;
}

int pthread_setschedparam(pthread_t thread, int policy,
	const struct sched_param *param)
{
	int saved = errno, result, error;

	result = __sys_sched_set(SCHED_THREAD, __tid_of(thread), policy,
				 param->sched_priority);
	error = errno;
	errno = saved;
	return result < 0 ? error : 0;
}

int pthread_setschedprio(pthread_t thread, int priority)
{
	const struct sched_param wanted = { priority };
	struct sched_param param;
	int policy = SCHED_OTHER, error;

	error = pthread_getschedparam(thread, &policy, &param);
	return error ? error : pthread_setschedparam(thread, policy, &wanted);
}

static int concurrency;

int pthread_getconcurrency(void)
{
	return concurrency;
}

int pthread_setconcurrency(int level)
{
	if (level < 0)
		return EINVAL;
	concurrency = level;
	return 0;
}
