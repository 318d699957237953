/*
 * semaphore.c - counted units for kernel tasks.
 *
 * Handing over. A release adds a unit and gives the first waiter a turn. Until
 * this waiter runs, the unit counts as free, but a newcomer finds a turn owed
 * and queues up. So only the waiter can take the unit, although the semaphore
 * does not store this claim. If the waiter is killed before, the turn goes to
 * the next waiter (wait.c), and so does the unit.
 *
 * Two releases and a single waiter: a newcomer may queue up behind the turn,
 * although the second unit is free, and no release will come to wake this
 * newcomer. So a task that has taken a unit looks for a further unit, and gives
 * the next waiter a turn.
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
	long result = wait_try(&semaphore->queue, take_unit, semaphore);

	if (result == -EAGAIN)
		result = wait_for(&request, take_unit, semaphore);
	return result;
}

int release_semaphore(struct semaphore *semaphore)
{
	if (semaphore->units == SEMAPHORE_UNITS_MOST)
		return -EOVERFLOW;
	semaphore->units++;
	wait_wake(&semaphore->queue);
	return 0;
}
