/*
 * stuck.c - which tasks wait for each other.
 *
 * A task is stuck if it waits without a deadline, only other tasks could end
 * that, and each of these is stuck as well. So begin with the belief that all
 * such tasks are stuck, and take back whoever has a helper that is not, until
 * nothing changes: what is left is exactly the deadlocked tasks, and those
 * that wait for them.
 */
#include "user/why/why.h"

#include <string.h>

static bool depends_on_tasks_only(const struct task *task)
{
	const char *enders = task->enders;

	return task->waits && task->deadline_ns < 0 &&
		enders[strspn(enders, "0123456789,")] == '\0' &&
		next_ender(&enders);
}

static bool has_helper(const struct task *task)
{
	const char *enders = task->enders;
	const struct task *ender;

	while ((ender = next_ender(&enders)))
		if (!ender->stuck)
			return true;
	return false;
}

void mark_stuck(void)
{
	bool changed = true;

	for (size_t i = 0; i < task_count; i++)
		tasks[i].stuck = depends_on_tasks_only(&tasks[i]);
	while (changed) {
		changed = false;
		for (size_t i = 0; i < task_count; i++) {
			if (!tasks[i].stuck || !has_helper(&tasks[i]))
				continue;
			tasks[i].stuck = false;
			changed = true;
		}
	}
}
