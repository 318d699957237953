/*
 * futex_lock.c - a lock in a word of user memory: the kernel's part.
 *
 *	0			free
 *	id			held by the task with this id
 *	id + FUTEX_WAITED	held, and tasks sleep here
 *	... + FUTEX_PASSED_BY	and a woken task has found the lock held
 *	... + FUTEX_OWNER_DIED	an owner died, and no later owner has repaired
 *				the data yet
 *	FUTEX_NO_OWNER		the data cannot be repaired: useless for ever
 *
 * FUTEX_RULES may be added to each value, and stays. Atomic instructions of
 * libc take a free lock, and release a lock without the three bits. All further
 * cases come here.
 *
 * An unlock frees the lock and wakes the first sleeper. A running task may take
 * the lock before the woken task runs. This is mostly good: no switch is needed
 * between an unlock and a lock of one task. But an owner that unlocks and locks
 * in a loop would keep all others out. So a woken task that finds the lock held
 * sets FUTEX_PASSED_BY, and goes back to its old place in the queue (wait.c).
 * Then the next unlock does not free the lock, and writes the id of the first
 * sleeper into the word: the lock is handed over.
 *
 * The unlock chooses the task, so the queue has no turns (is_chosen): a task of
 * higher priority that comes after the hand-over does not send the new owner
 * back to sleep. A task that is killed after a hand-over releases the lock
 * again, and a task that is killed after a wake wakes the next.
 *
 * The owner dies. The kernel walks through the list of the locks that the task
 * holds (kernel/sys/robust.c), and releases each with FUTEX_OWNER_DIED. So the
 * next owner knows that the data may be half changed. This owner repairs the
 * data and takes the bit away, or unlocks with the bit.
 *
 * FUTEX_INHERIT: the owner runs at the priority of the sleepers, see inherit.c.
 * The first sleeper sets FUTEX_PASSED_BY at once, so such a lock is always
 * handed over, and has an owner while tasks sleep. The id comes from user
 * memory, and may name a task that knows nothing of the lock. Then a waiting
 * task gives its own priority away in vain.
 *
 * Not promised: that a lock in no list is ever free when its owner dies.
 */
#include "kernel/ipc/futex.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/futex.h"
#include "kernel/lib/trace.h"
#include "kernel/task/id.h"
#include "kernel/task/process.h"

/* What an owner leaves in the word for the next owner. */
#define KEPT	(FUTEX_RULES | FUTEX_OWNER_DIED)

static bool is_mine(uint32_t value)
{
	return (value & FUTEX_OWNER_MASK) == (uint32_t)task_current()->id;
}

static bool is_free(uint32_t value)
{
	return (value & FUTEX_OWNER_MASK) == 0;
}

/* The owner that may borrow: no task of the kernel, and no task of a different
 * process if the memory of the word is private. 0: none. */
static pid_t borrower(const struct futex *futex, uint32_t value)
{
	const struct task *task = id_task(value & FUTEX_OWNER_MASK);

	if (!task || !task->process)
		return 0;
	return futex->place.source || task->process == process_current()
		? task->id : 0;
}

/* The running task will wait with this loan. 0 or -EDEADLK. */
static int lend(struct loan *loan, uint32_t value)
{
	pid_t owner = borrower(CONTAINER_OF(loan, struct futex, loan), value);

	if (inherit_is_circle(loan, owner))
		return -EDEADLK;
	inherit_give(loan, owner);
	return 0;
}

/* Take a free lock, or a lock that was handed over. If the lock is held, set
 * the bits before the caller sleeps. */
static long take_lock(void *context)
{
	struct futex_sleeper *sleeper = context;
	struct loan *loan = sleeper->loan;
	uint32_t value, bits = FUTEX_WAITED | (loan ? FUTEX_PASSED_BY : 0);

	if (!fetch_user_word(sleeper->word, &value))
		return -EFAULT;
	if (is_free(value) || (is_mine(value) && !sleeper->was_owner)) {
		value = (value & KEPT) | task_current()->id;
		if (!list_is_empty(&sleeper->request.queue->sleepers))
			value |= bits;
		if (!store_user_word(sleeper->word, value))
			return -EFAULT;
		if (loan)
			inherit_give(loan, task_current()->id);
		return 0;
	}
	if ((value & FUTEX_OWNER_MASK) == FUTEX_NO_OWNER)
		return -ENOTRECOVERABLE;
	if (loan && lend(loan, value) < 0)
		return -EDEADLK;
	if (sleeper->has_slept)
		bits |= FUTEX_PASSED_BY;
	trace(TRACE_OWNER, sleeper->request.object, value & FUTEX_OWNER_MASK,
	      0);
	if ((value & bits) != bits &&
	    !store_user_word(sleeper->word, value | bits))
		return -EFAULT;
	return -EAGAIN;
}

/* The first sleeper, or NULL. `futex` may be NULL: no task waits. */
static struct task *first_of(struct futex *futex)
{
	struct list_node *first = futex
		? list_first(&futex_queue(futex)->sleepers) : NULL;

	return first ? LIST_ENTRY(first, struct task, wait.node) : NULL;
}

/* The lock is free for all (0); but if a woken task was passed by, the first
 * sleeper owns the lock now. */
static uint32_t owner_after(struct futex *futex, uint32_t value)
{
	const struct task *first = first_of(futex);

	return first && value & FUTEX_PASSED_BY ? first->id : 0;
}

/* The word has been written: wake the first sleeper, which lends to `owner`. */
static void tell_first(struct futex *futex, uint32_t owner)
{
	struct task *first = first_of(futex);

	if (first)
		wait_wake_task(first->wait.queue, first);
	if (futex && futex->loan.owner)
		inherit_give(&futex->loan, owner);
}

static long release(uaddr_t word, uint32_t value, uint32_t kept)
{
	struct futex_search search;
	uint32_t owner;
	long error = futex_find(word, &search);

	if (error)
		return error;
	owner = owner_after(search.futex, value);
	if (!store_user_word(word, kept | owner))
		return -EFAULT;
	tell_first(search.futex, owner);
	return 0;
}

/* The lock is useless: tell the first sleeper, which tells the next. So a crowd
 * is never woken in one stretch. */
static long tell_useless(uaddr_t word)
{
	struct futex_search search;
	long error = futex_find(word, &search);

	if (!error)
		tell_first(search.futex, 0);
	return error;
}

/* The wait has ended without the lock, perhaps after a wake. The process may
 * have unmapped the word meanwhile, and other processes not. */
static void pass_on(const struct futex_sleeper *sleeper)
{
	struct futex *futex = futex_of(sleeper);
	uint32_t value, owner;

	if (!futex_load(sleeper, &value))
		return;
	if ((value & FUTEX_OWNER_MASK) == FUTEX_NO_OWNER) {
		tell_first(futex, 0);
	} else if (!sleeper->was_owner && (is_free(value) || is_mine(value))) {
		owner = owner_after(futex, value);
		if (futex_store(sleeper, (value & KEPT) | owner))
			tell_first(futex, owner);
	}
}

/* The sleepers lend to the owner. Without sleepers the loan has no owner. */
static void begin_loan(struct futex_sleeper *sleeper)
{
	struct futex *futex = CONTAINER_OF(sleeper->request.object,
					   struct futex, object);

	futex->loan.queue = sleeper->request.queue;
	sleeper->loan = &futex->loan;
}

long futex_lock(uaddr_t word, unsigned flags, uint64_t deadline_ns)
{
	struct futex_sleeper sleeper;
	uint32_t value;
	long result;

	if (!fetch_user_word(word, &value))
		return -EFAULT;
	result = futex_enter(&sleeper, word, FUTEX_KIND_LOCK, deadline_ns);
	if (result)
		return result;
	sleeper.names_owner = true;
	sleeper.was_owner = is_mine(value);
	sleeper.loan = NULL;
	if (flags & FUTEX_INHERIT)
		begin_loan(&sleeper);
	result = wait_try(sleeper.request.queue, take_lock, &sleeper);
	if (result == -EAGAIN) {
		sleeper.has_slept = true;
		task_current()->wait.loan = sleeper.loan;
		result = wait_for(&sleeper.request, take_lock, &sleeper);
	}
	if (result)
		pass_on(&sleeper);
	if (sleeper.loan && wait_queue_is_idle(sleeper.request.queue))
		inherit_give(sleeper.loan, 0);
	futex_leave(&sleeper);
	return result;
}

/* The data stay as they are: no task gets the lock any more. */
static long give_up(uaddr_t word, uint32_t value)
{
	value = (value & FUTEX_RULES) | FUTEX_NO_OWNER;
	if (!store_user_word(word, value))
		return -EFAULT;
	return tell_useless(word);
}

long futex_unlock(uaddr_t word)
{
	uint32_t value;

	if (!fetch_user_word(word, &value))
		return -EFAULT;
	if (value & FUTEX_OWNER_DIED && is_mine(value))
		return give_up(word, value);
	return release(word, value, value & FUTEX_RULES);
}

long futex_abandon(uaddr_t word)
{
	uint32_t value;

	if (word % sizeof(word) != 0)
		return -EINVAL;
	if (!fetch_user_word(word, &value))
		return -EFAULT;
	if (!is_mine(value))
		return 0;
	trace(TRACE_ABANDON, NULL, task_current()->id, word);
	return release(word, value, (value & KEPT) | FUTEX_OWNER_DIED);
}
