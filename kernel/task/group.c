/*
 * group.c - the kernel's signals to process groups, and orphaned groups.
 *
 * The kernel sends signals to whole groups: for a key, for the end of a
 * session. A group may have hundreds of members, and the sender may be any
 * task. So the sender only marks the members, and deferred work sends the
 * signals. Tasks may switch after each member. A signal that is marked twice is
 * sent once, as a standard signal that pends.
 *
 * Orphaned groups: no process could continue the members. A member ties the
 * group to the session if the parent of the member is in the same session, but
 * in a different group. Such a parent, usually a shell, can continue a stopped
 * member. A group without a tie is orphaned. The terminal's signals do not stop
 * the members of an orphaned group. If a group loses the last tie while members
 * are stopped, the group is sent SIGHUP and SIGCONT, or these members would
 * stay stopped for ever. IEEE Std 1003.1-2017, _Exit() and 2.4.3.
 */
#include "kernel/task/process.h"

static struct list told = LIST_INIT(told);	/* [P] marked processes */

/* ---- Signals of the kernel ----------------------------------------------- */

void group_send(pid_t group, int n)
{
	struct process *process;

	LIST_FOR_EACH(process, &process_list, all) {
		if (process->group != group || process->state == PROCESS_ZOMBIE)
			continue;
		process->group_signals |= SIGNAL_BIT(n);
		if (!list_is_linked(&process->told))
			list_append(&told, &process->told);
	}
	cpu_pend(PENDING_GROUPS);
}

static void send_marked(struct process *process)
{
	sigset_t set = process->group_signals;
	siginfo_t info = { .si_code = SI_KERNEL };
	int n;

	process->group_signals = 0;
	for (n = 1; n < SIGNAL_REALTIME; n++)
		if (set & SIGNAL_BIT(n))
			signal_send(process, n, &info);
}

void groups_send(void)
{
	struct list_node *node;

	while ((node = list_take_first(&told)) != NULL) {
		send_marked(LIST_ENTRY(node, struct process, told));
		/* This loop goes on: no other task needs to begin it. */
		cpu_unpend(PENDING_GROUPS);
		sched_point();
	}
}

/* ---- Orphaned groups ----------------------------------------------------- */

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
	if (process_stopped_count == 0 || !has_stopped(group) ||
	    !group_is_orphaned(group))
		return;
	group_send(group, SIGHUP);
	group_send(group, SIGCONT);
}
