/*
 * semaphore.h - counted units for kernel tasks (Step 13 of the tutorial).
 *
 * For kernel tasks only: the semaphores of programs are in kernel/ipc/futex.c.
 * All functions need task switches postponed [P].
 */
#pragma once

#include "kernel/task/wait.h"

struct semaphore {
	uint32_t units;			/* [P] free units */
	struct wait_queue queue;	/* [P] tasks that wait for a unit */
};

#define SEMAPHORE_UNITS_MOST	0x7fffffffu

/* Initialise a semaphore in the caller's memory, with so many units. */
void semaphore_init(struct semaphore *semaphore, uint32_t units);

/*
 * Take a unit. Sleeps while no unit is free, at most until deadline_ns (since
 * boot; FOREVER: without end; 0: no sleep). Waiters are served by priority,
 * then in order, and no newcomer goes first. Returns 0, -ETIMEDOUT, or -EINTR:
 * a signal came.
 */
int acquire_semaphore(struct semaphore *semaphore, uint64_t deadline_ns);

/*
 * Add a unit, and give the first waiter a turn. Never sleeps. Returns 0, or
 * -EOVERFLOW: the semaphore has SEMAPHORE_UNITS_MOST units already.
 */
int release_semaphore(struct semaphore *semaphore);
