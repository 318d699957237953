/*
 * mutex.c - mutual exclusion for work that sleeps: at most one owner.
 *
 *	free ---acquire---> owned ---release, no waiter------> free
 *			      \---release, A waits---> A's turn ---> owned by A
 *
 * In A's turn the mutex has no owner, but a newcomer queues up behind A
 * (wait.c). So no task acquires the mutex before A.
 *
 * Not promised: priority inheritance. If a task of low priority owns a mutex
 * and does not get the processor, a waiting task of high priority has to wait
 * as well. Kernel tasks that share a mutex should have the same priority.
 */
#include "kernel/task/mutex.h"

#include "kernel/abi/errno.h"
#include "kernel/task/task.h"

void mutex_init(struct mutex *mutex, const struct object *object)
{
	mutex->owner = NULL;
	mutex->object = object;
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
		.object = mutex->object,
		.is_deaf = true,
		.event = WAIT_UNIT,
		.deadline_ns = deadline_ns,
	};
	long result;

	if (mutex->owner == task_current())
		return -EDEADLK;
	result = wait_try(&mutex->queue, become_owner, mutex);
	if (result == -EAGAIN)
		result = wait_for(&request, become_owner, mutex);
	return result;
}

int release_mutex(struct mutex *mutex)
{
	if (mutex->owner != task_current())
		return -EPERM;
	mutex->owner = NULL;
	wait_wake(&mutex->queue);
	return 0;
}
