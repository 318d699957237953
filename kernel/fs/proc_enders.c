/*
 * proc_enders.c - find the tasks that could end a wait: its *enders*.
 *
 * The enders of a reader of a pipe are the tasks with an open write end, and
 * the enders of a writer are the readers. A parent waits for the children, and
 * poll() for any task with the far end of a descriptor. Some objects know
 * better: a mutex names the holder, and a semaphore names all tasks with the
 * memory mapped (object_ops.enders, .ender). An event from outside is a word:
 * the keyboard, the clock, signals, "anyone" for a FIFO that any process may
 * still open.
 *
 * The result contains each task that could end the wait, even a task that never
 * will. No task is missing that held the needed end when the descriptors were
 * noted (kernel/obj/enders.h). So if all enders wait as well, for each of the
 * waiting tasks in a circle, there is a deadlock: `why` follows the enders from
 * task to task. A task can end its own wait only in a signal handler.
 */
#include "kernel/fs/proc.h"

#include "kernel/fs/cache.h"
#include "kernel/lib/sched_point.h"
#include "kernel/lib/string.h"
#include "kernel/obj/enders.h"
#include "kernel/obj/file.h"
#include "kernel/obj/poll_set.h"
#include "kernel/task/process.h"

static const char *const word[OUTSIDERS] = {
	"keyboard", "host", "clock", "signals", "network", "disk", "anyone",
};

static const struct {
	const char *kind;
	enum outsider outsider;
	bool takes;			/* ends the waits to write, too */
} outside[] = {
	{ "tty", KEYBOARD, false }, { "host", HOST, false },
	{ "timerfd", CLOCK, false }, { "signalfd", SIGNALS, false },
	{ "tcp socket", NETWORK, true }, { "udp socket", NETWORK, true },
};

/* ---- Events from outside ------------------------------------------------ */

static struct object *peer_of(const struct object *object)
{
	return object->ops->peer ? object->ops->peer(object) : NULL;
}

/* The far side of a device is no task. */
static uint32_t outsiders_behind(const struct object *object, int end)
{
	if (peer_of(object))
		return 0;
	for (size_t i = 0; i < ARRAY_LENGTH(outside); i++)
		if (strcmp(object->ops->kind, outside[i].kind) == 0 &&
		    (end == END_READ || outside[i].takes))
			return OUTSIDER(outside[i].outsider);
	if (object->ops->is_open && object->ops->is_open(object, end))
		return OUTSIDER(ANYONE);
	return 0;
}

/* The file after number *at in a set of epoll; NULL: no more, or no set. */
static struct open_file *file_of_set(const struct open_file *set, uint32_t *at)
{
	return set->object->ops->file_after
		? set->object->ops->file_after(set->object, at) : NULL;
}

/* The file after number *at of the poll(), or of the set of epoll; NULL: no
 * more. */
static struct open_file *polled_after(const struct task *task, uint32_t *at)
{
	const struct object *object = task->wait.request->object;
	const struct poll_set *set = task->wait.context;

	if (object)
		return object->ops->file_after(object, at);
	while (*at < set->count) {
		struct open_file *file = poll_entry_of(set, (*at)++)->file;

		if (file)
			return file;
	}
	return NULL;
}

static uint32_t poll_outsiders(const struct task *task)
{
	const struct open_file *file, *inner;
	uint32_t outsiders = 0, at = 0, at_inner;

	while ((file = polled_after(task, &at)) != NULL) {
		outsiders |= outsiders_behind(file->object, END_READ);
		at_inner = 0;
		while ((inner = file_of_set(file, &at_inner)) != NULL)
			outsiders |= outsiders_behind(inner->object, END_READ);
	}
	return outsiders;
}

/* open(2) of a FIFO, accept(2) or connect(2). */
static uint32_t outsiders_at_peer(const struct wait_request *request)
{
	const struct object *object = request->object;

	if (strcmp(object->ops->kind, "fifo") == 0)
		return OUTSIDER(ANYONE);
	return outsiders_behind(object, request->queue == object->queue
						? END_READ : END_WRITE);
}

uint32_t proc_outsiders(const struct task *task)
{
	const struct wait_request *request = task->wait.request;
	const struct object *object = request->object;

	if (request->event == WAIT_SIGNAL)
		return OUTSIDER(SIGNALS);
	if (request->queue == cache_queue() && request->event == WAIT_DATA)
		return OUTSIDER(DISK);
	if (request->event == WAIT_POLL)
		return poll_outsiders(task);
	if (object && (request->event == WAIT_DATA ||
		       request->event == WAIT_UNIT))
		return outsiders_behind(object, END_READ);
	if (object && request->event == WAIT_SPACE)
		return outsiders_behind(object, END_WRITE);
	if (object && request->event == WAIT_PEER)
		return outsiders_at_peer(request);
	return 0;
}

/* ---- Tasks -------------------------------------------------------------- */

/* A task and its wait. While other tasks run, both may end: the numbers tell.
 * [own] */
struct sleeper {
	const struct task *task;
	pid_t id;
	uint64_t since_cycles;
};

static bool waits_still(const struct sleeper *sleeper)
{
	return id_task(sleeper->id) == sleeper->task &&
	       sleeper->task->wait.queue &&
	       sleeper->task->wait.since_cycles == sleeper->since_cycles;
}

/* The holders of the object at the far side, if there is one. */
static bool add_of_peer(struct enders *set, const struct object *object)
{
	struct object *peer = peer_of(object);

	if (!peer)
		return false;
	object_get(peer);		/* other tasks may run */
	enders_add_holders(set, peer, END_READ);
	object_put(peer);
	return true;
}

static void add_of_object(struct enders *set, const struct task *waiter)
{
	const struct wait_request *request = waiter->wait.request;
	const struct object *object = request->object;
	int end = request->event == WAIT_DATA ? END_WRITE : END_READ;
	pid_t only;

	if (add_of_peer(set, object))
		return;
	if (object->ops->enders) {
		object->ops->enders(object, waiter, set);
		return;
	}
	only = object->ops->ender ? object->ops->ender(waiter, &end) : 0;
	if (only)
		enders_add_process(set, id_process(only));
	else
		enders_add_holders(set, object, end);
}

/* The holders of the far side of a polled file. */
static void add_far_side(struct enders *set, const struct task *waiter,
			 const struct open_file *file)
{
	bool can_read = file_can_read(file), can_write = file_can_write(file);
	struct object *object = file->object;

	if (add_of_peer(set, object))
		return;
	if (object->ops->enders) {
		object->ops->enders(object, waiter, set);
		return;
	}
	object_get(object);		/* other tasks may run */
	if (can_read)
		enders_add_holders(set, object, END_WRITE);
	if (can_write)
		enders_add_holders(set, object, END_READ);
	object_put(object);
}

/* The words of the file as the result. Other tasks may run: the caller has a
 * reference of the file. */
static uint32_t add_of_file(struct enders *set, const struct task *waiter,
			    const struct open_file *file)
{
	uint32_t outsiders = outsiders_behind(file->object, END_READ);

	add_far_side(set, waiter, file);
	if (set->may_pause)
		sched_point();
	return outsiders;
}

/* The files of a set of epoll. Each may close while other tasks run. */
static uint32_t add_of_set(struct enders *set, const struct sleeper *sleeper,
			   const struct open_file *epoll)
{
	struct open_file *file;
	uint32_t outsiders = 0, at = 0;

	while (waits_still(sleeper) &&
	       (file = file_of_set(epoll, &at)) != NULL) {
		file_get(file);
		outsiders |= add_of_file(set, sleeper->task, file);
		file_put(file);
	}
	return outsiders;
}

/* A task that shares a set of epoll may add to the set. */
static uint32_t add_of_poll(struct enders *set, const struct sleeper *sleeper)
{
	const struct task *task = sleeper->task;
	struct open_file *file;
	uint32_t outsiders = 0, at = 0;

	if (task->wait.request->object)
		enders_add_holders(set, task->wait.request->object, END_READ);
	while (waits_still(sleeper) &&
	       (file = polled_after(task, &at)) != NULL) {
		file_get(file);
		outsiders |= add_of_file(set, task, file);
		outsiders |= add_of_set(set, sleeper, file);
		file_put(file);
	}
	return outsiders;
}

/* A parent waits for children; a caller of exec, for the process' threads. */
static void add_of_child_wait(struct enders *set, const struct task *waiter)
{
	const struct process *process = waiter->process, *child;

	if (waiter->wait.queue != &process->child_queue) {
		enders_add_process(set, process);
		return;
	}
	LIST_FOR_EACH(child, &process->children, sibling)
		if (process_is_wanted(child, waiter->wait.context))
			enders_add_process(set, child);
}

static bool has_handlers(const struct process *process)
{
	for (int n = 1; n < NSIG; n++)
		if (process->signals.actions->of[n].handler > 1)
			return true;
	return false;
}

/* The waiting task counts only if no different task does: in a handler. */
static uint32_t leave_out_itself(struct enders *set, const struct task *task)
{
	pid_t next = 0;

	if (!id_bits_has(&set->tasks, task->id))
		return 0;
	id_bits_put(&set->tasks, task->id, false);
	if (id_bits_after(&set->tasks, &next))
		return 0;
	if (has_handlers(task->process))
		return OUTSIDER(SIGNALS);
	enders_add_task(set, task->id);
	return 0;
}

uint32_t proc_find_enders(struct enders *set, const struct task *task)
{
	const struct wait_request *request = task->wait.request;
	const struct sleeper sleeper = { task, task->id,
					 task->wait.since_cycles };
	uint32_t outsiders = 0;

	memset(&set->tasks, 0, sizeof(set->tasks));
	set->ended = 0;
	if (set->may_pause)
		sched_point();
	if (!waits_still(&sleeper))
		return 0;
	if (request->event != WAIT_POLL)
		outsiders = proc_outsiders(task);
	if (outsiders)
		return outsiders;
	if (request->event == WAIT_POLL)
		outsiders = add_of_poll(set, &sleeper);
	else if (request->object)
		add_of_object(set, task);
	else if (request->event == WAIT_CHILD)
		add_of_child_wait(set, task);
	if (waits_still(&sleeper))
		outsiders |= leave_out_itself(set, task);
	return outsiders;
}

/* A comma, but nothing before the first word. */
static const char *comma(unsigned *count)
{
	return (*count)++ ? "," : "";
}

void proc_put_enders(struct proc_text *text, struct enders *set,
		     const struct task *task)
{
	bool has_deadline = task->wait.request->deadline_ns != FOREVER;
	uint32_t outsiders = proc_find_enders(set, task);
	unsigned count = 0;
	pid_t id = 0;

	for (unsigned i = 0; i < OUTSIDERS; i++)
		if (outsiders & OUTSIDER(i))
			proc_printf(text, "%s%s", comma(&count), word[i]);
	while (id_bits_after(&set->tasks, &id)) {
		proc_printf(text, "%s%d", comma(&count), id);
		proc_pause(text);
	}
	if (count == 0)
		proc_puts(text, has_deadline ? "timer" : "-");
}
