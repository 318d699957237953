/*
 * explore.c - does the search leave out only schedules that are equal?
 *
 * Three tasks by chance read, write and lock three words. A simulation takes
 * the decisions as kernel/sys/explore_step.c does. The search runs twice over
 * the same tasks: as it is, and with no schedule left out. Both must reach the
 * same set of ends.
 *
 * flags: -Itests/host/explorer
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The host's types, beside those that kernel.h renames. */
#define timer_t		kernel_timer_t
#define key_t		kernel_key_t
#define fsblkcnt_t	kernel_fsblkcnt_t
#define fsfilcnt_t	kernel_fsfilcnt_t
#include "tests/host/kernel.h"

static bool leaves_out;			/* the search, as it is */

#define sibling_is_equal true_sibling_is_equal
#include "user/explore/equal.c"
#undef sibling_is_equal

bool sibling_is_equal(const struct plan *plan)
{
	return leaves_out && true_sibling_is_equal(plan);
}

#include "user/explore/search.c"

#define TASKS		3
#define WORDS		3
#define OPS_MOST	5
#define ENDS_MOST	20000
#define SEEDS		150

enum op_kind { OP_READ, OP_WRITE, OP_LOCK, OP_UNLOCK, OP_KINDS };

struct op {
	enum op_kind kind;
	unsigned word;
};

struct actor {
	struct op ops[OPS_MOST];
	unsigned count;
	unsigned next;			/* the op that comes next */
	unsigned position;
	uint32_t seen;			/* a sum of all that was read */
	bool is_stopped;		/* by a decision, before the next op */
	bool was_woken;			/* the wait for a lock is over */
};

static struct actor actors[TASKS];
static uint32_t words[WORDS];
static int owner[WORDS];		/* of the lock of the word; -1: free */
static unsigned waiting[TASKS], waiting_total;	/* for locks, in order */
static unsigned ready[TASKS], ready_count;
static int chosen;			/* explore->running */

static uint32_t ends[2][ENDS_MOST];
static unsigned end_count[2];

/* ---- The tasks of a run -------------------------------------------------- */

static void ready_append(unsigned task)
{
	ready[ready_count++] = task;
}

static unsigned ready_take(unsigned n)
{
	unsigned task = ready[n];

	ready_count--;
	memmove(&ready[n], &ready[n + 1], (ready_count - n) * sizeof(ready[0]));
	return task;
}

static void give_lock(unsigned word)
{
	owner[word] = -1;
	for (unsigned i = 0; i < waiting_total; i++) {
		struct actor *actor = &actors[waiting[i]];

		if (actor->ops[actor->next].word != word)
			continue;
		owner[word] = waiting[i];
		actor->was_woken = true;
		ready_append(waiting[i]);
		waiting_total--;
		memmove(&waiting[i], &waiting[i + 1],
			(waiting_total - i) * sizeof(waiting[0]));
		return;
	}
}

/* False: the task waits. */
static bool act(unsigned task)
{
	struct actor *actor = &actors[task];
	const struct op *op = &actor->ops[actor->next];

	switch (op->kind) {
	case OP_READ:
		actor->seen = actor->seen * 31 + words[op->word] + 1;
		break;
	case OP_WRITE:
		words[op->word] = actor->seen * 17 + task + 1 +
				  10 * actor->next;
		break;
	case OP_LOCK:
		if (owner[op->word] == (int)task)
			break;
		if (owner[op->word] >= 0) {
			waiting[waiting_total++] = task;
			return false;
		}
		owner[op->word] = task;
		break;
	default:
		if (owner[op->word] == (int)task)
			give_lock(op->word);
	}
	actor->next++;
	return true;
}

static void describe(const struct actor *actor, struct explore_step *step)
{
	const struct op *op = &actor->ops[actor->next];

	step->key = op->kind < OP_LOCK ? 1 + op->word : 10 + op->word;
	step->effect = op->kind == OP_READ ? EXPLORE_READS : EXPLORE_WRITES;
}

/* ---- Decisions ----------------------------------------------------------- */

/* The choice of the plan. `at` is the plan's next choice. */
static unsigned choice_of(const struct plan *plan, unsigned *at,
			  const struct explore_step *step)
{
	const struct explore_choice *choice = &plan->choices[*at];

	if (*at == plan->count || choice->task != step->task ||
	    choice->position != step->position)
		return 0;
	++*at;
	return choice->choice < step->others ? choice->choice : step->others;
}

/* The task that runs now: this one, or a ready one in its place. */
static unsigned decide(const struct plan *plan, unsigned *at, struct run *run,
		       unsigned task, bool is_end)
{
	struct explore_step *step = &run->steps[run->count];
	unsigned next;

	actors[task].position++;
	*step = (struct explore_step){
		.task = task, .position = actors[task].position,
		.others = ready_count, .is_free = chosen != (int)task,
		.is_end = is_end,
	};
	describe(&actors[task], step);
	chosen = task;
	if (ready_count == 0)
		return task;
	step->choice = choice_of(plan, at, step);
	run->count++;
	if (step->choice == 0)
		return task;
	next = ready_take(step->choice - 1);
	actors[task].is_stopped = true;
	ready_append(task);
	chosen = next;
	return next;
}

/* Let the task come to its next op. The task that runs then. */
static unsigned go_to_op(const struct plan *plan, unsigned *at, struct run *run,
			 unsigned task)
{
	struct actor *actor = &actors[task];
	unsigned next = task;

	if (actor->is_stopped) {
		actor->is_stopped = false;
		return chosen == (int)task ? task
					   : decide(plan, at, run, task, false);
	}
	if (actor->was_woken && chosen != (int)task)
		next = decide(plan, at, run, task, true);
	return next != task ? next : decide(plan, at, run, task, false);
}

static uint32_t end_of_run(void)
{
	uint32_t end = waiting_total;

	for (unsigned i = 0; i < WORDS; i++)
		end = end * 1000003 + words[i];
	for (unsigned i = 0; i < TASKS; i++)
		end = end * 1000003 + actors[i].seen + actors[i].next;
	return end;
}

static void keep_end(uint32_t end)
{
	unsigned *count = &end_count[leaves_out];

	for (unsigned i = 0; i < *count; i++)
		if (ends[leaves_out][i] == end)
			return;
	if (*count < ENDS_MOST)
		ends[leaves_out][(*count)++] = end;
}

static void begin(void)
{
	memset(words, 0, sizeof(words));
	waiting_total = ready_count = 0;
	chosen = -1;
	for (unsigned i = 0; i < WORDS; i++)
		owner[i] = -1;
	for (unsigned i = 0; i < TASKS; i++) {
		actors[i].next = actors[i].position = actors[i].seen = 0;
		actors[i].is_stopped = actors[i].was_woken = false;
		ready_append(i);
	}
}

void run_subject(const struct plan *plan, struct run *run, FILE *stuck)
{
	unsigned at = 0, task, next;

	(void)stuck;
	begin();
	run->outcome = OUTCOME_PASSED;
	run->count = 0;
	while (ready_count > 0) {
		task = ready_take(0);
		while (actors[task].next < actors[task].count) {
			next = go_to_op(plan, &at, run, task);
			if (next != task) {
				task = next;
				continue;
			}
			actors[task].was_woken = false;
			if (!act(task))
				break;
		}
	}
	keep_end(end_of_run());
}

int run_words(void)
{
	return 0;
}

unsigned run_step_of(const struct run *run, const struct plan *plan, unsigned i)
{
	const struct explore_choice *choice = &plan->choices[i];
	unsigned step = 0;

	while (step < run->count &&
	       (run->steps[step].task != choice->task ||
		run->steps[step].position != choice->position))
		step++;
	return step;
}

/* ---- The test ------------------------------------------------------------ */

static void make_actors(unsigned seed)
{
	srand(seed);
	for (unsigned i = 0; i < TASKS; i++) {
		actors[i].count = 2 + rand() % (OPS_MOST - 1);
		for (unsigned k = 0; k < actors[i].count; k++)
			actors[i].ops[k] = (struct op){
				.kind = rand() % OP_KINDS,
				.word = rand() % WORDS,
			};
	}
}

static struct search explore_all(bool with_leaving_out)
{
	static struct run run;
	struct search limits = {
		.bound = 2, .seconds = 100, .has_bound = true,
	};
	struct plan plan;

	leaves_out = with_leaving_out;
	end_count[leaves_out] = 0;
	search(&limits, &plan, &run);
	return limits;
}

static bool has_end(uint32_t end)
{
	for (unsigned i = 0; i < end_count[true]; i++)
		if (ends[true][i] == end)
			return true;
	return false;
}

int main(void)
{
	unsigned lost = 0, equal = 0, runs_less = 0, incomplete = 0;

	for (unsigned seed = 1; seed <= SEEDS; seed++) {
		struct search all, less;

		make_actors(seed);
		all = explore_all(false);
		less = explore_all(true);
		for (unsigned i = 0; i < end_count[false]; i++)
			if (!has_end(ends[false][i]))
				lost++;
		equal += less.equal;
		runs_less += less.schedules < all.schedules;
		incomplete += all.completed < 3 || less.completed < 3;
	}
	ok(lost == 0, "end_is_lost_with_the_schedules_left_out");
	ok(equal > SEEDS, "equal_schedules_are_run");
	ok(runs_less > SEEDS / 2, "leaving_out_saves_no_runs");
	ok(incomplete == 0, "bound_is_not_completed");
	printf("# %u ends lost, %u plans left out\n", lost, equal);
	return tap_done();
}
