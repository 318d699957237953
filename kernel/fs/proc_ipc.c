/*
 * proc_ipc.c - /proc/ipc: every object that tasks use to communicate.
 *
 * A line for each object: the open files that can read and write, the tasks
 * that sleep on the object, and the contents, in the mechanism's own words. A
 * pipe with writers and no reader is widowed. A full pipe with a sleeping
 * writer waits for the readers.
 */
#include "kernel/fs/proc.h"

#include "kernel/obj/object.h"
#include "kernel/task/id.h"
#include "kernel/task/task.h"

#define LOOKS_AT_ONCE	64		/* at tasks, then others may run */
#define POLLERS_SHOWN	16		/* in one step: a crowd is cut */

/* The task that sleeps in poll(), select() or epoll_wait() behind this watcher,
 * or NULL. */
static const struct task *task_behind(const struct watcher *watcher)
{
	const struct wait_queue *queue = watcher->poller->queue;
	const struct task *task;

	if (!queue || list_is_empty(&queue->sleepers))
		return NULL;
	task = LIST_ENTRY(queue->sleepers.head.next, struct task, wait.node);
	return task->wait.request->event == WAIT_POLL ? task : NULL;
}

/* A poll() may watch the object twice: its watchers are neighbours then. */
static void put_pollers(struct proc_text *text, const struct object *object,
			bool is_first)
{
	const struct task *task, *last = NULL;
	const struct watcher *watcher;
	unsigned looks = 0;

	LIST_FOR_EACH(watcher, &object->queue[END_READ].watchers, node) {
		if (looks++ == POLLERS_SHOWN) {
			proc_puts(text, is_first ? "..." : ",...");
			return;
		}
		task = task_behind(watcher);
		if (!task || task == last)
			continue;
		proc_printf(text, is_first ? "%d" : ",%d", task->id);
		is_first = false;
		last = task;
	}
	if (is_first)
		proc_puts(text, "-");
}

/* The tasks in the object's two queues, synchronous senders, each of which
 * waits in a separate queue, and the tasks that poll. */
static void put_sleepers(struct proc_text *text, const struct object *object)
{
	const struct task *task;
	unsigned looks = 0;
	bool is_first = true;
	pid_t id = 0;

	while ((task = task_after(&id)) != NULL) {
		if (task->wait.queue && task->wait.request->object == object) {
			proc_printf(text, is_first ? "%d" : ",%d", id);
			is_first = false;
		}
		if (++looks % LOOKS_AT_ONCE == 0)
			proc_pause(text);
	}
	put_pollers(text, object, is_first);
}

static void object_line(struct proc_text *text, const struct object *object)
{
	char words[OBJECT_NAME_BYTES], state[80];

	object->ops->report(object, state, sizeof(state));
	if (!*state)
		return;			/* not in use now */
	object_describe(object, words, sizeof(words));
	proc_printf(text, "%u\t%s\t", object->id, object->ops->kind);
	proc_put_name(text, words);
	proc_printf(text, "\t%u\t%u\t", object->ends[END_READ],
		    object->ends[END_WRITE]);
	put_sleepers(text, object);
	proc_printf(text, "\t%s\n", state);
}

/* The object behind this one in the list, with a reference; or NULL. */
static struct object *get_next(const struct list_node *node)
{
	struct object *next;

	if (node->next == &object_list.head)
		return NULL;
	next = LIST_ENTRY(node->next, struct object, all);
	object_get(next);
	return next;
}

/* The reference keeps the object in the list while other tasks run. */
void proc_ipc(struct proc_text *text)
{
	struct object *object = get_next(&object_list.head), *next;

	proc_puts(text, "ID\tKIND\tNAME\tREADERS\tWRITERS\tWAITING\tSTATE\n");
	for (; object; object = next) {
		if (object->ops->report)
			object_line(text, object);
		proc_pause(text);
		next = get_next(&object->all);
		object_put(object);
	}
}
