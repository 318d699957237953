/*
 * explore_rank.c - the numbers of explored tasks, and decisions by ranks that
 * chance has given.
 *
 * Each task has a rank, and the task with the highest rank runs. Twice in a
 * run, at a decision by chance, the running task becomes the lowest. A failure
 * that needs three steps in a certain order shows in such a run with a
 * probability of at least 1 / (n * k * k), for n tasks and k decisions
 * (S. Burckhardt, P. Kothari, M. Musuvathi, S. Nagarakatte, "A Randomized
 * Scheduler with Probabilistic Guarantees of Finding Bugs", 2010).
 *
 * A task that yields, or that has decided too often in a row, becomes the
 * lowest too: the task may spin until a task with a lower rank has run.
 */
#include "kernel/sys/explore.h"

#include "arch/arch.h"

#define FIRST_RANKS	0x80000000u	/* above all ranks that are lowered */

/* A number by chance, always the same for the same two numbers. */
static uint32_t mix(uint32_t seed, uint32_t n)
{
	uint32_t x = seed * 0x9e3779b1 + n * 0x85ebca6b + 1;

	x = (x ^ x >> 16) * 0x7feb352d;
	x = (x ^ x >> 15) * 0x846ca68b;
	return x ^ x >> 16;
}

void explore_begin_ranks(struct explore *explore,
			 const struct explore_choice *choice)
{
	const uint32_t decisions = MAX(choice->choice, 1);
	unsigned i;

	explore->has_ranks = true;
	explore->seed = choice->position;
	explore->lowest_rank = FIRST_RANKS - 1;
	for (i = 0; i < ARRAY_LENGTH(explore->rank_change); i++)
		explore->rank_change[i] =
			mix(choice->position, EXPLORE_TASKS_MOST + i) %
			decisions;
}

unsigned explore_number_of(struct explore *explore, pid_t id)
{
	unsigned i;

	for (i = 0; i < explore->task_count; i++)
		if (explore->tasks[i] == id)
			return i;
	if (i == EXPLORE_TASKS_MOST)
		return i - 1;
	explore->tasks[i] = id;
	explore->positions[i] = 0;
	explore->ranks[i] = FIRST_RANKS | mix(explore->seed, i);
	return explore->task_count++;
}

void explore_lower_rank(struct explore *explore)
{
	unsigned number = explore_number_of(explore, task_current()->id);

	explore->ranks[number] = explore->lowest_rank--;
}

unsigned explore_choose_by_rank(struct explore *explore)
{
	struct list *ready = &arch_cpu()->ready[PRIORITY_LOWEST];
	unsigned n = 0, choice = 0, i;
	const struct task *task;
	uint32_t rank, highest;

	for (i = 0; i < ARRAY_LENGTH(explore->rank_change); i++)
		if (explore->rank_change[i] == explore->step_count)
			explore_lower_rank(explore);
	highest = explore->ranks[explore_number_of(explore,
						   task_current()->id)];
	LIST_FOR_EACH(task, ready, ready) {
		if (!is_explored(task->process, explore))
			continue;
		n++;
		rank = explore->ranks[explore_number_of(explore, task->id)];
		if (rank > highest) {
			highest = rank;
			choice = n;
		}
	}
	return choice;
}
