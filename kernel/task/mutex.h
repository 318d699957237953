/*
 * mutex.h - mutual exclusion for work that sleeps (Step 13 of the tutorial).
 *
 * [P] alone protects all work that does not sleep. A mutex is for work with a
 * sleep or a sched_point() in the middle. All functions need task switches
 * postponed [P].
 */
#pragma once

#include "kernel/task/inherit.h"
#include "kernel/task/wait.h"

struct mutex {
	struct task *owner;		/* [P] NULL: free */
	struct wait_queue queue;	/* [P] tasks that wait for it */
	struct loan loan;		/* [P] from the waiters to the owner */
	const struct object *object;	/* [const] guarded, for reports; or
					 * NULL */
};

/* Initialise a mutex in the caller's memory, without an owner. */
void mutex_init(struct mutex *mutex, const struct object *object);

/*
 * Become the owner. Sleeps while the mutex has an owner, at most until
 * deadline_ns (since boot; FOREVER: without end; 0: no sleep). Waiters are
 * served by priority, then in order. Returns 0, -EDEADLK: the caller is the
 * owner already, -ETIMEDOUT, or -EINTR: the process was killed.
 */
int acquire_mutex(struct mutex *mutex, uint64_t deadline_ns);

/*
 * Release the mutex, and give the first waiter a turn. Never sleeps. Returns 0,
 * or -EPERM: the caller is not the owner.
 */
int release_mutex(struct mutex *mutex);
