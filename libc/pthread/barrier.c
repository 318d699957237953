/*
 * barrier.c - threads go on when all have arrived; and locks that spin.
 *
 * Destroying a barrier waits until the released threads have left its mutex.
 */
#include <errno.h>
#include <sched.h>

#include "kernel/abi/futex.h"
#include "libc/pthread/thread.h"

int pthread_barrier_init(pthread_barrier_t *restrict barrier,
	const pthread_barrierattr_t *restrict attr, unsigned count)
{
	(void)attr;
	if (count == 0)
		return EINVAL;
	*barrier = (pthread_barrier_t){ .needed = count };
	return 0;
}

int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	unsigned round;
	int result = 0;

	pthread_mutex_lock(&barrier->mutex);
	round = barrier->round;
	if (++barrier->arrived == barrier->needed) {
		barrier->arrived = 0;
		barrier->round++;
		barrier->leaving += barrier->needed - 1;
		pthread_cond_broadcast(&barrier->turned);
		result = PTHREAD_BARRIER_SERIAL_THREAD;
	} else {
		while (round == barrier->round)
			__cond_wait(&barrier->turned, &barrier->mutex,
				    FUTEX_BARRIER, NULL);
		if (--barrier->leaving == 0)
			pthread_cond_broadcast(&barrier->turned);
	}
	pthread_mutex_unlock(&barrier->mutex);
	return result;
}

int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	int error;

	pthread_mutex_lock(&barrier->mutex);
	error = barrier->arrived ? EBUSY : 0;
	while (!error && barrier->leaving)
		__cond_wait(&barrier->turned, &barrier->mutex, FUTEX_BARRIER,
			    NULL);
	pthread_mutex_unlock(&barrier->mutex);
	return error;
}

int pthread_barrierattr_init(pthread_barrierattr_t *attr)
{
	attr->shared = PTHREAD_PROCESS_PRIVATE;
	return 0;
}

int pthread_barrierattr_destroy(pthread_barrierattr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_barrierattr_setpshared(pthread_barrierattr_t *attr, int shared)
{
	return __set_shared(&attr->shared, shared);
}

int pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
	(void)shared;
	*lock = 0;
	return 0;
}

int pthread_spin_destroy(pthread_spinlock_t *lock)
{
	(void)lock;
	return 0;
}

int pthread_spin_trylock(pthread_spinlock_t *lock)
{
	return __atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) ? EBUSY : 0;
}

/* With one processor, the holder cannot go on while we spin. */
int pthread_spin_lock(pthread_spinlock_t *lock)
{
	while (pthread_spin_trylock(lock))
		sched_yield();
	return 0;
}

int pthread_spin_unlock(pthread_spinlock_t *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
	return 0;
}

int pthread_barrierattr_getpshared(const pthread_barrierattr_t *restrict attr,
	int *restrict shared)
{
	*shared = attr->shared;
	return 0;
}
