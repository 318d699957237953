/*
 * rwlock.c - many readers or one writer.
 *
 * A mutex guards the numbers, a condition tells of their change. A new reader
 * stands behind a waiting writer, so readers never keep a writer out for ever.
 * When a writer leaves, the readers that wait have their turn before the next
 * writer. So writers never keep a reader out for ever, either.
 *
 * POSIX lets a thread hold several read locks. A waiting writer would come
 * between two of them, and wait for the first while the reader waits for the
 * second. So a thread that holds a read lock does not stand behind a writer.
 * GNU's attribute of the kind changes who stands behind a writer: no reader, or
 * every reader.
 *
 * Not promised: that a lock between processes survives the death of a process
 * that holds the lock or waits for the lock.
 */
#include <errno.h>
#include <limits.h>

#include "kernel/abi/futex.h"
#include "libc/pthread/thread.h"

static const struct timespec at_once;
#define AT_ONCE	(&at_once)

int pthread_rwlock_init(pthread_rwlock_t *restrict lock,
	const pthread_rwlockattr_t *restrict attr)
{
	*lock = (pthread_rwlock_t)PTHREAD_RWLOCK_INITIALIZER;
	if (attr)
		lock->kind = attr->kind;
	return 0;
}

int pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
	return lock->readers || lock->writer ? EBUSY : 0;
}

/* Wait until a holder leaves, as one of `waiters`. deadline: AT_ONCE does not
 * wait, NULL: no end. */
static int wait_for_change(pthread_rwlock_t *lock, int *waiters,
	const struct timespec *deadline)
{
	struct timespec monotonic;
	int error = 0;

	if (deadline == AT_ONCE)
		return EBUSY;
	if (deadline)
		error = __deadline_convert(CLOCK_REALTIME, deadline,
					   &monotonic);
	if (error)
		return error;
	++*waiters;
	error = __cond_wait(&lock->changed, &lock->mutex, FUTEX_RWLOCK,
			    deadline ? &monotonic : NULL);
	--*waiters;
	return error;
}

/* Does a reader stand behind the writers that wait? */
static bool is_behind_writers(const pthread_rwlock_t *lock)
{
	if (lock->kind == PTHREAD_RWLOCK_PREFER_READER_NP)
		return false;
	return lock->kind == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP ||
	       !__self()->read_locks;
}

/* Must the calling thread, a reader, wait? */
static bool is_closed(const pthread_rwlock_t *lock)
{
	return lock->writer || (lock->writers_wait && !lock->readers_turn &&
				is_behind_writers(lock));
}

/* The lock may have become free as the time ran out: then take the lock. */
static int read_lock(pthread_rwlock_t *lock, const struct timespec *deadline)
{
	int error = 0;

	pthread_mutex_lock(&lock->mutex);
	if (deadline != AT_ONCE && lock->writer == __self_tid())
		error = EDEADLK;
	while (!error && is_closed(lock))
		error = wait_for_change(lock, &lock->readers_wait, deadline);
	if (error == ETIMEDOUT && !is_closed(lock))
		error = 0;
	if (!error && lock->readers == INT_MAX)
		error = EAGAIN;
	if (!error) {
		lock->readers++;
		__self()->read_locks++;
	}
	if (!lock->readers_wait)
		lock->readers_turn = 0;
	if (error)			/* a writer stood behind the turn */
		pthread_cond_broadcast(&lock->changed);
	pthread_mutex_unlock(&lock->mutex);
	return error;
}

/* Must a writer wait? */
static bool is_taken(const pthread_rwlock_t *lock)
{
	return lock->writer || lock->readers || lock->readers_turn;
}

static int write_lock(pthread_rwlock_t *lock, const struct timespec *deadline)
{
	int error = 0, self = __self_tid();

	pthread_mutex_lock(&lock->mutex);
	if (deadline != AT_ONCE && lock->writer == self)
		error = EDEADLK;
	while (!error && is_taken(lock))
		error = wait_for_change(lock, &lock->writers_wait, deadline);
	if (error == ETIMEDOUT && !is_taken(lock))
		error = 0;
	if (!error)
		lock->writer = self;
	else if (!lock->writers_wait)	/* readers stood behind the writer */
		pthread_cond_broadcast(&lock->changed);
	pthread_mutex_unlock(&lock->mutex);
	return error;
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
	return read_lock(lock, NULL);
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
	return read_lock(lock, AT_ONCE);
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict lock,
	const struct timespec *restrict deadline)
{
	return read_lock(lock, deadline);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
	return write_lock(lock, NULL);
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
	return write_lock(lock, AT_ONCE);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict lock,
	const struct timespec *restrict deadline)
{
	return write_lock(lock, deadline);
}

int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	int error = 0;

	pthread_mutex_lock(&lock->mutex);
	if (lock->writer == __self_tid()) {
		lock->writer = 0;
		lock->readers_turn = lock->readers_wait > 0;
	} else if (lock->readers > 0) {
		lock->readers--;
		__self()->read_locks--;
	} else {
		error = EPERM;
	}
	if (!lock->readers && !lock->writer)
		pthread_cond_broadcast(&lock->changed);
	pthread_mutex_unlock(&lock->mutex);
	return error;
}

int pthread_rwlockattr_init(pthread_rwlockattr_t *attr)
{
	attr->shared = PTHREAD_PROCESS_PRIVATE;
	attr->kind = PTHREAD_RWLOCK_DEFAULT_NP;
	return 0;
}

int pthread_rwlockattr_destroy(pthread_rwlockattr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_rwlockattr_setpshared(pthread_rwlockattr_t *attr, int shared)
{
	return __set_shared(&attr->shared, shared);
}

int pthread_rwlockattr_getpshared(const pthread_rwlockattr_t *restrict attr,
	int *restrict shared)
{
	*shared = attr->shared;
	return 0;
}

int pthread_rwlockattr_setkind_np(pthread_rwlockattr_t *attr, int kind)
{
	if (kind != PTHREAD_RWLOCK_PREFER_WRITER_NP &&
	    kind != PTHREAD_RWLOCK_PREFER_READER_NP &&
	    kind != PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)
		return EINVAL;
	attr->kind = kind;
	return 0;
}

int pthread_rwlockattr_getkind_np(const pthread_rwlockattr_t *restrict attr,
	int *restrict kind)
{
	*kind = attr->kind;
	return 0;
}
