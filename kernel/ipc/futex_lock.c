/*
 * futex_lock.c - a lock in a word of user memory: the kernel's part.
 *
 *	0			free
 *	id			held by the task with this id
 *	id + FUTEX_WAITED	held, and tasks sleep here
 *	... + FUTEX_PASSED_BY	and a woken task has found the lock held
 *
 * Atomic instructions of libc take a free lock, and release a lock without the
 * two bits. All further cases come here.
 *
 * An unlock frees the lock and wakes the first sleeper. A running task may take
 * the lock before the woken task runs. This is mostly good: no switch is needed
 * between an unlock and a lock of one task. But an owner that unlocks and locks
 * in a loop would keep all others out. So a woken task that finds the lock held
 * sets FUTEX_PASSED_BY, and goes back to its old place in the queue (wait.c).
 * Then the next unlock does not free the lock, and writes the id of the first
 * sleeper into the word: the lock is handed over.
 *
 * A task that is killed after the lock was handed over unlocks again, and the
 * next sleeper gets the lock.
 *
 * Not promised: that the lock of a task that dies as its owner is ever free.
 */
#include "kernel/ipc/futex.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/futex.h"
#include "kernel/lib/trace.h"
#include "kernel/task/task.h"

static bool is_mine(uint32_t value)
{
	return (value & FUTEX_OWNER_MASK) == (uint32_t)task_current()->id;
}

/* Take a free lock, or a lock that was handed over. If the lock is held, set
 * the bits before the caller sleeps. */
static long take_lock(void *context)
{
	struct futex_sleeper *sleeper = context;
	uint32_t value, bits = FUTEX_WAITED;

	if (!fetch_user_word(sleeper->word, &value))
		return -EFAULT;
	if ((value & FUTEX_OWNER_MASK) == 0 ||
	    (is_mine(value) && !sleeper->was_owner)) {
		value = task_current()->id;
		if (!wait_queue_is_idle(sleeper->request.queue))
			value |= FUTEX_WAITED;
		return store_user_word(sleeper->word, value) ? 0 : -EFAULT;
	}
	if (sleeper->has_slept)
		bits |= FUTEX_PASSED_BY;
	trace(TRACE_OWNER, sleeper->request.object, value & FUTEX_OWNER_MASK,
	      0);
	if ((value & bits) != bits &&
	    !store_user_word(sleeper->word, value | bits))
		return -EFAULT;
	return -EAGAIN;
}

long futex_lock(uaddr_t word, uint64_t deadline_ns)
{
	struct futex_sleeper sleeper;
	uint32_t value;
	long result;

	if (!fetch_user_word(word, &value))
		return -EFAULT;
	result = futex_enter(&sleeper, word, FUTEX_KIND_OF(FUTEX_MUTEX),
			     deadline_ns);
	if (result)
		return result;
	sleeper.names_owner = true;
	sleeper.was_owner = is_mine(value);
	result = wait_try(sleeper.request.queue, take_lock, &sleeper);
	if (result == -EAGAIN) {
		sleeper.has_slept = true;
		result = wait_for(&sleeper.request, take_lock, &sleeper);
	}
	if (result && !sleeper.was_owner && fetch_user_word(word, &value) &&
	    is_mine(value))
		futex_unlock(word);	/* killed after the hand-over */
	futex_leave(&sleeper);
	return result;
}

/* The value for the next owner: the first sleeper, if a woken task was passed
 * by. Otherwise the lock is free for all. */
static uint32_t next_owner(uint32_t value, const struct list *sleepers)
{
	struct list_node *first = list_first(sleepers);

	if (!first || !(value & FUTEX_PASSED_BY))
		return 0;
	return LIST_ENTRY(first, struct task, wait.node)->id;
}

long futex_unlock(uaddr_t word)
{
	struct futex_search search;
	uint32_t value, next = 0;
	long error = futex_find(word, &search);

	if (error)
		return error;
	if (!fetch_user_word(word, &value))
		return -EFAULT;
	if (search.futex)
		next = next_owner(value, &futex_queue(search.futex)->sleepers);
	if (!store_user_word(word, next))
		return -EFAULT;
	if (search.futex)
		wait_wake(futex_queue(search.futex));
	return 0;
}
