/*
 * proc_waits.c - /proc/waits: the reason of each wait, the beginning, and the
 * tasks that could end the wait: see proc_enders.c. The facts come from the
 * struct wait of each blocked task.
 */
#include "kernel/fs/proc.h"

#include "arch/arch.h"
#include "kernel/obj/object.h"
#include "kernel/task/id.h"
#include "kernel/task/process.h"

/* The kind of the task's wait, such as "pipe" or "child". */
static const char *wait_kind(const struct task *task)
{
	const struct wait_request *request = task->wait.request;

	if (request->object)
		return request->object->ops->kind;
	switch (request->event) {
	case WAIT_TIME:
		return "sleep";
	case WAIT_CHILD:
		return "child";
	case WAIT_SIGNAL:
		return "signal";
	case WAIT_POLL:
		return "poll";
	default:
		return "kernel";
	}
}

uint64_t proc_since_ns(const struct wait *wait)
{
	uint64_t waited = arch_cycles() - wait->since_cycles;

	return arch_now_ns() - arch_cycles_to_ns(waited);
}

static void wait_line(struct proc_text *text, struct enders *set,
		      const struct task *task)
{
	const struct wait_request *request = task->wait.request;
	char object[OBJECT_NAME_BYTES] = "-";

	if (request->object)
		object_describe(request->object, object, sizeof(object));
	proc_printf(text, "%d\t", task->id);
	proc_put_name(text, task->name);
	proc_printf(text, "\t%s\t", wait_kind(task));
	proc_put_name(text, object);
	proc_printf(text, "\t%s\t%llu\t", wait_event_name[request->event],
		    proc_since_ns(&task->wait));
	if (request->deadline_ns == FOREVER)
		proc_puts(text, "-\t");
	else
		proc_printf(text, "%llu\t", request->deadline_ns);
	proc_put_enders(text, set, task);
	proc_puts(text, "\n");
}

void proc_waits(struct proc_text *text)
{
	struct enders *set = proc_begin_enders(text);
	const struct task *task;
	pid_t id = 0;

	if (!set)
		return;
	proc_puts(text, "PID\tNAME\tKIND\tOBJECT\tEVENT\tSINCE_NS\t"
			"DEADLINE_NS\tENDERS\n");
	while ((task = task_after(&id)) != NULL) {
		if (task_is_waiting(task))
			wait_line(text, set, task);
		proc_pause(text);
	}
	proc_end_enders(set);
}
