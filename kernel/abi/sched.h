/*
 * sched.h - policies and priorities of tasks.
 *
 * kernel/task/README.md says which rule of the tutorial each policy is.
 */
#pragma once

#include "kernel/abi/time.h"

#define SCHED_OTHER	0	/* shares time: users first, then nice */
#define SCHED_FIFO	1	/* real-time: runs until it waits */
#define SCHED_RR	2	/* real-time: takes turns with equals */
#define SCHED_BATCH	3	/* of Linux: EINVAL here */
#define SCHED_IDLE	5	/* runs when no other task can, as on Linux */

/* Priorities of SCHED_FIFO and SCHED_RR; others have 0. */
#define SCHED_PRIORITY_LEAST	1
#define SCHED_PRIORITY_MOST	32

/* Which tasks a call is for. */
#define SCHED_PROCESS	0	/* of a process; 0: of the caller's */
#define SCHED_THREAD	1	/* this thread of the caller's process */
#define SCHED_CEILING	2	/* the caller, while it holds mutexes with
				   ceilings: the last and the highest */

struct sched_state {
	int policy;
	int priority;
	struct timespec slice;	/* 0 for SCHED_FIFO, which has none */
};
