/*
 * equal.c - plans without a need to run: the run would equal an earlier run.
 *
 * A plan stops task A before A's next step `a` and lets a different task go on.
 * The sibling plan stops A a step later, behind `a`. If `a` does not conflict
 * with any step of the remaining tasks until A goes on, the two runs differ
 * only in the place of `a`, and have the same effect (P. Godefroid,
 * "Partial-Order Methods for the Verification of Concurrent Systems", 1996:
 * sleep sets). So the second sibling is left out. Both have the same number of
 * preemptions, so the bound keeps its meaning (K. Coons, M. Musuvathi, K.
 * McKinley, "Bounded Partial-Order Reduction", 2013, tells where sleep sets and
 * a bound disagree).
 *
 * All plans that come from the second sibling come from the first as well, with
 * an exception: while A is stopped, a choice may bring a third task, and the
 * steps of this task conflict with `a`. search.c adds the plans with such a
 * choice.
 */
#include <string.h>

#include "user/explore/explore.h"

/* Of the run kept last: the steps while the task was stopped, and the steps
 * before which further tasks had been stopped earlier. */
static struct explore_step segment[EXPLORE_STEPS_MOST];
static unsigned segment_count;
static struct explore_step begun[EXPLORE_TASKS_MOST];
static unsigned begun_count;

struct sibling sibling_after(const struct run *run, unsigned step)
{
	const struct explore_step *at = &run->steps[step];

	if (step + 1 == run->count)
		return (struct sibling){ .is_next = false };
	return (struct sibling){
		.is_next = at->choice == 0 && !at->is_free &&
			   at[1].task == at->task && !at[1].is_free,
		.effect = at->effect,
		.key = at->key,
	};
}

/* At step `end`, this task was stopped before the returned step. */
static const struct explore_step *stopped_at(const struct run *run,
					     unsigned task, unsigned end)
{
	while (end-- > 0)
		if (run->steps[end].task == task)
			return run->steps[end].choice ? &run->steps[end] : NULL;
	return NULL;
}

void sibling_keep(const struct plan *plan, const struct run *run)
{
	unsigned step = run_step_of(run, plan, plan->count - 1);
	const struct explore_step *at;
	unsigned task;

	segment_count = begun_count = 0;
	if (step >= run->count)
		return;
	task = run->steps[step].task;
	for (unsigned other = 0; other < EXPLORE_TASKS_MOST; other++) {
		at = other == task ? NULL : stopped_at(run, other, step);
		if (at)
			begun[begun_count++] = *at;
	}
	for (step++; step < run->count && run->steps[step].task != task; step++)
		segment[segment_count++] = run->steps[step];
}

static bool conflicts(const struct sibling *with, const struct explore_step *at)
{
	if (with->effect == EXPLORE_NOTHING || at->effect == EXPLORE_NOTHING)
		return false;
	if (with->effect == EXPLORE_ANYTHING || at->effect == EXPLORE_ANYTHING)
		return true;
	return with->key == at->key && (with->effect == EXPLORE_WRITES ||
					at->effect == EXPLORE_WRITES);
}

bool sibling_is_equal(const struct plan *plan)
{
	if (!plan->sibling.is_next)
		return false;
	for (unsigned i = 0; i < begun_count; i++)
		if (conflicts(&plan->sibling, &begun[i]))
			return false;
	for (unsigned i = 0; i < segment_count; i++)
		if (conflicts(&plan->sibling, &segment[i]))
			return false;
	return true;
}

const struct explore_step *sibling_segment(unsigned *count_out)
{
	*count_out = segment_count;
	return segment;
}
