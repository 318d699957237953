/*
 * mutex.c - mutual exclusion: the lock of lock.c, with the rules of each type.
 *
 * The word names its holder. So a recursive mutex knows its owner, and an error
 * checking mutex refuses an unlock by another thread. All types also work
 * between processes, in shared memory.
 *
 * A free mutex of any type is taken by the same atomic instruction. So is a
 * mutex released that was locked once and has no waiters. The code tries this
 * instruction first, and looks at the type afterwards.
 */
#include <errno.h>
#include <stdbool.h>

#include "kernel/abi/futex.h"
#include "libc/pthread/thread.h"

static bool is_mine(const pthread_mutex_t *mutex)
{
	return (__atomic_load_n(&mutex->word, __ATOMIC_RELAXED) &
		FUTEX_OWNER_MASK) == (unsigned)__self_tid();
}

/* A second lock by the holding thread; -1: the thread is not the holder. */
static int lock_again(pthread_mutex_t *mutex, int error)
{
	if (mutex->type == PTHREAD_MUTEX_NORMAL || !is_mine(mutex))
		return -1;
	if (mutex->type == PTHREAD_MUTEX_ERRORCHECK)
		return error;
	if (mutex->depth + 1 == 0)
		return EAGAIN;
	mutex->depth++;
	return 0;
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	int again = lock_again(mutex, EBUSY);

	if (again >= 0)
		return again;
	return __sync_bool_compare_and_swap(&mutex->word, 0,
		(unsigned)__self_tid()) ? 0 : EBUSY;
}

static __attribute__((noinline)) int lock_slowly(pthread_mutex_t *mutex)
{
	int again = lock_again(mutex, EDEADLK);

	return again >= 0 ? again : __lock_until(&mutex->word, NULL);
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	unsigned self = (unsigned)__self()->tid;

	if (self && __sync_bool_compare_and_swap(&mutex->word, 0, self))
		return 0;
	return lock_slowly(mutex);
}

/* A deadline is looked at only when there is something to wait for. */
int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex,
	const struct timespec *restrict deadline)
{
	int error = lock_again(mutex, EDEADLK);
	struct timespec monotonic;

	if (error >= 0)
		return error;
	error = pthread_mutex_trylock(mutex);
	if (error != EBUSY)
		return error;
	error = __deadline_convert(CLOCK_REALTIME, deadline, &monotonic);
	return error ? error : __lock_until(&mutex->word, &monotonic);
}

static __attribute__((noinline)) int unlock_slowly(pthread_mutex_t *mutex)
{
	if (mutex->type != PTHREAD_MUTEX_NORMAL) {
		if (!is_mine(mutex))
			return EPERM;
		if (mutex->depth > 0) {
			mutex->depth--;
			return 0;
		}
	}
	__lock_give(&mutex->word);
	return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	unsigned self = (unsigned)__self()->tid;

	if (self && mutex->depth == 0 &&
	    __sync_bool_compare_and_swap(&mutex->word, self, 0))
		return 0;
	return unlock_slowly(mutex);
}

int pthread_mutex_init(pthread_mutex_t *restrict mutex,
	const pthread_mutexattr_t *restrict attr)
{
	*mutex = (pthread_mutex_t){
		.type = attr ? attr->type : PTHREAD_MUTEX_DEFAULT,
	};
	return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	return mutex->word ? EBUSY : 0;
}

int pthread_mutexattr_init(pthread_mutexattr_t *attr)
{
	*attr = (pthread_mutexattr_t){ .type = PTHREAD_MUTEX_DEFAULT };
	return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attr)
{
	(void)attr;
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
	if (shared != PTHREAD_PROCESS_PRIVATE &&
	    shared != PTHREAD_PROCESS_SHARED)
		return EINVAL;
	attr->shared = shared;
	return 0;
}
