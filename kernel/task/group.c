/*
 * group.c - process groups that nobody can continue.
 *
 * A group is tied to its session while a member has a parent there in another
 * group, a shell for instance: whoever stops can be continued. Without such a
 * member it is orphaned. Then the terminal's signals do not stop it, and what
 * was stopped when the last tie went is sent SIGHUP and SIGCONT, so that it
 * does not stand there for ever. IEEE Std 1003.1-2017, _Exit() and 2.4.3.
 */
#include "kernel/task/process.h"

static bool is_tie(const struct process *member)
{
	const struct process *parent = member->parent;

	return parent && member->state != PROCESS_ZOMBIE &&
	       parent->group != member->group &&
	       parent->session == member->session;
}

bool group_is_orphaned(pid_t group)
{
	const struct process *process;

	LIST_FOR_EACH(process, &process_list, all)
		if (process->group == group && is_tie(process))
			return false;
	return true;
}

static bool has_stopped(pid_t group)
{
	const struct process *process;

	LIST_FOR_EACH(process, &process_list, all)
		if (process->group == group &&
		    process->state == PROCESS_STOPPED)
			return true;
	return false;
}

void group_lost_tie(pid_t group)
{
	if (!has_stopped(group) || !group_is_orphaned(group))
		return;
	signal_send_group(group, SIGHUP, NULL);
	signal_send_group(group, SIGCONT, NULL);
}
