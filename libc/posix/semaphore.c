/*
 * semaphore.c - semaphores in user memory.
 *
 * The word is the number of units; the highest bit says that tasks wait.
 * Without the bit, an atomic instruction posts a unit or takes a unit:
 * <semaphore.h> has this code inline. The instruction changes nothing unless
 * the word still has the value that was read, so a kill never leaves a
 * semaphore half changed. The kernel does the work (kernel/ipc/futex.c) in
 * three cases: the bit is set, there is no unit, or the word has changed
 * between the read and the instruction. The kernel knows the order of the
 * waiters. A post gives the unit to the first waiter, and the word does not
 * count this unit: no new task can take the unit.
 *
 * POSIX lets sem_wait() end with EINTR; after a handler with SA_RESTART the
 * wait goes on. E. W. Dijkstra, "Cooperating Sequential Processes", 1965.
 */
#include <errno.h>
#include <limits.h>
#include <semaphore.h>
#include <stddef.h>
#include <time.h>

#include "kernel/abi/futex.h"
#include "libc/pthread/cancel.h"

long futex(const void *word, int operation, int value,
	const struct timespec *deadline);

static unsigned load(const sem_t *semaphore)
{
	return __atomic_load_n(&semaphore->__word, __ATOMIC_SEQ_CST);
}

static int change(sem_t *semaphore, unsigned *from, unsigned to)
{
	return __atomic_compare_exchange_n(&semaphore->__word, from, to, 0,
		__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

int sem_init(sem_t *semaphore, int shared, unsigned value)
{
	(void)shared;
	if (value > SEM_VALUE_MAX) {
		errno = EINVAL;
		return -1;
	}
	__atomic_store_n(&semaphore->__word, value, __ATOMIC_SEQ_CST);
	return 0;
}

int sem_destroy(sem_t *semaphore)
{
	if (load(semaphore) & FUTEX_WAITED) {
		errno = EBUSY;
		return -1;
	}
	return 0;
}

/* A unit that was given to a waiter does not count any more. */
int sem_getvalue(sem_t *restrict semaphore, int *restrict value)
{
	*value = load(semaphore) & ~FUTEX_WAITED;
	return 0;
}

int sem_post(sem_t *semaphore)
{
	unsigned value = load(semaphore);

	if (value < SEM_VALUE_MAX && change(semaphore, &value, value + 1))
		return 0;
	return __sys_sem_post(semaphore);
}

/* Take a unit if there is a unit and no task waits. */
static int take(sem_t *semaphore)
{
	unsigned value = load(semaphore);

	while (value > 0 && !(value & FUTEX_WAITED))
		if (change(semaphore, &value, value - 1))
			return 1;
	return 0;
}

int sem_wait(sem_t *semaphore)
{
	__point();
	return take(semaphore) ? 0 : __sys_sem_wait(semaphore);
}

int sem_trywait(sem_t *semaphore)
{
	if (take(semaphore))
		return 0;
	errno = EAGAIN;
	return -1;
}

int sem_timedwait(sem_t *restrict semaphore,
	const struct timespec *restrict deadline)
{
	struct timespec monotonic;
	int error;

	__point();
	if (take(semaphore))
		return 0;
	error = __deadline_convert(CLOCK_REALTIME, deadline, &monotonic);
	if (!error)
		return futex(semaphore, FUTEX_TAKE, 0, &monotonic);
	errno = error;
	return -1;
}
