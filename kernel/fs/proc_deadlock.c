/*
 * proc_deadlock.c - find the deadlocks, for /proc/why.
 *
 * A task is stuck if the task waits without a deadline, only tasks could end
 * the wait, and each of these tasks is stuck as well. So begin with the belief
 * that all such tasks are stuck. Then take out each task that has an ender that
 * goes on, until nothing changes. The deadlocked tasks remain, and tasks that
 * wait for them. From each of these tasks, any way from ender to ender comes to
 * a circle: the deadlock. Each circle is printed once, though many ways lead
 * there.
 *
 * The search takes long beside hundreds of tasks, so it works on a copy of the
 * waits, and other tasks run in between. The circles are true all the same.
 * Only waits count that began before the descriptors were noted, and that go on
 * when they are copied. Of such waits, each deadlocked wait lasted from the
 * notes to the copy: so all of them are of one moment. A task that ran since
 * counts as a task that goes on.
 */
#include "kernel/fs/proc.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/hash.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/enders.h"
#include "kernel/task/process.h"

/* The belief about a task. The way from a stuck task is ON_WAY; after the
 * circle has been printed, all tasks of the way are DONE. */
enum belief { GOES_ON, STUCK, ON_WAY, DONE };

/* [own] The copy of a wait. */
struct sleeper {
	struct list_node all;		/* by id */
	struct list_node by_id;
	struct list_node todo;		/* goes on: look at what waits for it */
	pid_t id;
	char name[16];
	enum belief belief;
	struct id_bits enders;
};

/* [own] */
struct search {
	struct list sleepers;
	struct list todo;
	struct list by_id[256];
	struct id_bits stuck;
	uint64_t start_cycles;		/* of the notes */
};

static struct pool sleeper_pool = POOL("sleeper", sizeof(struct sleeper));

static struct list *slot_of(struct search *search, pid_t id)
{
	return HASH_SLOT(search->by_id, id);
}

/* ---- The copies ---------------------------------------------------------- */

/* Copy the wait of a task if only tasks could end the wait. 0 or -ENOMEM. */
static int copy_wait(struct search *search, struct enders *set,
		     const struct task *task)
{
	uint64_t since = task->wait.since_cycles;
	struct sleeper *sleeper;
	pid_t id = task->id, first = 0;

	if (!task_is_waiting(task) || since >= search->start_cycles ||
	    task->wait.request->deadline_ns != FOREVER ||
	    proc_find_enders(set, task) || !id_bits_after(&set->tasks, &first))
		return 0;
	if (id_task(id) != task || !task_is_waiting(task) ||
	    task->wait.since_cycles != since)
		return 0;		/* other tasks ran */
	sleeper = pool_alloc(&sleeper_pool);
	if (!sleeper)
		return -ENOMEM;
	sleeper->id = id;
	strlcpy(sleeper->name, task->name, sizeof(sleeper->name));
	sleeper->belief = STUCK;
	sleeper->enders = set->tasks;
	list_append(&search->sleepers, &sleeper->all);
	list_append(slot_of(search, id), &sleeper->by_id);
	id_bits_put(&search->stuck, id, true);
	return 0;
}

static int copy_waits(struct proc_text *text, struct search *search,
		      struct enders *set)
{
	const struct task *task;
	int error = 0;
	pid_t id = 0;

	search->start_cycles = arch_cycles();
	if (set->is_indexed)
		error = enders_index(set);
	while (!error && (task = task_after(&id)) != NULL) {
		error = copy_wait(search, set, task);
		proc_pause(text);
	}
	return error;
}

static void free_copies(struct proc_text *text, struct search *search)
{
	struct list_node *node;

	while ((node = list_take_first(&search->sleepers)) != NULL) {
		pool_free(&sleeper_pool, LIST_ENTRY(node, struct sleeper, all));
		proc_pause(text);
	}
	heap_free(search);
}

/* ---- Which tasks are stuck ----------------------------------------------- */

static bool has_helper(const struct search *search,
		       const struct sleeper *sleeper)
{
	for (uint32_t word = 0; word < ID_WORDS; word++)
		if (sleeper->enders.words[word] & ~search->stuck.words[word])
			return true;
	return false;
}

static void take_out(struct search *search, struct sleeper *sleeper)
{
	sleeper->belief = GOES_ON;
	list_append(&search->todo, &sleeper->todo);
}

/* The task goes on, and so do the tasks that wait for it. */
static void take_out_waiters(struct proc_text *text, struct search *search,
			     pid_t helper)
{
	struct sleeper *sleeper;

	LIST_FOR_EACH(sleeper, &search->sleepers, all) {
		if (sleeper->belief == STUCK &&
		    id_bits_has(&sleeper->enders, helper))
			take_out(search, sleeper);
		proc_pause(text);
	}
}

static void find_stuck(struct proc_text *text, struct search *search)
{
	struct list_node *node;
	struct sleeper *sleeper;

	LIST_FOR_EACH(sleeper, &search->sleepers, all) {
		if (has_helper(search, sleeper))
			take_out(search, sleeper);
		proc_pause(text);
	}
	while ((node = list_take_first(&search->todo)) != NULL)
		take_out_waiters(text, search,
				 LIST_ENTRY(node, struct sleeper, todo)->id);
}

/* ---- Circles ------------------------------------------------------------- */

/* The enders of a stuck task are stuck, so there is a copy of each. */
static struct sleeper *first_ender(struct search *search,
				   const struct sleeper *of)
{
	struct sleeper *sleeper;
	pid_t id = 0;

	id_bits_after(&of->enders, &id);
	LIST_FOR_EACH(sleeper, slot_of(search, id), by_id)
		if (sleeper->id == id)
			return sleeper;
	return NULL;
}

static void put_sleeper(struct proc_text *text, const struct sleeper *sleeper)
{
	proc_put_name(text, sleeper->name);
	proc_printf(text, "(%d)", sleeper->id);
}

/* The trace names the tasks too, for the pictures. */
static void put_circle(struct proc_text *text, struct search *search,
		       const struct sleeper *start)
{
	const struct sleeper *sleeper = start;

	proc_puts(text, "deadlock: ");
	put_sleeper(text, start);
	trace(TRACE_CIRCLE, 0, start->id, 0);
	do {
		sleeper = first_ender(search, sleeper);
		proc_puts(text, " waits for ");
		if (sleeper == start && first_ender(search, start) == start)
			proc_puts(text, "itself");
		else
			put_sleeper(text, sleeper);
		trace(TRACE_CIRCLE, 0, sleeper->id, 0);
		proc_pause(text);
	} while (sleeper != start);
	proc_puts(text, "\n");
}

/* Go from ender to ender while the belief is `from`, and change it. Gives the
 * sleeper behind. */
static struct sleeper *follow(struct proc_text *text, struct search *search,
			      struct sleeper *sleeper, enum belief from)
{
	while (sleeper->belief == from) {
		sleeper->belief = from + 1;
		sleeper = first_ender(search, sleeper);
		proc_pause(text);
	}
	return sleeper;
}

static void put_circles(struct proc_text *text, struct search *search)
{
	struct sleeper *start, *end;

	LIST_FOR_EACH(start, &search->sleepers, all) {
		end = follow(text, search, start, STUCK);
		if (end->belief == ON_WAY)
			put_circle(text, search, end);
		follow(text, search, start, ON_WAY);
		proc_pause(text);
	}
}

int proc_put_deadlocks(struct proc_text *text, struct enders *set)
{
	struct search *search = heap_alloc(sizeof(*search));
	int error;

	if (!search)
		return -ENOMEM;
	list_init(&search->sleepers);
	list_init(&search->todo);
	error = copy_waits(text, search, set);
	if (!error) {
		find_stuck(text, search);
		put_circles(text, search);
	}
	free_copies(text, search);
	return error;
}
