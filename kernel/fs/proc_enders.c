/*
 * proc_enders.c - find the tasks that could end a wait: its *enders*.
 *
 * The enders of a reader of a pipe are the tasks with an open write end, and
 * the enders of a writer are the readers. A parent waits for the children, and
 * poll() for any task with the far end of a descriptor. Some objects know
 * better: a mutex names the holder, and a semaphore names all tasks with the
 * memory mapped (object_ops.can_end, .ender). An event from outside is a word:
 * the keyboard, the clock, signals, "anyone" for a FIFO that any process may
 * still open.
 *
 * The result contains each task that could end the wait, even a task that never
 * will. No task is missing that holds the needed end now. So if all enders wait
 * as well, for each of the waiting tasks in a circle, there is a deadlock:
 * `why` follows the enders from task to task. A task can end its own wait only
 * in a signal handler.
 */
#include "kernel/fs/proc.h"

#include "kernel/lib/string.h"
#include "kernel/obj/descriptor.h"
#include "kernel/obj/poll_set.h"
#include "kernel/task/id.h"
#include "kernel/task/process.h"

static const char *const word[OUTSIDERS] = {
	"keyboard", "host", "clock", "signals", "anyone",
};

static const struct {
	const char *kind;
	enum outsider outsider;
} outside[] = {
	{ "tty", KEYBOARD }, { "host", HOST }, { "timerfd", CLOCK },
	{ "signalfd", SIGNALS },
};

/* The far side of a device is no task. */
static uint32_t outsiders_behind(const struct object *object)
{
	for (size_t i = 0; i < ARRAY_LENGTH(outside); i++)
		if (strcmp(object->ops->kind, outside[i].kind) == 0)
			return OUTSIDER(outside[i].outsider);
	return 0;
}

/* ---- Could this task end the wait? -------------------------------------- */

/* Does the process have a descriptor of this end of the object? */
static bool holds_end(const struct process *process,
		      const struct object *object, int end)
{
	const struct descriptors *table = process->descriptors;

	if (object->ends[end] == 0)
		return false;
	for (uint32_t i = 0; table && i < table->capacity; i++) {
		const struct open_file *file = table->files[i];

		if (file && file->object == object &&
		    (end == END_WRITE ? file_can_write(file)
				      : file_can_read(file)))
			return true;
	}
	return false;
}

/* Has the task in poll() a watcher at the object? */
static bool is_watching(const struct task *task, const struct object *object)
{
	const struct watcher *watcher;

	LIST_FOR_EACH(watcher, &object->queue[END_READ].watchers, node)
		if (watcher->poller->task == task)
			return true;
	return false;
}

/* Does an entry of the set watch the far side of this open file? */
static bool is_far_side(const struct poll_set *set,
			const struct open_file *held)
{
	for (nfds_t i = 0; i < set->count; i++) {
		const struct open_file *file = poll_entry_of(set, i)->file;

		if (file && file->object == held->object &&
		    ((file_can_read(file) && file_can_write(held)) ||
		     (file_can_write(file) && file_can_read(held))))
			return true;
	}
	return false;
}

/* Most objects have no watcher of this task: look at the objects of the
 * process, and only then into the set. */
static bool holds_far_side(const struct task *waiter,
			   const struct process *process)
{
	const struct descriptors *table = process->descriptors;

	for (uint32_t i = 0; table && i < table->capacity; i++) {
		const struct open_file *held = table->files[i];

		if (held && !held->object->ops->can_end &&
		    is_watching(waiter, held->object) &&
		    is_far_side(waiter->wait.context, held))
			return true;
	}
	return false;
}

static bool can_end_poll(const struct task *waiter, const struct task *other)
{
	const struct poll_set *set = waiter->wait.context;

	for (nfds_t i = 0; i < set->count; i++) {
		const struct open_file *file = poll_entry_of(set, i)->file;
		const struct object *object = file ? file->object : NULL;

		if (file && object->ops->can_end &&
		    object->ops->can_end(object, waiter, other))
			return true;
	}
	return holds_far_side(waiter, other->process);
}

static bool can_end_object(const struct task *waiter, const struct task *other)
{
	const struct wait_request *request = waiter->wait.request;
	const struct object *object = request->object;
	int end = request->event == WAIT_DATA ? END_WRITE : END_READ;
	pid_t only;

	if (object->ops->can_end)
		return object->ops->can_end(object, waiter, other);
	only = object->ops->ender ? object->ops->ender(waiter, &end) : 0;
	return only ? other->process->id == only
		    : holds_end(other->process, object, end);
}

/* A parent waits for children; a caller of exec, for the process' threads. */
static bool can_end_children(const struct task *waiter,
			     const struct task *other)
{
	struct process *process = waiter->process;

	if (waiter->wait.queue != &process->child_queue)
		return other->process == process;
	return other->process->parent == process &&
	       process_is_wanted(other->process, waiter->wait.context);
}

static bool can_end(const struct task *waiter, const struct task *other)
{
	const struct wait_request *request = waiter->wait.request;

	if (!other->process || other->state == TASK_TERMINATED)
		return false;
	if (request->object)
		return can_end_object(waiter, other);
	if (request->event == WAIT_POLL)
		return can_end_poll(waiter, other);
	if (request->event == WAIT_CHILD)
		return can_end_children(waiter, other);
	return false;
}

/* ---- All enders --------------------------------------------------------- */

static bool has_handlers(const struct process *process)
{
	for (int n = 1; n < NSIG; n++)
		if (process->signals.actions->of[n].handler > 1)
			return true;
	return false;
}

static uint32_t poll_outsiders(const struct poll_set *set)
{
	uint32_t outsiders = 0;

	for (nfds_t i = 0; i < set->count; i++) {
		const struct open_file *file = poll_entry_of(set, i)->file;

		if (file)
			outsiders |= outsiders_behind(file->object);
	}
	return outsiders;
}

uint32_t proc_outsiders(const struct task *task)
{
	const struct wait_request *request = task->wait.request;
	const struct object *object = request->object;

	if (request->event == WAIT_SIGNAL)
		return OUTSIDER(SIGNALS);
	if (request->event == WAIT_POLL)
		return poll_outsiders(task->wait.context);
	if (object && request->event == WAIT_DATA)
		return outsiders_behind(object);
	if (object && request->event == WAIT_PEER &&
	    strcmp(object->ops->kind, "fifo") == 0)
		return OUTSIDER(ANYONE);
	return 0;
}

/* Could the task end the wait in a signal handler? */
static bool can_end_itself(const struct task *task)
{
	return task->process && can_end(task, task);
}

const struct task *proc_next_ender(const struct task *waiter,
				   const struct task *after)
{
	const struct list_node *node = after ? &after->all : &task_list.head;

	if (after == waiter)
		return NULL;
	while ((node = node->next) != &task_list.head) {
		const struct task *other = LIST_ENTRY(node, struct task, all);

		if (other != waiter && can_end(waiter, other))
			return other;
	}
	return !after && can_end_itself(waiter) &&
	       !has_handlers(waiter->process) ? waiter : NULL;
}

/* A comma, but nothing before the first word. */
static const char *comma(unsigned *count)
{
	return (*count)++ ? "," : "";
}

/* Does this task still wait, as before other tasks ran? The pointer may be old:
 * the number decides. */
static bool waits_still(const struct task *task, pid_t id, uint64_t since)
{
	return id_task(id) == task && task->wait.queue &&
	       task->wait.since_cycles == since;
}

/* The numbers of the enders. Returns how many words stand in the line. */
static unsigned put_tasks(struct proc_text *text, const struct task *task,
			  unsigned count)
{
	const uint64_t since = task->wait.since_cycles;
	const pid_t own = task->id;
	const struct task *other;
	pid_t id = 0;

	while ((other = task_after(&id)) != NULL) {
		if (other != task && can_end(task, other))
			proc_printf(text, "%s%d", comma(&count), id);
		proc_pause(text);
		if (!waits_still(task, own, since))
			return count + 1;
	}
	if (count == 0 && can_end_itself(task) && !has_handlers(task->process))
		proc_printf(text, "%s%d", comma(&count), own);
	return count;
}

void proc_put_enders(struct proc_text *text, const struct task *task)
{
	uint32_t outsiders = proc_outsiders(task);
	unsigned count = 0;

	for (unsigned i = 0; i < OUTSIDERS; i++)
		if (outsiders & OUTSIDER(i))
			proc_printf(text, "%s%s", comma(&count), word[i]);
	if (count == 0 || task->wait.request->event == WAIT_POLL)
		count = put_tasks(text, task, count);
	if (count > 0)
		return;
	if (can_end_itself(task))
		proc_puts(text, word[SIGNALS]);
	else
		proc_puts(text, task->wait.request->deadline_ns == FOREVER
			  ? "-" : "timer");
}
