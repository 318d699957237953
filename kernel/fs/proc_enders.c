/*
 * proc_enders.c - who could end a wait?
 *
 * A reader of a pipe waits for those who hold an open write end, a writer for
 * the readers, a parent for its children, poll() for anybody at any of its
 * descriptors. Some objects know better: a mutex names its holder, a semaphore
 * may be posted by all who have its memory mapped (object_ops.can_end, .ender).
 * What is no task is a word: the keyboard, the clock, signals, "anyone" for
 * whoever may come and open the other side of a FIFO.
 *
 * All are named who could, even if they never will; nobody is left out who
 * holds what is needed now. So when each of them waits as well, and for each
 * other, that is a deadlock: `why` follows this from task to task. A task can
 * end its own wait only in a signal handler.
 */
#include "kernel/fs/proc.h"

#include "kernel/lib/string.h"
#include "kernel/obj/descriptor.h"
#include "kernel/obj/poll_set.h"
#include "kernel/task/process.h"

/* What is asked of one descriptor, object, or process. */
struct enders {
	struct proc_text *text;
	const struct task *waiter;
	unsigned count;			/* put so far */
	unsigned words;			/* those put: bits */
};

enum { KEYBOARD, HOST, CLOCK, SIGNALS, ANYONE, WORDS };

static const char *const word[WORDS] = {
	"keyboard", "host", "clock", "signals", "anyone",
};

static const struct {
	const char *kind;
	int word;
} outside[] = {
	{ "tty", KEYBOARD }, { "host", HOST }, { "timerfd", CLOCK },
	{ "signalfd", SIGNALS },
};

static void put_word(struct enders *enders, int n)
{
	if (enders->words & 1u << n)
		return;
	enders->words |= 1u << n;
	proc_printf(enders->text, enders->count++ ? ",%s" : "%s", word[n]);
}

static void put_pid(struct enders *enders, pid_t pid)
{
	proc_printf(enders->text, enders->count++ ? ",%d" : "%d", pid);
}

/* The far side of a device is no task. */
static void put_outside(struct enders *enders, const struct object *object)
{
	for (size_t i = 0; i < ARRAY_LENGTH(outside); i++)
		if (strcmp(object->ops->kind, outside[i].kind) == 0)
			put_word(enders, outside[i].word);
}

/* ---- Could this one? ---------------------------------------------------- */

/* Does the process hold the end that could give what the waiter wants? */
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

static bool can_end_poll(const struct task *waiter, const struct task *other)
{
	const struct poll_set *set = waiter->wait.context;

	for (nfds_t i = 0; i < set->count; i++) {
		const struct open_file *file = poll_entry_of(set, i)->file;
		const struct object *object = file ? file->object : NULL;

		if (!file)
			continue;
		if (object->ops->can_end
			? object->ops->can_end(object, waiter, other)
			: (file_can_read(file) &&
			   holds_end(other->process, object, END_WRITE)) ||
			  (file_can_write(file) &&
			   holds_end(other->process, object, END_READ)))
			return true;
	}
	return false;
}

static bool can_end_object(const struct task *waiter, const struct task *other)
{
	const struct object *object = waiter->wait.object;
	int end = waiter->wait.event == WAIT_DATA ? END_WRITE : END_READ;
	pid_t only;

	if (object->ops->can_end)
		return object->ops->can_end(object, waiter, other);
	only = object->ops->ender ? object->ops->ender(waiter, &end) : 0;
	return only ? other->process->id == only
		    : holds_end(other->process, object, end);
}

/* A parent waits for children, one that calls exec for its other threads. */
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
	const struct wait *wait = &waiter->wait;

	if (!other->process || other->state == TASK_TERMINATED)
		return false;
	if (wait->object)
		return can_end_object(waiter, other);
	if (wait->event == WAIT_POLL)
		return can_end_poll(waiter, other);
	if (wait->event == WAIT_CHILD)
		return can_end_children(waiter, other);
	return false;
}

/* ---- All who could ------------------------------------------------------ */

static bool has_handlers(const struct process *process)
{
	for (int n = 1; n < NSIG; n++)
		if (process->signals.actions->of[n].handler > 1)
			return true;
	return false;
}

static void put_words(struct enders *enders)
{
	const struct task *waiter = enders->waiter;
	const struct wait *wait = &waiter->wait;
	const struct poll_set *set = wait->context;

	if (wait->event == WAIT_SIGNAL)
		put_word(enders, SIGNALS);
	else if (wait->object && wait->event == WAIT_DATA)
		put_outside(enders, wait->object);
	else if (wait->object && wait->event == WAIT_PEER &&
		 strcmp(wait->object->ops->kind, "fifo") == 0)
		put_word(enders, ANYONE);
	if (wait->event != WAIT_POLL)
		return;
	for (nfds_t i = 0; i < set->count; i++)
		if (poll_entry_of(set, i)->file)
			put_outside(enders,
				    poll_entry_of(set, i)->file->object);
}

/* Nobody else: then the task itself, in a handler or never. */
static void put_self(struct enders *enders)
{
	const struct task *waiter = enders->waiter;

	if (!waiter->process || !can_end(waiter, waiter))
		return;
	if (has_handlers(waiter->process))
		put_word(enders, SIGNALS);
	else
		put_pid(enders, waiter->id);
}

void proc_put_enders(struct proc_text *text, const struct task *task)
{
	struct enders enders = { .text = text, .waiter = task };
	const struct task *other;

	put_words(&enders);
	if (enders.count == 0 || task->wait.event == WAIT_POLL)
		LIST_FOR_EACH(other, &task_list, all)
			if (other != task && can_end(task, other))
				put_pid(&enders, other->id);
	if (enders.count == 0)
		put_self(&enders);
	if (enders.count == 0)
		proc_puts(text, task->wait.deadline_ns == FOREVER ? "-"
								  : "timer");
}
