/*
 * mutex.c - mutual exclusion for work that sleeps: at most one owner.
 *
 *	free ---acquire---> owned ---release, no waiter------> free
 *			      \---release, A waits---> A's turn ---> owned by A
 *
 * In A's turn the mutex has no owner, but a newcomer queues up behind A
 * (wait.c). So no task acquires the mutex before A.
 *
 * While a task waits, the owner runs at the priority of the task: inherit.c.
 * The mutex names its owner there when a task has to wait, so that an acquire
 * and a release without a waiting task cost no more.
 */
#include "kernel/task/mutex.h"

#include "kernel/abi/errno.h"
#include "kernel/task/task.h"

void mutex_init(struct mutex *mutex, const struct object *object)
{
	mutex->owner = NULL;
	mutex->object = object;
	mutex->loan = (struct loan){ .queue = &mutex->queue };
	wait_queue_init(&mutex->queue);
}

static long become_owner(void *context)
{
	struct mutex *mutex = context;

	if (mutex->owner) {
		inherit_give(&mutex->loan, mutex->owner->id);
		return -EAGAIN;
	}
	mutex->owner = task_current();
	if (!list_is_empty(&mutex->queue.sleepers))
		inherit_give(&mutex->loan, mutex->owner->id);
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
	if (result == -EAGAIN) {
		task_current()->wait.loan = &mutex->loan;
		result = wait_for(&request, become_owner, mutex);
	}
	return result;
}

int release_mutex(struct mutex *mutex)
{
	if (mutex->owner != task_current())
		return -EPERM;
	mutex->owner = NULL;
	if (mutex->loan.owner)
		inherit_give(&mutex->loan, 0);
	wait_wake(&mutex->queue);
	return 0;
}
