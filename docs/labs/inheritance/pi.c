/*
 * pi.c - locks with priority inheritance.
 *
 * The priority that is due to a thread is the highest of its base and of the
 * priorities of all threads that wait for its locks. A change of a thread's
 * priority may change what is due to the owner of the lock that this thread
 * wants, and so on, along the chain of owners. The walk ends at a thread that
 * waits for no lock, or has the due priority already.
 *
 * All functions but pi_lock() and pi_unlock() are called inside.
 */
#include "docs/labs/inheritance/pi.h"

/* ---- Lists --------------------------------------------------------------- */

static void add_waiter(struct pi_lock *lock, struct pi_thread *thread)
{
	struct pi_thread **at = &lock->waiters;

	while (*at)
		at = &(*at)->next;
	*at = thread;
	thread->next = NULL;
	thread->wants = lock;
}

static void remove_waiter(struct pi_lock *lock, struct pi_thread *thread)
{
	struct pi_thread **at = &lock->waiters;

	while (*at != thread)
		at = &(*at)->next;
	*at = thread->next;
	thread->wants = NULL;
}

static void add_held(struct pi_thread *thread, struct pi_lock *lock)
{
	lock->owner = thread;
	lock->next_held = thread->held;
	thread->held = lock;
}

static void remove_held(struct pi_thread *thread, struct pi_lock *lock)
{
	struct pi_lock **at = &thread->held;

	while (*at != lock)
		at = &(*at)->next_held;
	*at = lock->next_held;
	lock->owner = NULL;
}

/* ---- Priorities ---------------------------------------------------------- */

/* The waiter of the highest priority, or NULL. Of equals, the oldest. */
static struct pi_thread *first_waiter(const struct pi_lock *lock)
{
	struct pi_thread *first = lock->waiters;

	for (struct pi_thread *each = first; each; each = each->next)
		if (each->priority > first->priority)
			first = each;
	return first;
}

static int due_priority(const struct pi_thread *thread)
{
	int due = thread->base;

	for (const struct pi_lock *lock = thread->held; lock;
	     lock = lock->next_held) {
		const struct pi_thread *first = first_waiter(lock);

		if (first && first->priority > due)
			due = first->priority;
	}
	return due;
}

/* The waiters of a lock of this thread have changed, or its locks. */
static void update_priority(struct pi_thread *thread)
{
	while (thread && thread->priority != due_priority(thread)) {
		pi_set_priority(thread, due_priority(thread));
		thread = thread->wants ? thread->wants->owner : NULL;
	}
}

/* ---- Locks --------------------------------------------------------------- */

/* Sleep until the lock is handed over. */
static int wait_for_lock(struct pi_thread *me, struct pi_lock *lock,
			 const struct timespec *deadline)
{
	int error = 0;

	add_waiter(lock, me);
	update_priority(lock->owner);
	while (lock->owner != me && !error)
		error = pi_sleep(me, deadline);
	if (lock->owner == me)
		return 0;
	remove_waiter(lock, me);
	update_priority(lock->owner);
	return error;
}

int pi_lock(struct pi_thread *me, struct pi_lock *lock,
	    const struct timespec *deadline)
{
	int error = 0;

	pi_enter(me);
	if (!lock->owner)
		add_held(me, lock);
	else if (lock->owner == me)
		error = EDEADLK;
	else
		error = wait_for_lock(me, lock, deadline);
	pi_leave(me);
	return error;
}

/* The lock is free: give it to its first waiter. */
static void hand_over(struct pi_lock *lock)
{
	struct pi_thread *next = first_waiter(lock);

	if (!next)
		return;
	remove_waiter(lock, next);
	add_held(next, lock);
	update_priority(next);
	pi_wake(next);
}

int pi_unlock(struct pi_thread *me, struct pi_lock *lock)
{
	int error = 0;

	pi_enter(me);
	if (lock->owner == me) {
		remove_held(me, lock);
		hand_over(lock);
		update_priority(me);
	} else {
		error = EPERM;
	}
	pi_leave(me);
	return error;
}
