/*
 * proc_deadlock.c - find the deadlocks, for /proc/why.
 *
 * A task is stuck if the task waits without a deadline, only tasks could end
 * the wait, and each of these tasks is stuck as well. So begin with the belief
 * that all such tasks are stuck. Then mark each task GOES_ON that has an ender
 * with this mark, until nothing changes. The deadlocked tasks remain, and tasks
 * that wait for them. From each of these tasks, any way from ender to ender
 * comes to a circle: the deadlock. Each circle is printed once, though many
 * ways lead there.
 */
#include "kernel/fs/proc.h"

#include "kernel/obj/enders.h"
#include "kernel/task/process.h"

/* In wait.mark: the belief about a task. The way from a stuck task has the mark
 * ON_WAY; after the circle has been printed, all tasks of the way are DONE. */
enum { GOES_ON, STUCK, ON_WAY, DONE };

static struct task *first_ender(struct enders *set, const struct task *task)
{
	pid_t id = 0;

	proc_find_enders(set, task);
	return id_bits_after(&set->tasks, &id) ? id_task(id) : NULL;
}

static bool depends_on_tasks_only(struct enders *set, const struct task *task)
{
	pid_t id = 0;

	return task->state == TASK_BLOCKED &&
	       task->wait.request->deadline_ns == FOREVER &&
	       !proc_find_enders(set, task) &&
	       id_bits_after(&set->tasks, &id);
}

static bool has_helper(struct enders *set, const struct task *task)
{
	pid_t id = 0;

	proc_find_enders(set, task);
	while (id_bits_after(&set->tasks, &id))
		if (id_task(id)->wait.mark == GOES_ON)
			return true;
	return false;
}

static void mark_stuck(struct enders *set)
{
	struct task *task;
	bool has_changed;

	LIST_FOR_EACH(task, &task_list, all)
		task->wait.mark = depends_on_tasks_only(set, task) ? STUCK
								   : GOES_ON;
	do {
		has_changed = false;
		LIST_FOR_EACH(task, &task_list, all) {
			if (task->wait.mark == GOES_ON ||
			    !has_helper(set, task))
				continue;
			task->wait.mark = GOES_ON;
			has_changed = true;
		}
	} while (has_changed);
}

static void put_circle(struct proc_text *text, struct enders *set,
		       const struct task *start)
{
	const struct task *task = start;

	proc_puts(text, "deadlock: ");
	proc_put_task(text, start);
	do {
		task = first_ender(set, task);
		proc_puts(text, " waits for ");
		if (task == start && first_ender(set, start) == start)
			proc_puts(text, "itself");
		else
			proc_put_task(text, task);
	} while (task != start);
	proc_puts(text, "\n");
}

/* The circles are of one moment: no other task runs, and the descriptors are
 * noted again. Without memory for the notes the search takes longer. */
void proc_put_deadlocks(struct proc_text *text, struct enders *set)
{
	struct task *start, *task;

	set->may_pause = false;
	if (set->is_indexed)
		enders_index(set);
	mark_stuck(set);
	LIST_FOR_EACH(start, &task_list, all) {
		for (task = start; task->wait.mark == STUCK;
		     task = first_ender(set, task))
			task->wait.mark = ON_WAY;
		if (task->wait.mark == ON_WAY)
			put_circle(text, set, task);
		for (task = start; task->wait.mark == ON_WAY;
		     task = first_ender(set, task))
			task->wait.mark = DONE;
	}
}
