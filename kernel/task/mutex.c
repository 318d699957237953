/*
 * mutex.c - one owner at a time, for kernel tasks.
 *
 *	free ---acquire---> owned ---release, nobody waits---> free
 *			      \---release, A waits---> A's turn ---> owned by A
 *
 * In A's turn the mutex has no owner, but a newcomer stands behind A (wait.c):
 * nobody gets in between.
 *
 * Not promised: priority inheritance. A task of low priority that owns a mutex
 * keeps one of high priority waiting as long as it is itself kept from running.
 * Kernel tasks that share a mutex should have the same priority.
 */
#include "kernel/task/mutex.h"

#include "kernel/abi/errno.h"
#include "kernel/task/task.h"

void mutex_init(struct mutex *mutex)
{
	mutex->owner = NULL;
	wait_queue_init(&mutex->queue);
}

static long become_owner(void *context)
{
	struct mutex *mutex = context;

	if (mutex->owner)
		return -EAGAIN;
	mutex->owner = task_current();
	return 0;
}

int acquire_mutex(struct mutex *mutex, uint64_t deadline_ns)
{
	const struct wait_request request = {
		.queue = &mutex->queue,
		.event = WAIT_UNIT,
		.deadline_ns = deadline_ns,
	};

	if (mutex->owner == task_current())
		return -EDEADLK;
	return wait_for(&request, become_owner, mutex);
}

int release_mutex(struct mutex *mutex)
{
	if (mutex->owner != task_current())
		return -EPERM;
	mutex->owner = NULL;
	wait_wake(&mutex->queue);
	return 0;
}
