/*
 * semaphore.c - semaphores in user memory.
 *
 * The value is a word that atomic instructions change, so a post that nobody
 * waits for, and a wait that finds a unit, make no system call. Only who finds
 * none sleeps in the kernel, and only when somebody may sleep does a post go
 * there. The order is what keeps a wake-up from being lost:
 *
 *	waiter: waiters++, sleep if the value is still 0
 *	poster: value++, wake one if waiters > 0
 *
 * Both are full barriers, so at least one of the two sees the other. The kernel
 * looks at the value again before it lets anybody sleep, and otherwise believes
 * nothing it finds here.
 *
 * A waiter that is killed leaves `waiters` too high; that costs later posts a
 * needless system call, no more. One that is killed between being woken and
 * taking its unit leaves a unit and perhaps a sleeper: so who takes a unit and
 * sees both left wakes another.
 *
 * Sleepers are served by priority, then in order. Not promised: that a thread
 * which comes just when a unit was posted does not take it before the one that
 * was woken. E. W. Dijkstra, "Cooperating Sequential Processes", 1965.
 */
#include <errno.h>
#include <limits.h>
#include <semaphore.h>
#include <stddef.h>
#include <time.h>

#include "kernel/abi/futex.h"

#define NSEC_PER_SEC	1000000000L

long futex(const void *word, int operation, int value,
	const struct timespec *deadline);

static unsigned load(const unsigned *word)
{
	return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

int sem_init(sem_t *semaphore, int shared, unsigned value)
{
	(void)shared;
	if (value > SEM_VALUE_MAX) {
		errno = EINVAL;
		return -1;
	}
	semaphore->__waiters = 0;
	__atomic_store_n(&semaphore->__value, value, __ATOMIC_SEQ_CST);
	return 0;
}

int sem_destroy(sem_t *semaphore)
{
	(void)semaphore;
	return 0;
}

int sem_getvalue(sem_t *restrict semaphore, int *restrict value)
{
	*value = load(&semaphore->__value);
	return 0;
}

int sem_post(sem_t *semaphore)
{
	unsigned value = load(&semaphore->__value);

	do {
		if (value >= SEM_VALUE_MAX) {
			errno = EOVERFLOW;
			return -1;
		}
	} while (!__atomic_compare_exchange_n(&semaphore->__value, &value,
			value + 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	if (load(&semaphore->__waiters) > 0)
		futex(&semaphore->__value, FUTEX_WAKE, 1, NULL);
	return 0;
}

/* Take a unit if there is one. */
static int take(sem_t *semaphore)
{
	unsigned value = load(&semaphore->__value);

	while (value > 0)
		if (__atomic_compare_exchange_n(&semaphore->__value, &value,
				value - 1, 0, __ATOMIC_SEQ_CST,
				__ATOMIC_SEQ_CST))
			return 1;
	return 0;
}

int sem_trywait(sem_t *semaphore)
{
	if (take(semaphore))
		return 0;
	errno = EAGAIN;
	return -1;
}

/* Sleep until there is a unit, and take it. deadline: of CLOCK_MONOTONIC. */
static int wait_for_unit(sem_t *semaphore, const struct timespec *deadline)
{
	int saved = errno, error = 0;

	__atomic_add_fetch(&semaphore->__waiters, 1, __ATOMIC_SEQ_CST);
	while (!take(semaphore)) {
		if (futex(&semaphore->__value, FUTEX_WAIT, 0, deadline) == 0 ||
		    errno == EAGAIN)
			continue;
		/* A unit that came at the last moment is not refused. */
		error = take(semaphore) ? 0 : errno;
		break;
	}
	__atomic_sub_fetch(&semaphore->__waiters, 1, __ATOMIC_SEQ_CST);
	if (!error && load(&semaphore->__value) > 0 &&
	    load(&semaphore->__waiters) > 0)
		futex(&semaphore->__value, FUTEX_WAKE, 1, NULL);
	errno = error ? error : saved;
	return error ? -1 : 0;
}

int sem_wait(sem_t *semaphore)
{
	return take(semaphore) ? 0 : wait_for_unit(semaphore, NULL);
}

/* The two clocks stand whole seconds apart: so rounding up makes up for the
 * time that passes between the two looks. */
static struct timespec to_monotonic(const struct timespec *deadline)
{
	struct timespec real, result = *deadline;
	struct timespec monotonic;
	time_t apart;

	clock_gettime(CLOCK_MONOTONIC, &monotonic);
	clock_gettime(CLOCK_REALTIME, &real);
	apart = real.tv_sec - monotonic.tv_sec;
	if (real.tv_nsec < monotonic.tv_nsec)
		apart--;
	if (result.tv_sec < apart)
		result.tv_sec = result.tv_nsec = 0;
	else
		result.tv_sec -= apart;
	return result;
}

int sem_timedwait(sem_t *restrict semaphore,
	const struct timespec *restrict deadline)
{
	struct timespec monotonic;

	if (take(semaphore))
		return 0;
	if (deadline->tv_nsec < 0 || deadline->tv_nsec >= NSEC_PER_SEC) {
		errno = EINVAL;
		return -1;
	}
	monotonic = to_monotonic(deadline);
	return wait_for_unit(semaphore, &monotonic);
}
