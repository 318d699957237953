/*
 * proc_waits.c - /proc/waits: who waits for what, and who could end it.
 *
 * One fact per blocked task, struct wait, and one question: whose descriptors
 * lead to the other end? A reader of a pipe waits for those who hold an open
 * write end, a writer for the readers, a parent for its children. The shell's
 * `why` follows this from task to task until the chain ends, or closes.
 */
#include "kernel/fs/proc.h"

#include "arch/arch.h"
#include "kernel/ipc/futex.h"
#include "kernel/lib/string.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/process.h"

static const char *kind_of(const struct task *task)
{
	const struct wait *wait = &task->wait;

	if (wait->object)
		return wait->object->ops->kind;
	switch (wait->event) {
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

/* Does the process hold the end that could give what the waiter wants? */
static bool holds_end(const struct process *process,
		      const struct object *object, int end)
{
	const struct descriptors *table = process->descriptors;

	for (uint32_t i = 0; table && i < table->capacity; i++) {
		const struct open_file *file = table->files[i];

		if (file && file->object == object &&
		    (end == END_WRITE ? file_can_write(file)
				      : file_can_read(file)))
			return true;
	}
	return false;
}

/* Each pid behind a comma, but for the first; returns how many. */
static unsigned put_pid(struct proc_text *text, unsigned count, pid_t pid)
{
	proc_printf(text, count ? ",%d" : "%d", pid);
	return count + 1;
}

static unsigned put_holders(struct proc_text *text,
			    const struct object *object, int end)
{
	const struct process *process;
	unsigned count = 0;

	if (object->ends[end] == 0)
		return 0;
	LIST_FOR_EACH(process, &process_list, all)
		if (holds_end(process, object, end))
			count = put_pid(text, count, process->id);
	return count;
}

static unsigned put_children(struct proc_text *text,
			     const struct process *process)
{
	const struct process *child;
	unsigned count = 0;

	LIST_FOR_EACH(child, &process->children, sibling)
		count = put_pid(text, count, child->id);
	return count;
}

/* The device at whose other end there is no process, or NULL. */
static const char *outside_of(const struct object *object)
{
	if (object && strcmp(object->ops->kind, "tty") == 0)
		return "keyboard";
	if (object && strcmp(object->ops->kind, "host") == 0)
		return "host";
	return NULL;
}

/* Of a wait for an object that knows better than its ends tell. */
static unsigned put_ender(struct proc_text *text, const struct task *task)
{
	const struct object *object = task->wait.object;
	int end = task->wait.event == WAIT_DATA ? END_WRITE : END_READ;
	pid_t pid = object->ops->ender(task, &end);

	return pid ? put_pid(text, 0, pid) : put_holders(text, object, end);
}

static void put_enders(struct proc_text *text, const struct task *task)
{
	const struct wait *wait = &task->wait;
	const char *outside = outside_of(wait->object);
	unsigned count = 0;

	if (outside && wait->event == WAIT_DATA) {
		proc_puts(text, outside);
		return;
	}
	if (wait->object && wait->object->ops->ender)
		count = put_ender(text, task);
	else if (wait->object && wait->event == WAIT_DATA)
		count = put_holders(text, wait->object, END_WRITE);
	else if (wait->object && wait->event == WAIT_SPACE)
		count = put_holders(text, wait->object, END_READ);
	else if (wait->event == WAIT_CHILD && task->process)
		count = put_children(text, task->process);
	if (count == 0)
		proc_puts(text, wait->deadline_ns == FOREVER ? "-" : "timer");
}

/* The time since boot when the wait began. */
static uint64_t since_ns(const struct wait *wait)
{
	uint64_t waited = arch_cycles() - wait->since_cycles;

	return arch_now_ns() - arch_cycles_to_ns(waited);
}

static void wait_line(struct proc_text *text, const struct task *task)
{
	const struct wait *wait = &task->wait;
	char object[64] = "-";

	if (wait->object)
		object_describe(wait->object, object, sizeof(object));
	proc_printf(text, "%d\t", task->id);
	proc_put_name(text, task->name);
	proc_printf(text, "\t%s\t", kind_of(task));
	proc_put_name(text, object);
	proc_printf(text, "\t%s\t%llu\t", wait_event_name[wait->event],
		    since_ns(wait));
	if (wait->deadline_ns == FOREVER)
		proc_puts(text, "-\t");
	else
		proc_printf(text, "%llu\t", wait->deadline_ns);
	put_enders(text, task);
	proc_puts(text, "\n");
}

void proc_waits(struct proc_text *text)
{
	const struct task *task;

	proc_puts(text, "PID\tNAME\tKIND\tOBJECT\tEVENT\tSINCE_NS\t"
			"DEADLINE_NS\tENDERS\n");
	LIST_FOR_EACH(task, &task_list, all)
		if (task->state == TASK_BLOCKED)
			wait_line(text, task);
}
