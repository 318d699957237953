/*
 * ceiling.c - mutexes with a priority ceiling: PTHREAD_PRIO_PROTECT.
 *
 * The owner runs at the ceiling of the mutex, and so before each thread with a
 * possible need for the mutex: no thread between the two keeps such a thread
 * from work. The owner of several such mutexes runs at the highest ceiling. The
 * kernel knows this number alone. So each lock and each unlock is a system
 * call, unlike with PTHREAD_PRIO_INHERIT.
 */
#include <errno.h>

#include "libc/pthread/thread.h"
#include "libc/syscall.h"

/* The highest ceiling of the mutexes held by the thread, or 0. */
static int highest(const struct __pthread *self)
{
	int ceiling = SCHED_PRIORITY_MOST;

	while (ceiling > 0 && !self->ceilings[ceiling])
		ceiling--;
	return ceiling;
}

/* The highest has changed, after a mutex with this ceiling. */
static int tell(const struct __pthread *self, int last)
{
	int saved = errno, error = 0;

	if (__sys_sched_set(SCHED_CEILING, last, SCHED_FIFO, highest(self)) < 0)
		error = errno;
	errno = saved;
	return error;
}

/* The mutex may be in memory of other programs, too: do they write sense? */
static bool is_ceiling(int ceiling)
{
	return ceiling >= SCHED_PRIORITY_LEAST &&
	       ceiling <= SCHED_PRIORITY_MOST;
}

int __ceiling_enter(const pthread_mutex_t *mutex)
{
	const int ceiling = *(const volatile unsigned char *)&mutex->ceiling;
	struct __pthread *self = __self();
	int error;

	if (!is_ceiling(ceiling))
		return EINVAL;
	self->had_ceilings = true;
	self->ceilings[ceiling]++;
	error = tell(self, ceiling);
	if (error)
		self->ceilings[ceiling]--;
	return error;
}

void __ceiling_leave(int ceiling)
{
	struct __pthread *self = __self();

	if (!is_ceiling(ceiling))
		return;
	self->ceilings[ceiling]--;
	tell(self, 0);
}

int pthread_mutex_getprioceiling(const pthread_mutex_t *restrict mutex,
	int *restrict ceiling)
{
	if (mutex->protocol != PTHREAD_PRIO_PROTECT)
		return EINVAL;
	*ceiling = mutex->ceiling;
	return 0;
}

/* The lock does not look at the ceiling. */
int pthread_mutex_setprioceiling(pthread_mutex_t *restrict mutex, int ceiling,
	int *restrict old)
{
	int error;

	if (mutex->protocol != PTHREAD_PRIO_PROTECT ||
	    ceiling < SCHED_PRIORITY_LEAST || ceiling > SCHED_PRIORITY_MOST)
		return EINVAL;
	if (mutex->type != PTHREAD_MUTEX_NORMAL && __lock_is_mine(&mutex->word))
		return EDEADLK;
	error = __robust_lock(mutex, NULL);
	if (error)
		return error;
	if (old)
		*old = mutex->ceiling;
	mutex->ceiling = (unsigned char)ceiling;
	__robust_unlock(mutex);
	return 0;
}
