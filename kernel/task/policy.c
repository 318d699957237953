/*
 * policy.c - the properties of a task that decide when the task runs: policy,
 * priority, nice value, user.
 *
 * A ready task leaves its list before such a change, and finds its new place
 * afterwards. The next schedule() looks again which task is the best. A running
 * task has to give way first: a process that changes its user does not use the
 * old user's slice, and the slice of the new user may be over.
 */
#include "kernel/lib/trace.h"
#include "kernel/task/inherit.h"
#include "kernel/task/sched.h"
#include "kernel/task/share.h"

/* Was the task ready? */
static bool leave_place(struct task *task)
{
	bool is_ready = task->state == TASK_READY;

	if (is_ready)
		ready_remove(task);
	if (task == task_current())
		share_stop();
	return is_ready;
}

static void find_place(struct task *task, bool is_ready)
{
	if (is_ready)
		ready_insert(task, false);
	if (!is_ready && task != task_current())
		return;
	tick_start();
	cpu_pend(PENDING_RESCHEDULE);
}

/* The list of ready tasks for this policy, priority and user. */
static void set_list(struct task *task)
{
	task->ready_list = task->level == LEVEL_SHARED
		? &task->share->tasks : &arch_cpu()->ready[task->priority];
	task->ready_bit = task->priority ? 1u << (task->priority - 1) : 0;
}

static void set_slice(struct task *task)
{
	task->slice_ticks = task->policy == POLICY_NORMAL
		? share_slice_ticks(task->nice) : SLICE_TICKS;
}

void task_set_level(struct task *task, int level)
{
	bool is_ready = leave_place(task);

	if (level != task->level)
		trace(TRACE_LEVEL, NULL, task->id, level);
	task->level = level;
	task->priority = MAX(level, PRIORITY_NONE);
	set_list(task);
	find_place(task, is_ready);
	wait_reorder(task);
}

void task_set_policy(struct task *task, enum task_policy policy, int priority)
{
	ASSERT((policy <= POLICY_URGENT) == (priority != PRIORITY_NONE));
	task->policy = policy;
	task->slice_used = 0;
	task->own_level = policy == POLICY_BACKGROUND ? LEVEL_BACKGROUND
						      : priority;
	set_slice(task);
	task_set_level(task, inherit_level(task));
	inherit_pass_on(task);
}

void task_set_nice(struct task *task, int nice)
{
	task->nice = nice;
	set_slice(task);
}

void task_set_share(struct task *task, struct share *share)
{
	bool is_ready = leave_place(task);

	share->members++;
	share_put(task->share);
	task->share = share;
	set_list(task);
	find_place(task, is_ready);
}
