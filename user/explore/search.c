/*
 * search.c - which schedules to try.
 *
 * Most races need few preemptions: places where a task gives way but could go
 * on (M. Musuvathi, S. Qadeer, "Iterative Context Bounding for Systematic
 * Testing of Multithreaded Programs", 2007). So first come all schedules
 * without a preemption, then all with a single preemption, and so on. A run
 * shows where the next decisions are: each choice not made by the run, behind
 * the last step of its plan, is a further plan to try. A choice after a wait is
 * free.
 * equal.c leaves out plans whose runs would be equal to runs before.
 *
 * Behind the last bound come runs with ranks by chance (kernel/sys/
 * explore_rank.c). Such a run is written down as its choices.
 */
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "user/explore/explore.h"

#define PLANS_MOST	200000		/* waiting to be tried */
#define BOUND_MOST	16

struct waiting {
	struct waiting *next;
	unsigned preemptions, count;
	struct sibling sibling;
	struct explore_choice choices[];
};

/* Plans to try, by their preemptions; first in, first out. */
static struct waiting *first[BOUND_MOST + 2], **last[BOUND_MOST + 2];
static unsigned waiting_count;
/* By preemptions: plans that were run, and plans that came from them, with as
 * many preemptions and with a further preemption. */
static unsigned runs[BOUND_MOST + 2], grown[BOUND_MOST + 2][2];
static bool has_dropped;

/* A plan with a further choice, at this step. */
static void add(const struct plan *plan, const struct explore_step *step,
		unsigned choice, struct sibling sibling)
{
	unsigned preemptions = plan->preemptions + !step->is_free;
	size_t bytes = plan->count * sizeof(plan->choices[0]);
	struct waiting *new;

	if (preemptions > BOUND_MOST + 1 ||
	    plan->count == EXPLORE_CHOICES_MOST)
		return;
	if (waiting_count == PLANS_MOST) {
		has_dropped = true;
		return;
	}
	new = need(malloc(sizeof(*new) + bytes + sizeof(new->choices[0])));
	new->next = NULL;
	new->preemptions = preemptions;
	new->count = plan->count + 1;
	new->sibling = sibling;
	memcpy(new->choices, plan->choices, bytes);
	new->choices[plan->count] = (struct explore_choice){
		step->task, choice, step->position };
	*last[preemptions] = new;
	last[preemptions] = &new->next;
	waiting_count++;
	grown[plan->preemptions][!step->is_free]++;
}

static bool take(unsigned preemptions, struct plan *plan)
{
	struct waiting *head = first[preemptions];

	if (!head)
		return false;
	first[preemptions] = head->next;
	if (!head->next)
		last[preemptions] = &first[preemptions];
	plan->preemptions = head->preemptions;
	plan->count = head->count;
	plan->sibling = head->sibling;
	memcpy(plan->choices, head->choices,
	       head->count * sizeof(head->choices[0]));
	free(head);
	waiting_count--;
	return true;
}

/* All plans that choose the ready task number `choice` at a step of this run,
 * and the running task or the plan's choice at the steps before. */
static void branch_to(const struct plan *plan, const struct run *run,
		      unsigned begin, unsigned choice, unsigned bound)
{
	struct sibling sibling = { .is_next = false };

	for (unsigned step = begin; step < run->count; step++) {
		const struct explore_step *at = &run->steps[step];

		if (choice > at->others || choice == at->choice ||
		    (!at->is_free && plan->preemptions > bound)) {
			sibling.is_next = false;
			continue;
		}
		add(plan, at, choice, sibling);
		sibling = sibling_after(run, step);
	}
}

/* All plans with a single choice more than this run. */
static void branch(const struct plan *plan, const struct run *run,
		   unsigned bound)
{
	unsigned begin = plan->count
		? run_step_of(run, plan, plan->count - 1) + 1 : 0;
	unsigned most = 0;

	runs[plan->preemptions]++;
	for (unsigned step = begin; step < run->count; step++)
		if (most < run->steps[step].others)
			most = run->steps[step].others;
	for (unsigned choice = 0; choice <= most; choice++)
		branch_to(plan, run, begin, choice, bound);
}

/* The plans that come from a plan whose run would be equal to the run of its
 * sibling. Only before the task of the last choice goes on, a third task can
 * bring a difference. */
static void branch_equal(const struct plan *plan, unsigned bound)
{
	const struct explore_step *at;
	unsigned count;

	runs[plan->preemptions]++;
	at = sibling_segment(&count);
	for (; count > 0; count--, at++) {
		if (at->others < 2 ||
		    (!at->is_free && plan->preemptions > bound))
			continue;
		for (unsigned choice = 0; choice <= at->others; choice++)
			if (choice != at->choice)
				add(plan, at, choice, (struct sibling){ 0 });
	}
}

/* Leave out each choice without a part in the failure. */
static void shorten(struct plan *plan, struct run *run)
{
	static struct run shorter;
	struct plan less;

	for (unsigned i = plan->count; i-- > 0;) {
		less = *plan;
		less.count--;
		memmove(&less.choices[i], &less.choices[i + 1],
			(less.count - i) * sizeof(less.choices[0]));
		run_subject(&less, &shorter, NULL);
		if (shorter.outcome != run->outcome)
			continue;
		*plan = less;
		*run = shorter;
	}
}

/* The choices of a run by ranks, if they are few and fail in the same way. */
static void write_choices(struct plan *plan, struct run *run)
{
	struct plan choices = { .count = 0 };
	static struct run again;

	for (unsigned i = 0; i < run->count; i++) {
		const struct explore_step *at = &run->steps[i];

		if (at->choice == 0)
			continue;
		if (choices.count == EXPLORE_CHOICES_MOST)
			return;
		choices.choices[choices.count++] = (struct explore_choice){
			at->task, at->choice, at->position };
	}
	run_subject(&choices, &again, NULL);
	if (again.outcome != run->outcome)
		return;
	*plan = choices;
	*run = again;
}

static bool fails(struct search *search, struct plan *plan, struct run *run)
{
	run_subject(plan, run, NULL);
	search->schedules++;
	if (run->outcome == OUTCOME_PASSED)
		return false;
	if (plan_has_ranks(plan))
		write_choices(plan, run);
	if (!plan_has_ranks(plan))
		shorten(plan, run);
	return true;
}

/* Ranks by chance, changed within as many decisions as the last run had. */
static void by_chance(struct plan *plan, const struct run *run)
{
	*plan = (struct plan){
		.count = 1,
		.choices = { { EXPLORE_RANKS, run->count, rand() } },
	};
}

static bool try_bound(struct search *search, unsigned bound, time_t end,
		      struct plan *plan, struct run *run)
{
	while (time(NULL) < end && take(bound, plan)) {
		if (sibling_is_equal(plan)) {
			search->equal++;
			branch_equal(plan, search->bound);
			continue;
		}
		if (fails(search, plan, run))
			return true;
		sibling_keep(plan, run);
		branch(plan, run, search->bound);
	}
	return false;
}

static void forget_plans(void)
{
	struct plan unused;

	for (unsigned i = 0; i < BOUND_MOST + 2; i++) {
		if (!last[i])
			last[i] = &first[i];
		while (take(i, &unused))
			;
	}
	memset(runs, 0, sizeof(runs));
	memset(grown, 0, sizeof(grown));
}

/* About how many plans up to the bound were not run: the waiting plans, and all
 * plans that would come from them. A plan with n preemptions brings as many new
 * plans as the tried plans with n, on average; if none was run, fewer than a
 * plan with n - 1, as the choices of a plan stand in order. */
static double estimate_rest(unsigned bound)
{
	double rest = 0, sum = 0, same = 0, more = 0;

	for (unsigned i = 0; i <= bound; i++) {
		rest *= more;
		for (const struct waiting *at = first[i]; at; at = at->next)
			rest++;
		if (runs[i]) {
			same = (double)grown[i][0] / runs[i];
			more = (double)grown[i][1] / runs[i];
		} else {
			more *= i / (i + 1.0);
		}
		rest /= 1 - (same < 0.9 ? same : 0.9);
		sum += rest;
	}
	return sum;
}

/* The first schedule, until a run finds no further words: then the run shows
 * all its decisions. */
static bool first_schedule(struct search *search, struct plan *plan,
			   struct run *run)
{
	int words;

	*plan = (struct plan){ .count = 0 };
	do {
		words = run_words();
		if (fails(search, plan, run))
			return true;
	} while (run_words() != words);
	return false;
}

/* All schedules up to the bound; true: a schedule has failed. */
static bool try_bounds(struct search *search, time_t end, struct plan *plan,
		       struct run *run)
{
	forget_plans();
	search->completed = search->equal = 0;
	if (first_schedule(search, plan, run))
		return true;
	branch(plan, run, search->bound);
	for (unsigned bound = 0; bound <= search->bound; bound++) {
		if (try_bound(search, bound, end, plan, run))
			return true;
		if (first[bound] || has_dropped)
			break;
		search->completed = bound + 1;
	}
	search->rest = estimate_rest(search->bound);
	search->is_over = waiting_count == 0 && !has_dropped;
	return false;
}

bool search(struct search *search, struct plan *plan, struct run *run)
{
	time_t end = time(NULL) + search->seconds;
	int words;

	/* A run may find further words, before which there are decisions. */
	do {
		words = run_words();
		if (try_bounds(search, end, plan, run))
			return true;
	} while (run_words() != words && time(NULL) < end);
	while (!search->is_over && !search->has_bound && time(NULL) < end) {
		by_chance(plan, run);
		if (fails(search, plan, run))
			return true;
	}
	return false;
}
