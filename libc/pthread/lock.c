/*
 * lock.c - the lock under mutexes and under libc's own data: one word.
 *
 * kernel/ipc/futex_lock.c has the values of the word, and does the work when
 * threads wait. Here a free lock is taken, and a lock without waiters released,
 * by one atomic instruction and no system call. The word names the holder, so
 * the kernel and `why` can name the holder too.
 */
#include <errno.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

#include "kernel/abi/futex.h"
#include "libc/pthread/thread.h"
#include "libc/syscall.h"

long futex(int *word, int operation, int value,
	const struct timespec *deadline);
long __quiet_futex(int *word, int operation, int value,
	const struct timespec *deadline);
pid_t gettid(void);

int __self_tid(void)
{
	struct __pthread *self = __self();

	if (!self->tid)
		self->tid = gettid();
	return self->tid;
}

int __tid_of(struct __pthread *thread)
{
	return thread->tid ? thread->tid : getpid();
}

int __futex_wait(unsigned *word, unsigned value, int flags,
	const struct timespec *deadline)
{
	int saved = errno, error = 0;

	if (__quiet_futex((int *)word, FUTEX_WAIT | flags, (int)value,
			  deadline) < 0)
		error = errno;
	errno = saved;
	return error;
}

int __futex_wait_point(unsigned *word, unsigned value, int flags,
	const struct timespec *deadline)
{
	int saved = errno, error = 0;

	if (futex((int *)word, FUTEX_WAIT | flags, (int)value, deadline) < 0)
		error = errno;
	errno = saved;
	return error;
}

void __futex_wake(unsigned *word, int most)
{
	int saved = errno;

	__quiet_futex((int *)word, FUTEX_WAKE, most, NULL);
	errno = saved;		/* the word may be gone by now */
}

int __deadline_convert(clockid_t clock, const struct timespec *deadline,
	struct timespec *monotonic)
{
	struct timespec there, here;

	if (deadline->tv_nsec < 0 || deadline->tv_nsec > 999999999)
		return EINVAL;
	*monotonic = *deadline;
	if (clock != CLOCK_MONOTONIC) {
		clock_gettime(clock, &there);
		clock_gettime(CLOCK_MONOTONIC, &here);
		monotonic->tv_sec += here.tv_sec - there.tv_sec;
		monotonic->tv_nsec += here.tv_nsec - there.tv_nsec;
		if (monotonic->tv_nsec < 0) {
			monotonic->tv_nsec += 1000000000;
			monotonic->tv_sec--;
		}
		if (monotonic->tv_nsec > 999999999) {
			monotonic->tv_nsec -= 1000000000;
			monotonic->tv_sec++;
		}
	}
	if (monotonic->tv_sec < 0)	/* before the machine was started */
		*monotonic = (struct timespec){ 0, 1 };
	return 0;
}

int __lock_until(unsigned *word, int flags, const struct timespec *deadline)
{
	unsigned self = (unsigned)__self_tid();
	int saved, error;

	if (__sync_bool_compare_and_swap(word, 0, self))
		return 0;
	saved = errno;
	do {
		error = 0;
		if (__quiet_futex((int *)word, FUTEX_LOCK | flags, 0,
				  deadline) < 0)
			error = errno;
		errno = saved;
	} while (error && error != ETIMEDOUT && error != ENOTRECOVERABLE &&
		 error != EDEADLK);
	return error;
}

void __lock_take(unsigned *word)
{
	__lock_until(word, 0, NULL);
}

/* A lock with waiters is the kernel's: the next owner may free the memory of
 * the word at once. */
void __lock_give(unsigned *word)
{
	unsigned value = __atomic_load_n(word, __ATOMIC_RELAXED);
	int saved;

	while (!(value & (FUTEX_WAITED | FUTEX_PASSED_BY | FUTEX_OWNER_DIED)))
		if (__atomic_compare_exchange_n(word, &value,
						value & FUTEX_RULES, 0,
						__ATOMIC_SEQ_CST,
						__ATOMIC_RELAXED))
			return;
	saved = errno;
	__quiet_futex((int *)word, FUTEX_UNLOCK, 0, NULL);
	errno = saved;
}
