/*
 * explore.h - a run of explored tasks: explore.c has the descriptor and the
 * calls of the explorer, explore_step.c the decisions.
 */
#pragma once

#include "kernel/abi/explore.h"
#include "kernel/abi/limits.h"
#include "kernel/obj/object.h"
#include "kernel/task/process.h"

#define STEPS_OF_PAGE	(PAGE_SIZE / sizeof(struct explore_step))
#define STEP_PAGES	(EXPLORE_STEPS_MOST / STEPS_OF_PAGE + 1)
#define WORDS_OF_PAGE	(PAGE_SIZE / sizeof(struct word))
#define WORD_PAGES	64
#define EXPLORE_PIPES_MOST	32

/* A word of memory that an explored task has used. */
struct word {
	uint32_t key;			/* [P] 0: a free entry */
	uint8_t task;			/* [P] the first task */
	bool has_more;			/* [P] further tasks */
	bool is_written;		/* [P] */
};

struct explore {
	struct object object;		/* [P] */
	bool has_memory;		/* [const] decide before shared words */
	bool is_spinning;		/* [P] the run was too long */
	const struct task *running;	/* [P] the last decision's choice */
	uint32_t streak;		/* [P] decisions since it runs */
	uint32_t step_count;		/* [P] of this run */
	uint32_t read_count;		/* [P] steps that were read */
	uint32_t choice_count;		/* [P] of the plan */
	uint32_t choice_next;		/* [P] not used yet */
	struct explore_choice choices[EXPLORE_CHOICES_MOST];	/* [P] */
	pid_t tasks[EXPLORE_TASKS_MOST];	/* [P] by number */
	uint32_t positions[EXPLORE_TASKS_MOST];	/* [P] by number */
	uint32_t ranks[EXPLORE_TASKS_MOST];	/* [P] by number */
	uint32_t lowest_rank;		/* [P] given away next, if has_ranks */
	uint32_t seed;			/* [P] of the ranks */
	uint32_t rank_change[2];	/* [P] numbers of decisions */
	bool has_ranks;			/* [P] by chance, in this run */
	uint32_t task_count;		/* [P] */
	const struct object *pipes[EXPLORE_PIPES_MOST];	/* [P] only compared */
	uint32_t pipe_count;		/* [P] used in this run */
	uint32_t word_count;		/* [P] shared words found so far */
	struct explore_step *steps[STEP_PAGES];	/* [P] NULL: unused */
	struct word *words[WORD_PAGES];	/* [P] NULL: unused */
	struct timer spin;		/* [P] ends a run without an end */
	uint32_t spin_ticks;		/* [P] of this run */
};

static inline struct explore *explore_of(const struct object *object)
{
	return CONTAINER_OF(object, struct explore, object);
}

/* Is the process attached to this descriptor? */
static inline bool is_explored(const struct process *process,
			       const struct explore *explore)
{
	return process && process->tracer == &explore->object;
}

/* ---- explore_step.c ------------------------------------------------------ */

/* End all processes of the run. */
void explore_end(const struct explore *explore);
/* The run makes no progress: end all processes, and decide nothing more. */
void explore_end_spinning(struct explore *explore);
/* ops->call of the descriptor: see kernel/sys/tracer.h. */
void explore_call(struct object *tracer, uint32_t number,
		  const uint32_t *arguments, const int32_t *result);

/* ---- explore_effect.c ---------------------------------------------------- */

/* A number for the word at this address, the same in each run; 0: no further
 * task can use the word. */
uint32_t explore_word_key(uaddr_t address);
/* Fill in effect and key of a step that is a call of the running task. */
void explore_effect_of_call(struct explore *explore, struct explore_step *step,
			    const uint32_t *arguments);

/* ---- explore_rank.c ------------------------------------------------------ */

/* A new run has ranks by chance, as this choice tells. */
void explore_begin_ranks(struct explore *explore,
			 const struct explore_choice *choice);
/* The number of the task with this id: a new one for a new task. */
unsigned explore_number_of(struct explore *explore, pid_t id);
/* The running task has the lowest rank from now on. */
void explore_lower_rank(struct explore *explore);
/* The choice with the highest rank: the running task or a ready one. */
unsigned explore_choose_by_rank(struct explore *explore);
