/*
 * futex_semaphore.c - a semaphore in a word of user memory: the kernel's part.
 *
 * A semaphore's word holds the number of units, and a bit that says that a
 * task sleeps (kernel/abi/futex.h). While the bit is clear, atomic instructions
 * post and take, and the kernel knows nothing of the semaphore. The bit and a
 * unit are never in the word together:
 *
 *	units > 0		no task sleeps
 *	FUTEX_WAITED		tasks sleep, each post and take comes here
 *
 * A post gives the unit to the first sleeper, and the word never counts this
 * unit. So no newcomer takes the unit, and the woken task need not look at the
 * word. The unit of a task that is killed before it runs goes to the next
 * sleeper, or back into the word, though the killed task's process may have
 * unmapped the word. The last sleeper clears the bit.
 * If a bit was left standing, the next post clears it. E. W. Dijkstra,
 * "Cooperating Sequential Processes", 1965.
 */
#include "kernel/ipc/futex.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/futex.h"
#include "kernel/abi/limits.h"
#include "kernel/task/task.h"

/* The attempt of a woken task. */
static long has_unit(void *context)
{
	const struct futex_sleeper *sleeper = context;

	return sleeper->has_unit ? 0 : -EAGAIN;
}

/* A task sleeps: give a unit to the first sleeper. */
static void give_unit(struct wait_queue *queue)
{
	struct task *first = LIST_ENTRY(queue->sleepers.head.next, struct task,
					wait.node);
	struct futex_sleeper *sleeper = first->wait.context;

	sleeper->has_unit = true;
	wait_wake_task(queue, first);
}

/* The caller ends without a unit: pass on a unit that came too late. The last
 * sleeper clears the bit. */
static void tidy(struct futex_sleeper *sleeper)
{
	struct wait_queue *queue = sleeper->request.queue;
	uint32_t value;

	if (sleeper->has_unit && !list_is_empty(&queue->sleepers)) {
		give_unit(queue);
		sleeper->has_unit = false;
	}
	if (list_is_empty(&queue->sleepers) && futex_load(sleeper, &value))
		futex_store(sleeper, (value & ~FUTEX_WAITED) +
				     sleeper->has_unit);
}

/* There is no unit: sleep until a post gives a unit to this task. */
static long sleep_for_unit(uaddr_t word, uint64_t deadline_ns)
{
	struct futex_sleeper sleeper;
	long result = futex_enter(&sleeper, word,
				  FUTEX_KIND_OF(FUTEX_SEMAPHORE), deadline_ns);

	if (result)
		return result;
	if (!store_user_word(word, FUTEX_WAITED))
		result = -EFAULT;
	else
		result = wait_for(&sleeper.request, has_unit, &sleeper);
	if (result)
		tidy(&sleeper);
	futex_leave(&sleeper);
	return result;
}

long futex_take(uaddr_t word, uint64_t deadline_ns)
{
	uint32_t value;

	if (word % sizeof(value) != 0)
		return -EINVAL;
	if (!fetch_user_word(word, &value))
		return -EFAULT;
	value &= ~FUTEX_WAITED;
	if (value == 0)
		return sleep_for_unit(word, deadline_ns);
	return store_user_word(word, value - 1) ? 0 : -EFAULT;
}

/* No task sleeps: count the unit. */
static long add_unit(uaddr_t word)
{
	uint32_t value;

	if (!fetch_user_word(word, &value))
		return -EFAULT;
	value &= ~FUTEX_WAITED;
	if (value == SEM_VALUE_MAX)
		return -EOVERFLOW;
	return store_user_word(word, value + 1) ? 0 : -EFAULT;
}

long futex_post(uaddr_t word)
{
	struct futex_search search;
	struct wait_queue *queue = NULL;
	long error = futex_find(word, &search);

	if (error)
		return error;
	if (search.futex)
		queue = futex_queue(search.futex);
	if (!queue || list_is_empty(&queue->sleepers))
		return add_unit(word);
	if (!store_user_word(word, list_is_single(queue->sleepers.head.next)
				   ? 0 : FUTEX_WAITED))
		return -EFAULT;
	give_unit(queue);
	return 0;
}
