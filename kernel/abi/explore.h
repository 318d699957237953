/*
 * explore.h - a schedule that a program decides: explore_open(2).
 *
 * The explored tasks run one at a time, and only a decision takes the processor
 * from a task that could go on. A decision comes before a system call of an
 * explored task while a second explored task is ready, after a wait, and, with
 * EXPLORE_MEMORY, before an access to a word that two tasks use.
 */
#pragma once

#include "kernel/abi/types.h"

/* Flags of explore_open(2), beside O_CLOEXEC. */
#define EXPLORE_MEMORY		1	/* decide before shared words as well */

/* Operations of explore_control(2). */
#define EXPLORE_GO_ON		0	/* end the earliest sleep */
#define EXPLORE_END		1	/* kill the explored processes */
#define EXPLORE_WORDS		2	/* how many shared words are known */

/* Results of EXPLORE_GO_ON. */
#define EXPLORE_EMPTY		0	/* no process is explored */
#define EXPLORE_STUCK		1	/* all wait, without a deadline */
#define EXPLORE_WOKEN		2	/* a sleep was ended */
#define EXPLORE_OUTSIDE		3	/* a task waits for an outer event, or
					 * is ready with its own policy */
#define EXPLORE_SPINNING	4	/* too long: all were killed */

#define EXPLORE_STEPS_MOST	4096	/* decisions of a run */
#define EXPLORE_PLACES		6	/* return addresses of a decision */
#define EXPLORE_CHOICES_MOST	64	/* of a plan */
#define EXPLORE_TASKS_MOST	64	/* numbered tasks of a run */

/*
 * A plan, written to the descriptor, is an array of choices in the order of
 * time: when this task is at this position, take the ready task number
 * `choice`. Number 0 is the running task, and the choice of all decisions that
 * the plan leaves out. Tasks have numbers in the order of their creation. The
 * position of a task grows with the beginning and the end of each system call,
 * with each instruction that traps, and when a wait of the other tasks brings
 * back a task that a decision had stopped.
 */
struct explore_choice {
	uint16_t task;
	uint16_t choice;
	uint32_t position;
};

/*
 * As task of a plan's first choice: ranks by chance. Each task has a rank, and
 * each decision that the plan leaves out takes the task with the highest rank.
 * Twice among the first `choice` decisions, the running task gets the lowest
 * rank. `position` is the seed: the same seed gives the same ranks.
 */
#define EXPLORE_RANKS	0xffff

#define EXPLORE_ACCESS	0xffff		/* as call: an access to memory */

/* What the next call or access of a task can change or notice outside the task.
 * Two effects conflict if their order may matter. */
#define EXPLORE_ANYTHING	0	/* conflicts even with itself */
#define EXPLORE_NOTHING		1	/* conflicts with no effect */
#define EXPLORE_READS		2	/* the word or pipe `key` */
#define EXPLORE_WRITES		3

/* A decision, read from the descriptor. */
struct explore_step {
	uint16_t task;			/* the running task */
	uint16_t call;			/* number of the system call that comes
					 * next, or EXPLORE_ACCESS */
	uint8_t others;			/* further ready tasks */
	uint8_t choice;
	uint8_t is_free;		/* no preemption: another task waits */
	uint8_t is_end;			/* the call is over, not to come */
	uint8_t effect;			/* of the call or access */
	uint8_t unused[3];
	uint32_t key;			/* the same in runs that are equal so
					 * far */
	uint32_t position;		/* of the task */
	uint32_t object;		/* the address accessed, or 0 */
	uint32_t places[EXPLORE_PLACES];	/* return addresses, from the
					 * caller of libc's stub on; 0: no
					 * more */
};
