/*
 * semaphore.h - counted units for kernel tasks (Step 13 of the tutorial).
 *
 * Programs have semaphores of their own; this one is for the kernel's tasks,
 * which have no descriptors. All functions need task switches postponed [P].
 */
#pragma once

#include "kernel/task/wait.h"

struct semaphore {
	uint32_t units;			/* [P] free ones */
	struct wait_queue queue;	/* [P] who waits for one */
};

#define SEMAPHORE_UNITS_MOST	0x7fffffffu

/* Memory that the caller owns becomes a semaphore with so many units. */
void semaphore_init(struct semaphore *semaphore, uint32_t units);

/*
 * Take a unit, waiting for it until deadline_ns (since boot; FOREVER: without
 * end; 0: not at all). Waiters are served by priority, then in order, and no
 * newcomer goes first. Returns 0, -ETIMEDOUT, or -EINTR: a signal came.
 */
int acquire_semaphore(struct semaphore *semaphore, uint64_t deadline_ns);

/*
 * Give a unit back, or add one: it goes to the first waiter. Never sleeps.
 * Returns 0, or -EOVERFLOW with SEMAPHORE_UNITS_MOST.
 */
int release_semaphore(struct semaphore *semaphore);
