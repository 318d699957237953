/* sched.c - the scheduling of threads: there is one policy. */
#include <errno.h>

#include "libc/pthread/thread.h"

/* 0; EINVAL: not a policy or priority; ENOTSUP: not supported. */
static int check(int policy, int priority)
{
	int least = sched_get_priority_min(policy);

	if (least < 0 || priority < least ||
	    priority > sched_get_priority_max(policy))
		return EINVAL;
	return policy == SCHED_OTHER ? 0 : ENOTSUP;
}

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
	(void)attr;
	param->sched_priority = 0;
	return 0;
}

int pthread_attr_setschedparam(pthread_attr_t *restrict attr,
	const struct sched_param *restrict param)
{
	(void)attr;
	return check(SCHED_OTHER, param->sched_priority);
}

int pthread_attr_getschedpolicy(const pthread_attr_t *restrict attr,
	int *restrict policy)
{
	(void)attr;
	*policy = SCHED_OTHER;
	return 0;
}

int pthread_attr_setschedpolicy(pthread_attr_t *attr, int policy)
{
	int saved = errno, least = sched_get_priority_min(policy);

	(void)attr;
	errno = saved;
	if (least < 0)
		return EINVAL;
	return policy == SCHED_OTHER ? 0 : ENOTSUP;
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
	(void)thread;
	*policy = SCHED_OTHER;
	param->sched_priority = 0;
	return 0;
}

int pthread_setschedparam(pthread_t thread, int policy,
	const struct sched_param *param)
{
	int saved = errno, error = check(policy, param->sched_priority);

	(void)thread;
	errno = saved;
	return error == ENOTSUP ? EPERM : error;
}

int pthread_setschedprio(pthread_t thread, int priority)
{
	const struct sched_param param = { priority };

	return pthread_setschedparam(thread, SCHED_OTHER, &param);
}
