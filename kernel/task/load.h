/*
 * load.h - how many tasks run or could run, on average.
 *
 * All functions need [P], and no function sleeps.
 */
#pragma once

#include "kernel/lib/types.h"

#define LOAD_ONE	2048u		/* one task */
#define LOADS		3		/* over 1, 5 and 15 minutes */

/* At boot, when the clock runs. */
void load_start(void);
/* Count the ready tasks; the running task has just become one of them. */
void load_count(void);
/* A turn is over: tasks compete. Most turns cost a step. */
#define LOAD_TURNS	32
extern uint32_t load_turns;		/* [P] until the next count */
static inline void load_turn(void)
{
	if (load_turns-- == 0)
		load_count();
}
/* The idle task is about to halt, or has just halted. */
void load_look(void);
/* The averages, in parts of LOAD_ONE. */
void load_averages(uint32_t to[LOADS]);
/* The tasks that run or are ready now, of at most LOAD_TASKS_MOST. */
uint32_t load_tasks(void);
#define LOAD_TASKS_MOST	1000
