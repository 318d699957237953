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

/* A second lock by the holding thread; -1: the thread is not the holder. */
static int lock_again(pthread_mutex_t *mutex, int error)
{
	if (mutex->type == PTHREAD_MUTEX_NORMAL ||
	    !__lock_is_mine(&mutex->word))
		return -1;
	if (mutex->type == PTHREAD_MUTEX_ERRORCHECK)
		return error;
	if (mutex->depth + 1 == 0)
		return EAGAIN;
	mutex->depth++;
	return 0;
}

/* Does the word have FUTEX_RULES? */
static bool has_rules(const pthread_mutex_t *mutex)
{
	return mutex->robust || mutex->protocol == PTHREAD_PRIO_PROTECT;
}

static int lock_by_rules(pthread_mutex_t *mutex,
	const struct timespec *monotonic)
{
	bool has_ceiling = mutex->protocol == PTHREAD_PRIO_PROTECT;
	int ceiling = mutex->ceiling;
	int error = has_ceiling ? __ceiling_enter(mutex) : 0;

	if (error)
		return error;
	error = __robust_lock(mutex, monotonic);
	if (error && error != EOWNERDEAD && has_ceiling)
		__ceiling_leave(ceiling);
	return error;
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	int again = lock_again(mutex, EBUSY);

	if (again >= 0)
		return again;
	if (has_rules(mutex))
		return lock_by_rules(mutex, &__at_once);
	return __sync_bool_compare_and_swap(&mutex->word, 0,
		(unsigned)__self_tid()) ? 0 : EBUSY;
}

static __attribute__((noinline)) int lock_slowly(pthread_mutex_t *mutex,
	const struct timespec *monotonic)
{
	int again = lock_again(mutex, EDEADLK);

	if (again >= 0)
		return again;
	if (has_rules(mutex))
		return lock_by_rules(mutex, monotonic);
	return __lock_until(&mutex->word, __inherit_flag(mutex), monotonic);
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	unsigned self = (unsigned)__self()->tid;

	if (self && __sync_bool_compare_and_swap(&mutex->word, 0, self))
		return 0;
	return lock_slowly(mutex, NULL);
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
	return error ? error : lock_slowly(mutex, &monotonic);
}

static __attribute__((noinline)) int unlock_slowly(pthread_mutex_t *mutex)
{
	int ceiling;

	if (mutex->type != PTHREAD_MUTEX_NORMAL || has_rules(mutex) ||
	    mutex->protocol) {
		if (!__lock_is_mine(&mutex->word))
			return EPERM;
		if (mutex->depth > 0) {
			mutex->depth--;
			return 0;
		}
	}
	ceiling = mutex->protocol == PTHREAD_PRIO_PROTECT ? mutex->ceiling : 0;
	__robust_unlock(mutex);
	if (ceiling)
		__ceiling_leave(ceiling);
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
	*mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	if (!attr)
		return 0;
	mutex->type = attr->type;
	mutex->robust = attr->robust;
	mutex->protocol = attr->protocol;
	mutex->ceiling = attr->ceiling;
	if (has_rules(mutex))
		mutex->word = FUTEX_RULES;
	return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	unsigned owner = mutex->word & FUTEX_OWNER_MASK;

	return owner && owner != FUTEX_NO_OWNER ? EBUSY : 0;
}
