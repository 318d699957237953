/* explore.h - the parts of explore: a run, the search, a schedule in a file. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <sys/explore.h>

/* A plan with the last choice a step after the plan tried before. */
struct sibling {
	bool is_next;			/* false: there is no such plan */
	uint8_t effect;			/* of the step between both choices */
	uint32_t key;
};

/* The decisions of a run beside the default, in order. */
struct plan {
	unsigned preemptions;		/* choices, less the free choices */
	unsigned count;
	struct sibling sibling;
	struct explore_choice choices[EXPLORE_CHOICES_MOST];
};

/* Does the plan give ranks by chance, not choices? */
static inline bool plan_has_ranks(const struct plan *plan)
{
	return plan->count > 0 && plan->choices[0].task == EXPLORE_RANKS;
}

enum outcome {
	OUTCOME_PASSED,
	OUTCOME_STATUS,			/* exit status above 0 */
	OUTCOME_SIGNAL,			/* killed by a signal */
	OUTCOME_STUCK,			/* a deadlock, whole or partial */
	OUTCOME_SPINNING,		/* no progress in too many steps */
	OUTCOME_OUTPUT,			/* differs from the first run */
	OUTCOME_LEAK			/* left something behind */
};

/* The results of a run. */
struct run {
	enum outcome outcome;
	int status;			/* of waitpid() */
	char left[80];			/* the things left behind */
	unsigned count;
	struct explore_step steps[EXPLORE_STEPS_MOST];
};

struct subject {
	char **arguments;
	bool has_memory;		/* decisions before shared words */
	bool has_same_output;		/* as in the first run, or a failure */
	bool has_no_leak;		/* or a failure */
};

/* run.c */

/* Get ready to run this subject. Ends the program without the right to. */
void run_begin(const struct subject *subject);
/* Run the subject by the plan. `stuck`: where to print all waits, if
 * the run gets stuck; or NULL. */
void run_subject(const struct plan *plan, struct run *run, FILE *stuck);
/* Copy the output of the last run to this file. */
void run_show_output(FILE *to);
/* How many words of memory the tasks share, as far as the runs have shown. */
int run_words(void);
/* The step of the run with choice number i of the plan; run->count: none. */
unsigned run_step_of(const struct run *run, const struct plan *plan,
		     unsigned i);

/* search.c */

struct search {
	unsigned bound;			/* of preemptions */
	unsigned seconds;
	bool has_bound;			/* stop after the bound */
	unsigned schedules;		/* tried */
	unsigned equal;			/* left out: equal to a plan tried */
	unsigned completed;		/* bounds completed */
	double rest;			/* about so many up to the bound */
	bool is_over;			/* all schedules were tried */
};

/* Try schedules until a run fails: true, with the plan made short. */
bool search(struct search *search, struct plan *plan, struct run *run);

/* equal.c */

/* How the plan with a choice at the next step relates to the plan at `step`. */
struct sibling sibling_after(const struct run *run, unsigned step);
/* The plan has been run: keep the run, to compare the next sibling with. */
void sibling_keep(const struct plan *plan, const struct run *run);
/* Would the run be equal to the run kept last, in a different order? */
bool sibling_is_equal(const struct plan *plan);
/* The steps of the kept run while the task of the last choice was stopped. */
const struct explore_step *sibling_segment(unsigned *count_out);

/* leak.c */

/* A run begins. */
void leak_begin(void);
/* The run is over. Has the run left anything behind? Then `to` names it, and
 * names and objects of System V are removed. */
bool leak_find(char *to, size_t size);

/* schedule.c */

/* The plan of a text TASK:POSITION:CHOICE with commas, or of "-", no choice.
 * Ends the program at a bad text. */
void schedule_parse(const char *text, struct plan *plan);

/* Write the plan to the file. Returns 0, or -1 with errno. */
int schedule_write(const char *path, const struct subject *subject,
		   const struct plan *plan);
/* Read a plan for the subject; ends the program at a bad file. */
void schedule_read(const char *path, const struct subject *subject,
		   struct plan *plan);
