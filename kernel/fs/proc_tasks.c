/*
 * proc_tasks.c - /proc/tasks: a line for each task, and for each zombie.
 *
 * ps reads this text, and so do people. A zombie has no task any more, but the
 * parent still has to wait for the zombie, so a zombie gets a line as well.
 */
#include "kernel/fs/proc.h"

#include "kernel/lib/string.h"
#include "kernel/obj/object.h"
#include "kernel/task/id.h"
#include "kernel/task/process.h"

/* The real-time priority, the nice value, or idle. */
static void put_rank(struct proc_text *text, const struct task *task)
{
	if (task->priority)
		proc_printf(text, "rt%d\t", task->priority);
	else if (task->policy == POLICY_BACKGROUND)
		proc_puts(text, "idle\t");
	else
		proc_printf(text, "%d\t", task->nice);
}

static void task_line(struct proc_text *text, const struct task *task)
{
	const struct process *process = task->process;
	const struct process *parent = process ? process->parent : NULL;

	char waits_for[OBJECT_NAME_BYTES] = "-";

	if (task_is_waiting(task) && task->wait.request->object)
		object_describe(task->wait.request->object, waits_for,
				sizeof(waits_for));
	else if (task_is_waiting(task))
		strlcpy(waits_for, wait_event_name[task->wait.request->event],
			sizeof(waits_for));
	proc_printf(text, "%d\t%d\t%d\t%s\t", task->id,
		    parent ? parent->id : 0, process ? process->group : 0,
		    task_state_name[task->state]);
	put_rank(text, task);
	proc_printf(text, "%llu\t%llu\t%u\t%s\t", task_user_ns(task),
		    task_kernel_ns(task),
		    process && process->space ? process->space->pages : 0,
		    waits_for);
	proc_put_name(text, task->name);
	proc_puts(text, "\n");
}

static void zombie_line(struct proc_text *text, const struct process *process)
{
	proc_printf(text, "%d\t%d\t%d\tzombie\t0\t%llu\t%llu\t0\t-\t",
		    process->id, process->parent ? process->parent->id : 0,
		    process->group, process_user_ns(process),
		    process_kernel_ns(process));
	proc_put_name(text, process->name);
	proc_puts(text, "\n");
}

void proc_tasks(struct proc_text *text)
{
	const struct process *process;
	const struct task *task;
	pid_t id = 0;

	proc_printf(text, "PID\tPPID\tPGID\tSTATE\tPRIO\tUSER_NS\tKERNEL_NS\t"
			  "PAGES\tWAITS_FOR\tNAME\n");
	while ((task = task_after(&id)) != NULL) {
		if (task->state != TASK_TERMINATED)
			task_line(text, task);
		proc_pause(text);
	}
	id = 0;
	while ((process = process_after(&id)) != NULL) {
		if (process->state == PROCESS_ZOMBIE)
			zombie_line(text, process);
		proc_pause(text);
	}
}
