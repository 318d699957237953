/*
 * futex_semaphore.c - a semaphore in a word of user memory: the kernel's part.
 *
 * A semaphore's word holds the number of units, and a bit that says that a
 * task waits (kernel/abi/futex.h). While the bit is clear, atomic instructions
 * post and take, and the kernel knows nothing of the semaphore. While the bit
 * is set, each post and take comes here, and the turns of wait.c give the
 * units to the sleepers in order: no newcomer takes the unit of a woken task,
 * and a task that is killed with its turn passes the turn on. The last task to
 * leave clears the bit. If a bit was left standing, the next post or take
 * clears it. E. W. Dijkstra, "Cooperating Sequential Processes", 1965.
 */
#include "kernel/ipc/futex.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/futex.h"
#include "kernel/abi/limits.h"

/* The value of a word: the units, with the bit if a task waits. */
static uint32_t marked(uint32_t units, const struct wait_queue *queue)
{
	return wait_queue_is_idle(queue) ? units : units | FUTEX_WAITED;
}

/* Take a unit, if there is one. If not, set the bit before the caller sleeps:
 * from then on each post comes here. */
static long take_unit(void *context)
{
	const struct futex_sleeper *sleeper = context;
	struct wait_queue *queue = futex_queue(sleeper->futex);
	uint32_t value, units;

	if (!fetch_user_word(sleeper->word, &value))
		return -EFAULT;
	units = value & ~FUTEX_WAITED;
	if (units == 0) {
		if (value == 0 && !store_user_word(sleeper->word, FUTEX_WAITED))
			return -EFAULT;
		return -EAGAIN;
	}
	if (!store_user_word(sleeper->word, marked(units - 1, queue)))
		return -EFAULT;
	/* There were more posts than sleepers: the next sleeper can go on. */
	if (units > 1 && queue->owed == 0)
		wait_wake(queue);
	return 0;
}

/* The caller leaves without a unit, perhaps as the last sleeper. By now, new
 * memory may be mapped at the word's address. */
static void tidy(const struct futex_sleeper *sleeper)
{
	struct futex_place place;
	struct futex *futex;
	uint32_t value;

	if (futex_find(sleeper->word, &place, &futex) != 0 ||
	    futex != sleeper->futex)
		return;
	if (fetch_user_word(sleeper->word, &value) && value & FUTEX_WAITED)
		store_user_word(sleeper->word, marked(value & ~FUTEX_WAITED,
						      futex_queue(futex)));
}

long futex_take(uaddr_t word, uint64_t deadline_ns)
{
	struct futex_sleeper sleeper = { .word = word };
	long result = futex_enter(&sleeper, FUTEX_KIND_OF(FUTEX_SEMAPHORE));

	if (result)
		return result;
	result = wait_try(futex_queue(sleeper.futex), take_unit, &sleeper);
	if (result == -EAGAIN)
		result = futex_sleep(&sleeper, take_unit, deadline_ns);
	if (result)
		tidy(&sleeper);
	futex_leave(&sleeper);
	return result;
}

long futex_post(uaddr_t word)
{
	struct futex_place place;
	struct futex *futex;
	uint32_t value, units;
	long error = futex_find(word, &place, &futex);

	if (error)
		return error;
	if (!fetch_user_word(word, &value))
		return -EFAULT;
	units = value & ~FUTEX_WAITED;
	if (units == SEM_VALUE_MAX)
		return -EOVERFLOW;
	if (!futex)
		return store_user_word(word, units + 1) ? 0 : -EFAULT;
	if (!store_user_word(word, marked(units + 1, futex_queue(futex))))
		return -EFAULT;
	wait_wake(futex_queue(futex));
	return 0;
}
