/*
 * group.c - orphaned process groups: no process could continue the members.
 *
 * A member ties the group to the session if the parent of the member is in the
 * same session, but in a different group. Such a parent, usually a shell, can
 * continue a stopped member. A group without a tie is orphaned. The terminal's
 * signals do not stop the members of an orphaned group. If a group loses the
 * last tie while members are stopped, the group is sent SIGHUP and SIGCONT, or
 * these members would stay stopped for ever. IEEE Std 1003.1-2017, _Exit() and
 * 2.4.3.
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
