/*
 * sched.c - the system calls about the processor's time: nice values, policies,
 * priorities, giving way.
 *
 * A walk through many processes goes by number, with a sched_point() after each
 * process: no call with many processes keeps other tasks from running.
 */
#include "kernel/abi/sched.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/sys/schedule.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/timespec.h"
#include "kernel/task/id.h"
#include "kernel/task/inherit.h"
#include "kernel/task/process.h"

long sys_sched_yield(void)
{
	yield_task();
	return 0;
}

/* ---- Nice values -------------------------------------------------------- */

/* The processes that getpriority(2) and setpriority(2) name. [own] */
struct meant {
	int which;
	id_t who;
	pid_t at;		/* the process found last */
};

/* 0 or -EINVAL. who 0 means the caller's. */
static int meant_begin(struct meant *meant, int which, id_t who)
{
	const struct process *caller = process_current();
	const id_t own[] = {
		[PRIO_PROCESS] = caller->id,
		[PRIO_PGRP] = caller->group,
		[PRIO_USER] = caller->identity.user,
	};

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	meant->which = which;
	meant->who = who ? who : own[which];
	meant->at = 0;
	return 0;
}

static bool is_meant(const struct process *process, const struct meant *meant)
{
	if (process->state == PROCESS_ZOMBIE)
		return false;
	if (meant->which == PRIO_PGRP)
		return (id_t)process->group == meant->who;
	return process->identity.user == meant->who;
}

/* The next process that is meant, or NULL. Other tasks may run before. */
static struct process *meant_next(struct meant *meant)
{
	struct process *process;

	if (meant->which == PRIO_PROCESS) {
		process = meant->at ? NULL : process_find(meant->who);
		meant->at = meant->who;
		return process;
	}
	do {
		sched_point();
		process = process_after(&meant->at);
	} while (process && !is_meant(process, meant));
	return process;
}

long sys_getpriority(int which, id_t who)
{
	const struct process *process;
	struct meant meant;
	long result = -ESRCH;
	int error = meant_begin(&meant, which, who);

	if (error)
		return error;
	while ((process = meant_next(&meant)) != NULL)
		result = MAX(result, NZERO - process->nice);
	return result < 0 ? result : 2 * NZERO - result;
}

/* Is this a process of the caller, by the user who decides about its rights? */
static bool is_own(const struct process *process)
{
	const struct identity *caller = &process_current()->identity;

	return caller->user == 0 || process->identity.user == caller->user ||
	       process->identity.user == caller->real_user;
}

/* The lowest nice value of an ordinary user's process: RLIMIT_NICE counts from
 * the other end. */
static int lowest_nice(const struct process *caller)
{
	return NICE_HIGHEST + 1 - (int)process_limit(caller, RLIMIT_NICE);
}

/* 0; -EPERM: a process of a different user; -EACCES: only root, or RLIMIT_NICE,
 * makes a process more important. */
static int set_nice(struct process *process, int nice)
{
	struct task *task;

	if (!is_own(process))
		return -EPERM;
	if (nice < process->nice && nice < lowest_nice(process_current()) &&
	    !user_is_root(process_current()))
		return -EACCES;
	process->nice = nice;
	LIST_FOR_EACH(task, &process->tasks, sibling)
		task_set_nice(task, nice);
	return 0;
}

long sys_setpriority(int which, id_t who, int nice)
{
	struct process *process;
	struct meant meant;
	int error = meant_begin(&meant, which, who), result = -ESRCH;

	if (error)
		return error;
	nice = MIN(MAX(nice, NICE_LOWEST), NICE_HIGHEST);
	while ((process = meant_next(&meant)) != NULL) {
		error = set_nice(process, nice);
		if (error || result == -ESRCH)
			result = error;
	}
	return result;
}

/* ---- Policies ----------------------------------------------------------- */

/* The names of POSIX for the policies of the tutorial. */
static const uint8_t posix_policy[] = {
	[POLICY_REALTIME] = SCHED_FIFO,
	[POLICY_URGENT] = SCHED_RR,
	[POLICY_NORMAL] = SCHED_OTHER,
	[POLICY_BACKGROUND] = SCHED_IDLE,
};

static bool is_priority_of(int policy, int priority)
{
	if (policy > POLICY_URGENT)
		return priority == PRIORITY_NONE;
	return priority >= SCHED_PRIORITY_LEAST &&
	       priority <= SCHED_PRIORITY_MOST;
}

int policy_find(int name, int priority)
{
	int policy = ARRAY_LENGTH(posix_policy);

	do
		policy--;
	while (policy >= 0 && posix_policy[policy] != name);
	return policy >= 0 && is_priority_of(policy, priority) ? policy
							       : -EINVAL;
}

bool policy_is_allowed(int policy, int priority)
{
	const struct process *caller = process_current();

	return policy > POLICY_URGENT || user_is_root(caller) ||
	       (rlim_t)priority <= process_limit(caller, RLIMIT_RTPRIO);
}

/* The thread, or the first task of the process; NULL: there is none. */
static struct task *find_task(int kind, pid_t id)
{
	const struct process *process = process_current();
	struct task *task = id_task(id);

	if (kind == SCHED_THREAD)
		return task && task->process == process ? task : NULL;
	if (id != 0)
		process = process_find(id);
	if (!process || process->state == PROCESS_ZOMBIE)
		return NULL;
	return process_task(process);
}

static int check_target(int kind, pid_t id)
{
	return (kind != SCHED_PROCESS && kind != SCHED_THREAD) || id < 0
		? -EINVAL : 0;
}

/* SCHED_CEILING: the caller holds mutexes with ceilings, the highest is `most`.
 * -EINVAL: its own priority is above `least`, the ceiling of the last. */
static long set_ceiling(int least, int name, int most)
{
	struct task *task = task_current();

	if (name != SCHED_FIFO || least < 0 ||
	    (most && !is_priority_of(POLICY_REALTIME, most)))
		return -EINVAL;
	if (most && !policy_is_allowed(POLICY_REALTIME, most))
		return -EPERM;
	if (least && task->own_level > least)
		return -EINVAL;
	task->ceiling = most;
	inherit_update(task);
	return 0;
}

/* For all tasks of a process. Each may stand among hundreds in a wait queue,
 * and finds a new place there, so tasks may switch after each. */
static void set_policy_of_all(pid_t process, int policy, int priority)
{
	struct task *task;
	pid_t at = 0;

	id_get(process);		/* no new process gets the number */
	while ((task = task_after(&at)) != NULL) {
		if (task->process && task->process->id == process)
			task_set_policy(task, policy, priority);
		sched_point();
	}
	id_put(process);
}

/* Gives the former policy. */
long sys_sched_set(int kind, pid_t id, int name, int priority)
{
	int policy = policy_find(name, priority), former;
	struct task *task;

	if (kind == SCHED_CEILING)
		return set_ceiling(id, name, priority);
	if (check_target(kind, id) || policy < 0)
		return -EINVAL;
	task = find_task(kind, id);
	if (!task)
		return -ESRCH;
	if (!is_own(task->process) || !policy_is_allowed(policy, priority))
		return -EPERM;
	former = posix_policy[task->policy];
	if (kind == SCHED_THREAD)
		task_set_policy(task, policy, priority);
	else
		set_policy_of_all(task->process->id, policy, priority);
	return former;
}

long sys_sched_get(int kind, pid_t id, uaddr_t state_at)
{
	const struct task *task;
	struct sched_state state;

	if (check_target(kind, id))
		return -EINVAL;
	task = find_task(kind, id);
	if (!task)
		return -ESRCH;
	state.policy = posix_policy[task->policy];
	state.priority = task_own_priority(task);
	state.slice = timespec_from_ns(task->policy == POLICY_REALTIME
		? 0 : (uint64_t)task->slice_ticks * TICK_NS);
	return copy_to_user(state_at, &state, sizeof(state));
}
