/* mutexattr.c - the attributes of a new mutex. */
#include <errno.h>

#include "libc/pthread/thread.h"

int pthread_mutexattr_init(pthread_mutexattr_t *attr)
{
	*attr = (pthread_mutexattr_t){
		.type = PTHREAD_MUTEX_DEFAULT,
		.ceiling = SCHED_PRIORITY_LEAST,
	};
	return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_mutexattr_getrobust(const pthread_mutexattr_t *restrict attr,
	int *restrict robust)
{
	*robust = attr->robust;
	return 0;
}

int pthread_mutexattr_setrobust(pthread_mutexattr_t *attr, int robust)
{
	if (robust != PTHREAD_MUTEX_STALLED && robust != PTHREAD_MUTEX_ROBUST)
		return EINVAL;
	attr->robust = robust;
	return 0;
}

int pthread_mutexattr_gettype(const pthread_mutexattr_t *restrict attr,
	int *restrict type)
{
	*type = attr->type;
	return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int type)
{
	if (type < PTHREAD_MUTEX_NORMAL || type > PTHREAD_MUTEX_ERRORCHECK)
		return EINVAL;
	attr->type = type;
	return 0;
}

int pthread_mutexattr_getpshared(const pthread_mutexattr_t *restrict attr,
	int *restrict shared)
{
	*shared = attr->shared;
	return 0;
}

int pthread_mutexattr_setpshared(pthread_mutexattr_t *attr, int shared)
{
	return __set_shared(&attr->shared, shared);
}

int pthread_mutexattr_getprotocol(const pthread_mutexattr_t *restrict attr,
	int *restrict protocol)
{
	*protocol = attr->protocol;
	return 0;
}

int pthread_mutexattr_setprotocol(pthread_mutexattr_t *attr, int protocol)
{
	if (protocol < PTHREAD_PRIO_NONE || protocol > PTHREAD_PRIO_PROTECT)
		return EINVAL;
	attr->protocol = protocol;
	return 0;
}

int pthread_mutexattr_getprioceiling(const pthread_mutexattr_t *restrict attr,
	int *restrict ceiling)
{
	*ceiling = attr->ceiling;
	return 0;
}

int pthread_mutexattr_setprioceiling(pthread_mutexattr_t *attr, int ceiling)
{
	if (ceiling < SCHED_PRIORITY_LEAST || ceiling > SCHED_PRIORITY_MOST)
		return EINVAL;
	attr->ceiling = ceiling;
	return 0;
}
