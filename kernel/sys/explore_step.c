/*
 * explore_step.c - the decisions of explored tasks: before a system call, after
 * a wait, and before an access to a shared word.
 *
 * Shared words. Two tasks share a word when both use the word, and at least one
 * of them writes. Each instruction of a stepped task traps, and the table of
 * words tells which tasks used the word so far. The table lives as long as the
 * descriptor: words found in one run are decisions in all later runs. A word is
 * known by its address in the program, or by its offset in shared memory. Two
 * objects may have words at the same offset: then there are needless decisions.
 */
#include "kernel/sys/explore.h"

#include "arch/arch.h"
#include "kernel/machine.h"
#include "kernel/mm/frame.h"
#include "kernel/sys/syscalls.h"

#define PROBES		16	/* of the table of words */
#define STREAK_MOST	64	/* decisions in a row for the same task */

/* ---- The end of a run --------------------------------------------------- */

void explore_end(const struct explore *explore)
{
	struct process *process;

	LIST_FOR_EACH(process, &process_list, all)
		if (is_explored(process, explore))
			signal_send(process, SIGKILL, NULL);
}

void explore_end_spinning(struct explore *explore)
{
	explore->is_spinning = true;
	explore_end(explore);
}

/* ---- Decisions ---------------------------------------------------------- */

/* The running task comes to its next position. */
static void advance(struct explore *explore, struct explore_step *step)
{
	step->task = explore_number_of(explore, task_current()->id);
	step->position = ++explore->positions[step->task];
}

/* The ready task number n (1: the first), or NULL. *count_out: how many. */
static struct task *ready_task(const struct explore *explore, unsigned n,
			       unsigned *count_out)
{
	struct list *ready = &arch_cpu()->ready[PRIORITY_LOWEST];
	struct task *task, *found = NULL;
	unsigned count = 0;

	LIST_FOR_EACH(task, ready, ready)
		if (is_explored(task->process, explore) && ++count == n)
			found = task;
	*count_out = count;
	return found;
}

/* Does the plan have a choice for this position? */
static bool is_planned(const struct explore *explore,
		       const struct explore_step *step)
{
	const struct explore_choice *next =
		&explore->choices[explore->choice_next];

	return explore->choice_next < explore->choice_count &&
	       next->task == step->task && next->position == step->position;
}

/* By the plan; else by ranks, or the running task goes on, but not for ever. */
static unsigned choose(struct explore *explore, const struct explore_step *step)
{
	bool is_too_long = explore->streak >= STREAK_MOST;
	unsigned choice;

	if (is_planned(explore, step)) {
		choice = explore->choices[explore->choice_next++].choice;
		return MIN(choice, step->others);
	}
	if (!explore->has_ranks)
		return is_too_long ? 1 : 0;
	if (is_too_long)
		explore_lower_rank(explore);
	return explore_choose_by_rank(explore);
}

/* Tell where the program is: in the function that has called libc's stub of the
 * system call, in its caller, and so on. */
static void tell_places(const struct task *task, struct explore_step *step)
{
	struct user_frame frame;
	unsigned count = 0;

	if (!arch_user_frame(task, &frame))
		return;
	if (task->frame)	/* a stub has no frame: its caller is on top */
		arch_user_caller(task, &frame, 0);
	do
		step->places[count++] = frame.code;
	while (count < EXPLORE_PLACES &&
	       arch_user_caller(task, &frame, FRAME_BY_CODE));
}

static bool record(struct explore *explore, const struct explore_step *step)
{
	struct explore_step **page;

	if (explore->step_count == EXPLORE_STEPS_MOST)
		return false;
	page = &explore->steps[explore->step_count / STEPS_OF_PAGE];
	if (!*page)
		*page = page_alloc(FRAME_BUFFER);
	if (!*page)
		return false;
	(*page)[explore->step_count++ % STEPS_OF_PAGE] = *step;
	return true;
}

/* Let the plan decide once. False: a decision has brought the task here, or no
 * decision is due. True: the task was stopped, and a wait of the other tasks
 * has brought the task back. */
static bool decide_once(struct explore *explore, struct explore_step *step)
{
	struct task *task = task_current(), *next;
	unsigned others;

	step->is_free = explore->running != task;
	if (step->is_free)
		explore->streak = 0;
	explore->running = task;
	ready_task(explore, 0, &others);
	if (others == 0)
		return false;
	step->others = MIN(others, UINT8_MAX);
	step->choice = choose(explore, step);
	next = ready_task(explore, step->choice, &others);
	if (!record(explore, step)) {
		explore_end_spinning(explore);
		return false;
	}
	explore->streak++;
	if (!next)
		return false;
	explore->streak = 0;
	explore->running = next;
	yield_to(next);
	return explore->running != task;
}

/* Let the plan decide which task runs now: the running task or a ready one. */
static void decide(struct explore *explore, struct explore_step *step)
{
	const struct task *task = task_current();

	/* A program may give itself a different policy: then it just runs. */
	if (task->priority != PRIORITY_LOWEST)
		return;
	tell_places(task, step);
	while (!explore->is_spinning && decide_once(explore, step))
		advance(explore, step);
}

/* ---- System calls of the explored tasks --------------------------------- */

/* Calls that change only the calling task, or only ask: no other task can
 * notice whether it runs before or after them. */
static bool is_local(uint32_t number)
{
	switch (number) {
	case CALL_getpid: case CALL_getppid: case CALL_gettid:
	case CALL_getuid: case CALL_geteuid: case CALL_getgid:
	case CALL_getegid: case CALL_brk: case CALL_clock_gettime:
	case CALL_uname: case CALL_umask: case CALL_sysconf:
	case CALL_thread_pointer: case CALL_sigprocmask:
	case CALL_sigreturn: case CALL_getcwd: case CALL_getrandom:
		return true;
	}
	return false;
}

/* From the first fork or thread on, two tasks may share memory. */
static void may_share(struct explore *explore, uint32_t number)
{
	if (explore->has_memory &&
	    (number == CALL_fork || number == CALL_thread_create))
		task_current()->is_stepped = true;
}

/* The task gives way to the first ready task. This is a choice, not a wait:
 * else tasks that yield to each other could go on for ever without a
 * preemption. */
static void choose_first(struct explore *explore)
{
	unsigned others;
	const struct task *first = ready_task(explore, 1, &others);

	if (!first)
		return;
	explore->running = first;
	if (explore->has_ranks)
		explore_lower_rank(explore);
}

static void call_begins(struct explore *explore, uint32_t number,
			const uint32_t *arguments)
{
	struct explore_step step = { .call = number };

	may_share(explore, number);
	advance(explore, &step);
	if (is_local(number))
		return;
	explore_effect_of_call(explore, &step, arguments);
	decide(explore, &step);
	if (number == CALL_sched_yield)
		choose_first(explore);
}

/* After a wait, the plan may prefer a task that became ready meanwhile. */
static void call_ends(struct explore *explore, uint32_t number,
		      const uint32_t *arguments, int32_t result)
{
	struct explore_step step = { .call = number, .is_end = true };

	advance(explore, &step);
	if (result > 0 && (number == CALL_fork || number == CALL_thread_create))
		explore_number_of(explore, result);
	if (explore->running != task_current()) {
		explore_effect_of_call(explore, &step, arguments);
		decide(explore, &step);
	}
	if (task_current()->is_stepped)
		arch_step(task_current()->frame);
}

void explore_call(struct object *tracer, uint32_t number,
		  const uint32_t *arguments, const int32_t *result)
{
	struct explore *explore = explore_of(tracer);

	if (result)
		call_ends(explore, number, arguments, *result);
	else
		call_begins(explore, number, arguments);
}

/* ---- Memory ------------------------------------------------------------- */

/* The entry of the key, perhaps a free one; NULL: the table is full here. */
static struct word *word_of(struct explore *explore, uint32_t key)
{
	uint32_t at = key * 0x9e3779b1 >> 7, probe;
	struct word **page, *word;

	for (probe = 0; probe < PROBES; probe++, at++) {
		page = &explore->words[at / WORDS_OF_PAGE % WORD_PAGES];
		if (!*page)
			*page = page_alloc_zeroed(FRAME_BUFFER);
		if (!*page)
			return NULL;
		word = &(*page)[at % WORDS_OF_PAGE];
		if (!word->key || word->key == key)
			return word;
	}
	return NULL;
}

/* The task is about to use the word. Do several tasks use the word, and does
 * one of them write? */
static bool is_shared(struct explore *explore, unsigned number, uint32_t key,
		      bool is_write)
{
	struct word *word = word_of(explore, key);
	bool was_shared;

	if (!word)
		return false;
	was_shared = word->has_more && word->is_written;
	if (!word->key) {
		word->key = key;
		word->task = number;
	}
	word->has_more |= word->task != number;
	word->is_written |= is_write;
	if (!was_shared && word->has_more && word->is_written)
		explore->word_count++;
	return word->has_more && word->is_written;
}

static bool is_decision(struct explore *explore, struct explore_step *step,
			const struct registers *regs)
{
	struct memory_access access;

	if (!arch_next_access(regs, &access))
		return false;
	step->object = access.address;
	step->key = explore_word_key(access.address);
	step->effect = access.is_write ? EXPLORE_WRITES : EXPLORE_READS;
	return step->key &&
	       is_shared(explore, step->task, step->key, access.is_write);
}

void machine_step(const struct registers *regs)
{
	struct object *tracer = process_current()->tracer;
	struct explore_step step = { .call = EXPLORE_ACCESS };
	struct explore *explore;

	if (!tracer)
		return;
	explore = explore_of(tracer);
	advance(explore, &step);
	if (is_decision(explore, &step, regs) || is_planned(explore, &step))
		decide(explore, &step);
}
