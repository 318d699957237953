/*
 * robust.c - mutexes survive the end of their owner.
 *
 *	owner ends ---> lock gives EOWNERDEAD, the mutex is held
 *				|
 *	  made consistent	|	not made consistent
 *	unlock: usable again <--+--> unlock: ENOTRECOVERABLE for ever
 *
 * Only the kernel knows of each end, also by SIGKILL. So each thread keeps a
 * list of its robust mutexes, and tells the kernel once where the list begins.
 * kernel/sys/robust.c goes through the list at the end. The list lies in the
 * mutexes themselves: a lock allocates nothing.
 *
 * A kill may come between any two instructions here. `pending` names the mutex
 * that is about to enter or leave the list: before its word changes, and until
 * the list is right. The kernel looks at this mutex too. The first word of the
 * list changes last on entry, so the list is whole at each instant.
 *
 * The word of a robust mutex always has FUTEX_RULES. So the single instruction
 * for taking an ordinary mutex fails here, and ordinary mutexes cost no more.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/abi/futex.h"
#include "libc/pthread/thread.h"

/* The compiler keeps the order of the stores around. */
#define ORDER()		__atomic_signal_fence(__ATOMIC_SEQ_CST)

long __quiet_futex(int *word, int operation, int value,
	const struct timespec *deadline);

const struct timespec __at_once;

/* The nodes of the list, as the kernel's words. */
static struct __lock_node **first_of(struct __pthread *self)
{
	return (struct __lock_node **)(void *)&self->locks.first;
}

static void begin(struct __pthread *self, const pthread_mutex_t *mutex)
{
	int saved = errno;

	if (!self->locks_are_known) {
		self->locks.to_word = (int)offsetof(pthread_mutex_t, word) -
				      (int)offsetof(pthread_mutex_t, node);
		__quiet_futex((int *)&self->locks, FUTEX_LIST, 0, NULL);
		errno = saved;
		self->locks_are_known = true;
	}
	self->locks.pending = (uintptr_t)&mutex->node;
	ORDER();
}

static void end(struct __pthread *self)
{
	ORDER();
	self->locks.pending = 0;
}

static void enter(struct __pthread *self, struct __lock_node *node)
{
	struct __lock_node **first = first_of(self);

	node->next = *first;
	node->link = first;
	if (*first)
		(*first)->link = &node->next;
	ORDER();
	*first = node;
}

static void leave(struct __lock_node *node)
{
	*node->link = node->next;
	if (node->next)
		node->next->link = node->link;
	ORDER();
}

/* Take a free lock; or wait. */
static int take(pthread_mutex_t *mutex, const struct timespec *deadline)
{
	unsigned *word = &mutex->word;
	unsigned value = __atomic_load_n(word, __ATOMIC_RELAXED);
	unsigned self = (unsigned)__self_tid();

	while (!(value & FUTEX_OWNER_MASK))
		if (__atomic_compare_exchange_n(word, &value, value | self, 0,
						__ATOMIC_SEQ_CST,
						__ATOMIC_RELAXED))
			return 0;
	if ((value & FUTEX_OWNER_MASK) == FUTEX_NO_OWNER)
		return ENOTRECOVERABLE;
	if (deadline == &__at_once)
		return EBUSY;
	return __lock_until(word, __inherit_flag(mutex), deadline);
}

int __robust_lock(pthread_mutex_t *mutex, const struct timespec *deadline)
{
	struct __pthread *self = __self();
	int error;

	if (!mutex->robust)
		return take(mutex, deadline);
	begin(self, mutex);
	error = take(mutex, deadline);
	if (!error)
		enter(self, &mutex->node);
	end(self);
	if (error || !(mutex->word & FUTEX_OWNER_DIED))
		return error;
	mutex->depth = 0;
	return EOWNERDEAD;
}

void __robust_unlock(pthread_mutex_t *mutex)
{
	struct __pthread *self = __self();

	if (!mutex->robust) {
		__lock_give(&mutex->word);
		return;
	}
	begin(self, mutex);
	leave(&mutex->node);
	__lock_give(&mutex->word);
	end(self);
}

int pthread_mutex_consistent(pthread_mutex_t *mutex)
{
	if (!mutex->robust || !__lock_is_mine(&mutex->word) ||
	    !(mutex->word & FUTEX_OWNER_DIED))
		return EINVAL;
	__sync_fetch_and_and(&mutex->word, ~FUTEX_OWNER_DIED);
	return 0;
}
