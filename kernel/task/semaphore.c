/*
 * semaphore.c - counted units for kernel tasks.
 *
 * Handing over. A release adds the unit and owes the first waiter a turn. Until
 * the waiter has run, the unit is free to see, but a newcomer finds a turn owed
 * and stands behind: so the unit is the waiter's, without being written down as
 * such. If the waiter is killed before, its turn goes to the next (wait.c), and
 * the unit with it.
 *
 * Such a newcomer may sleep while units are left that nobody will be woken for:
 * two releases, one waiter. So who takes a unit looks whether there is another
 * one, and passes it on.
 *
 * E. W. Dijkstra, "Cooperating sequential processes", 1965 (P and V).
 */
#include "kernel/task/semaphore.h"

#include "kernel/abi/errno.h"

void semaphore_init(struct semaphore *semaphore, uint32_t units)
{
	ASSERT(units <= SEMAPHORE_UNITS_MOST);
	semaphore->units = units;
	wait_queue_init(&semaphore->queue);
}

static long take_unit(void *context)
{
	struct semaphore *semaphore = context;

	if (semaphore->units == 0)
		return -EAGAIN;
	semaphore->units--;
	if (semaphore->units > 0 && semaphore->queue.owed <= 1)
		wait_wake(&semaphore->queue);
	return 0;
}

int acquire_semaphore(struct semaphore *semaphore, uint64_t deadline_ns)
{
	const struct wait_request request = {
		.queue = &semaphore->queue,
		.event = WAIT_UNIT,
		.deadline_ns = deadline_ns,
	};

	return wait_for(&request, take_unit, semaphore);
}

int release_semaphore(struct semaphore *semaphore)
{
	if (semaphore->units == SEMAPHORE_UNITS_MOST)
		return -EOVERFLOW;
	semaphore->units++;
	wait_wake(&semaphore->queue);
	return 0;
}
