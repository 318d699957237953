/*
 * exit.c - tasks and processes end, and the parent hears of the end.
 *
 * The last task of an ending process releases memory, descriptors and timers.
 * A zombie keeps only the number and the status, for the parent. The children
 * go to the first process, which waits for every child.
 */
#include "kernel/task/process.h"

#include "arch/arch.h"
#include "kernel/abi/wait.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/account.h"
#include "kernel/task/alarm.h"

void (*process_release_files)(struct process *process);
void (*process_end_names)(struct process *process);
void (*task_leaves_memory)(struct task *task);
void (*process_tell_watchers)(struct process *process);

static bool discards_children(const struct process *parent)
{
	const struct signal_action *action =
		&parent->signals.actions->of[SIGCHLD];

	return action->handler == 1 || action->flags & SA_NOCLDWAIT;
}

void process_child_info(const struct process *process, siginfo_t *info)
{
	int status = process->status;

	memset(info, 0, sizeof(*info));
	info->si_signo = SIGCHLD;
	info->si_pid = process->id;
	info->si_uid = process->identity.real_user;
	info->si_status = WIFEXITED(status) ? WEXITSTATUS(status)
					    : WTERMSIG(status);
	info->si_code = WIFEXITED(status) ? CLD_EXITED : CLD_KILLED;
	if (WIFSTOPPED(status)) {
		info->si_code = CLD_STOPPED;
		info->si_status = WSTOPSIG(status);
	} else if (WIFCONTINUED(status)) {
		info->si_code = CLD_CONTINUED;
		info->si_status = SIGCONT;
	}
}

void process_notify_parent(struct process *process)
{
	struct process *parent = process->parent;
	bool is_end = process->state == PROCESS_ZOMBIE;
	siginfo_t info;

	if (!parent)
		return;
	process_child_info(process, &info);
	/* First the event, then the signal, which would end the parent's wait
	 * with -EINTR although the child is there. */
	wait_wake_all(&parent->child_queue);
	if (is_end || !(parent->signals.actions->of[SIGCHLD].flags &
			SA_NOCLDSTOP))
		signal_send(parent, SIGCHLD, &info);
}

/* The nearest ancestor that takes orphans, or the first process (whose own end
 * is a panic). */
static struct process *heir_of(const struct process *process)
{
	struct process *heir = process->parent;

	while (heir && !heir->takes_orphans)
		heir = heir->parent;
	return heir ? heir : process_init;
}

static void abandon_child(const struct process *process, struct process *child)
{
	struct process *heir = heir_of(process);

	if (child->death_signal)
		signal_send(child, child->death_signal, NULL);
	list_remove(&child->sibling);
	child->parent = heir;
	list_append(&heir->children, &child->sibling);
	if (child->group != process->group &&
	    child->session == process->session)
		group_lost_tie(child->group);
	if (child->state != PROCESS_ZOMBIE)
		return;
	process_notify_parent(child);
	if (discards_children(heir))
		process_reap(child);
}

static void abandon_children(struct process *process)
{
	struct list_node *node;

	while ((node = list_first(&process->children)) != NULL) {
		abandon_child(process, LIST_ENTRY(node, struct process,
						  sibling));
		sched_point();
	}
}

/* The running task leaves its process, and adds its times to the process. */
static void leave_process(struct task *task)
{
	struct process *process = task->process;

	process->user_cycles += task_user_cycles(task);
	process->total_cycles += task_total_cycles(task);
	signals_leave(task);
	alarms_of_task_end(task);
	task->signal_pending = false;
	list_remove(&task->sibling);
	process->task_count--;
	task->process = NULL;
	task->account = &account_root;	/* the process's may end first */
}

static void release_memory(struct process *process)
{
	struct space *space = process->space;

	task_set_space(task_current(), NULL);
	arch_space_switch(NULL);
	process->space = NULL;		/* reports see no space half freed */
	if (space)
		space_destroy(space);
	sched_point();			/* frees large ended objects */
}

/* The last task ends. Only the number and the status of the process stay. */
static void end_process(struct process *process)
{
	struct task *task = task_current();

	process->status = process->is_ending ? process->end_status
					     : WAIT_STATUS_EXIT(0);
	if (process == process_init)
		panic("init ended, status 0x%x: nobody is left to wait for "
		      "orphans", process->status);
	trace(TRACE_END, 0, process->id, process->status);
	alarm_delete_all(process);
	process_release_files(process);
	release_memory(process);
	abandon_children(process);
	leave_process(task);
	process_stopped_count -= process->state == PROCESS_STOPPED;
	process->state = PROCESS_ZOMBIE;
	group_lost_tie(process->group);
	if (process_tell_watchers)
		process_tell_watchers(process);
	process_notify_parent(process);
	if (process->parent && discards_children(process->parent))
		process_reap(process);
}

/* Alert the first dying task of the process. The end of this task alerts the
 * next task: no call has to wake hundreds of tasks. */
static void alert_dying(const struct process *process)
{
	struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling)
		if (task->is_dying && task != task_current()) {
			signal_alert(task);
			return;
		}
}

void task_exit(void)
{
	struct task *task = task_current();
	struct process *process = task->process;

	if (task->clear_at_exit || task->lock_list)
		task_leaves_memory(task);
	if (process->task_count == 1) {
		end_process(process);
	} else {
		task_set_space(task, NULL);
		leave_process(task);
		if (task->is_dying || process->is_ending)
			alert_dying(process);
		signals_hand_on(process, ~0ull);
		wait_wake_all(&process->tasks_queue);
	}
	terminate_task();
}

/* A ready task looks at its flag. The waiting tasks are alerted one after the
 * other. */
static void end_other_tasks(struct process *process)
{
	struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling)
		if (task != task_current())
			task->is_dying = task->signal_pending = true;
	alert_dying(process);
}

void process_exit(int status)
{
	struct process *process = process_current();

	if (!process->is_ending) {
		process->is_ending = true;
		process->end_status = status;
		end_other_tasks(process);
	}
	task_exit();
}

static long is_single(void *context)
{
	const struct process *process = context;

	return process->task_count == 1 ? 0 : -EAGAIN;
}

int process_become_single(void)
{
	struct process *process = process_current();
	const struct wait_request request = {
		.queue = &process->tasks_queue,
		.event = WAIT_CHILD,
		.deadline_ns = FOREVER,
		.is_deaf = true,
	};

	if (is_single(process) == 0)
		return 0;
	/* A second thread that runs a program came first. If each ended the
	 * other, no thread would be left for a program. */
	if (task_current()->is_dying)
		return -EINTR;
	end_other_tasks(process);
	return wait_for(&request, is_single, process);
}
