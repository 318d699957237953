/*
 * mutex.h - one owner at a time, for kernel tasks (Step 13 of the tutorial).
 *
 * [P] alone is a lock for everything that does not sleep. A mutex is for a
 * kernel task that sleeps while it works on something. All functions need task
 * switches postponed [P].
 */
#pragma once

#include "kernel/task/wait.h"

struct mutex {
	struct task *owner;		/* [P] NULL: free */
	struct wait_queue queue;	/* [P] who wants it */
};

/* Memory that the caller owns becomes a mutex without an owner. */
void mutex_init(struct mutex *mutex);

/*
 * Become the owner, waiting for that until deadline_ns (since boot; FOREVER:
 * without end; 0: not at all). Served by priority, then in order. Returns 0,
 * -EDEADLK: the caller owns it already, -ETIMEDOUT, or -EINTR: a signal came.
 */
int acquire_mutex(struct mutex *mutex, uint64_t deadline_ns);

/*
 * Hand it to the first who waits. Never sleeps. Returns 0, or -EPERM: the
 * caller is not the owner.
 */
int release_mutex(struct mutex *mutex);
