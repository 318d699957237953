/*
 * cond.c - condition variables: wait until a thread signals a change.
 *
 * A waiter notes the sequence number, unlocks the mutex, and sleeps if the
 * number is still the same. A signal increases the number and wakes a waiter. A
 * waiter that has noted the old number, and does not sleep yet, finds the new
 * number and does not sleep. So no signal is lost. POSIX allows a wake-up too
 * many; a waiter therefore tests its condition again.
 */
#include <errno.h>
#include <limits.h>
#include <stddef.h>

#include "kernel/abi/futex.h"
#include "libc/pthread/thread.h"

/* A waiting thread: the steps to undo at the end. */
struct waiter {
	pthread_cond_t *cond;
	pthread_mutex_t *mutex;
};

/* The thread is cancelled. Its cleanup handlers run with the mutex. */
static void leave(void *context)
{
	struct waiter *waiter = context;

	pthread_mutex_lock(waiter->mutex);
	__sync_fetch_and_sub(&waiter->cond->waiters, 1);
}

/* The wait of a barrier or a rwlock is no cancellation point. */
static int sleep_while(struct waiter *waiter, unsigned seen, int kind,
	const struct timespec *monotonic)
{
	struct __cleanup cleanup = { leave, waiter, NULL };
	int error;

	if (kind != FUTEX_CONDITION)
		return __futex_wait(&waiter->cond->sequence, seen, kind,
				    monotonic);
	__cleanup_enter(__self(), &cleanup);
	error = __futex_wait_point(&waiter->cond->sequence, seen, kind,
				   monotonic);
	__self()->cleanups = cleanup.next;
	return error;
}

int __cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, int kind,
	const struct timespec *monotonic)
{
	unsigned seen = __atomic_load_n(&cond->sequence, __ATOMIC_SEQ_CST);
	struct waiter waiter = { cond, mutex };
	int error, locked;

	__sync_fetch_and_add(&cond->waiters, 1);
	error = pthread_mutex_unlock(mutex);
	if (!error) {
		error = sleep_while(&waiter, seen, kind, monotonic);
		locked = pthread_mutex_lock(mutex);
		error = locked ? locked : error == ETIMEDOUT ? error : 0;
	}
	__sync_fetch_and_sub(&cond->waiters, 1);
	return error;
}

int pthread_cond_wait(pthread_cond_t *restrict cond,
	pthread_mutex_t *restrict mutex)
{
	return __cond_wait(cond, mutex, FUTEX_CONDITION, NULL);
}

int pthread_cond_timedwait(pthread_cond_t *restrict cond,
	pthread_mutex_t *restrict mutex,
	const struct timespec *restrict deadline)
{
	struct timespec monotonic;
	int error = __deadline_convert(cond->clock, deadline, &monotonic);

	return error ? error : __cond_wait(cond, mutex, FUTEX_CONDITION,
					   &monotonic);
}

static int wake(pthread_cond_t *cond, int most)
{
	if (!__atomic_load_n(&cond->waiters, __ATOMIC_SEQ_CST))
		return 0;
	__sync_fetch_and_add(&cond->sequence, 1);
	__futex_wake(&cond->sequence, most);
	return 0;
}

int pthread_cond_signal(pthread_cond_t *cond)
{
	return wake(cond, 1);
}

int pthread_cond_broadcast(pthread_cond_t *cond)
{
	return wake(cond, INT_MAX);
}

int pthread_cond_init(pthread_cond_t *restrict cond,
	const pthread_condattr_t *restrict attr)
{
	*cond = (pthread_cond_t){
		.clock = attr ? attr->clock : CLOCK_REALTIME,
	};
	return 0;
}

int pthread_cond_destroy(pthread_cond_t *cond)
{
	(void)cond;
	return 0;
}

int pthread_condattr_init(pthread_condattr_t *attr)
{
	*attr = (pthread_condattr_t){ .clock = CLOCK_REALTIME };
	return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_condattr_getclock(const pthread_condattr_t *restrict attr,
	clockid_t *restrict clock)
{
	*clock = attr->clock;
	return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t clock)
{
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return EINVAL;
	attr->clock = clock;
	return 0;
}

int pthread_condattr_getpshared(const pthread_condattr_t *restrict attr,
	int *restrict shared)
{
	*shared = attr->shared;
	return 0;
}

int pthread_condattr_setpshared(pthread_condattr_t *attr, int shared)
{
	return __set_shared(&attr->shared, shared);
}
