/*
 * inotify.c - notices of changes in the file tree, as messages to read.
 *
 *	open file -> inotify -> watches -> nodes
 *			|
 *			events: read(2) takes them
 *
 * inotify_watch.c has the watches; this file has the events, and the object.
 *
 * An event is memory of the user who watches, whoever made the change. An
 * inotify keeps at most EVENTS_MOST events. The next event is lost, and so are
 * all further events until the reader has read the rest and then
 * IN_Q_OVERFLOW: the place of the gap is right. An event equal to the last one
 * in the queue is left out: many writes are one IN_MODIFY.
 *
 * Not promised: an event for a store through a mapping. After Linux's inotify
 * of 2005 by J. McCutchan and R. Love; POSIX has no such call.
 */
#include "kernel/fs/inotify.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/termios.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

#define EVENTS_MOST	1024
#define EVENTS_OF_READ	32		/* no task switches in a read */

/* [P] */
struct event {
	struct list_node node;		/* in inotify->events */
	struct inotify_event head;	/* the last field: a name follows */
};

static struct pool inotify_pool = POOL("inotify", sizeof(struct inotify));

/* ---- Events -------------------------------------------------------------- */

static struct event *first_event(const struct inotify *inotify)
{
	struct list_node *first = list_first(&inotify->events);

	return first ? LIST_ENTRY(first, struct event, node) : NULL;
}

static bool is_equal(const struct inotify_event *a,
		     const struct inotify_event *b, const char *name_of_b)
{
	return a->wd == b->wd && a->mask == b->mask &&
	       a->cookie == b->cookie && a->len == b->len &&
	       (a->len == 0 || strcmp(a->name, name_of_b) == 0);
}

/* Does the last event in the queue say the same? */
static bool is_repeated(const struct inotify *inotify,
			const struct inotify_event *head, const char *name)
{
	const struct list_node *last = inotify->events.head.prev;

	return last != &inotify->events.head &&
	       is_equal(&LIST_ENTRY(last, struct event, node)->head, head,
			name);
}

/* Memory of the user who watches, or NULL. */
static struct event *event_alloc(const struct inotify *inotify, uint32_t bytes)
{
	struct account *own = user_charge(pool_payer(inotify));
	struct event *event = heap_alloc(sizeof(*event) + bytes);

	user_charge(own);
	return event;
}

void inotify_put(struct inotify *inotify, const struct inotify_event *head,
		 const char *name)
{
	struct event *event = NULL;

	if (inotify->has_gap || is_repeated(inotify, head, name))
		return;
	if (inotify->count < EVENTS_MOST)
		event = event_alloc(inotify, head->len);
	inotify->has_gap = !event;
	if (event) {
		event->head = *head;
		memcpy(event->head.name, name, head->len ? strlen(name) : 0);
		list_append(&inotify->events, &event->node);
		inotify->count++;
		trace(TRACE_SEND, &inotify->object, sizeof(*head) + head->len,
		      0);
	}
	object_wake(&inotify->object, END_READ);
}

static void remove_event(struct inotify *inotify, struct event *event)
{
	list_remove(&event->node);
	heap_free(event);
	inotify->count--;
}

/* ---- The object ---------------------------------------------------------- */

/* Copy the first events that fit whole, and remove them. */
static ssize_t read_events(struct inotify *inotify, uaddr_t to, size_t bytes)
{
	struct event *event;
	size_t done = 0, size;
	unsigned copied;

	for (copied = 0; copied < EVENTS_OF_READ &&
	     (event = first_event(inotify)) != NULL; copied++) {
		size = sizeof(event->head) + event->head.len;
		if (size > bytes - done)
			break;
		if (copy_to_user(to + done, &event->head, size) != 0)
			return done ? (ssize_t)done : -EFAULT;
		done += size;
		remove_event(inotify, event);
	}
	return done;
}

static ssize_t inotify_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	static const struct inotify_event gap = {
		.wd = -1, .mask = IN_Q_OVERFLOW,
	};
	struct inotify *inotify = inotify_of(file->object);
	ssize_t done = read_events(inotify, to, bytes);

	if (done < 0)
		return done;
	if (inotify->count == 0 && inotify->has_gap &&
	    bytes - done >= sizeof(gap)) {
		if (copy_to_user(to + done, &gap, sizeof(gap)) != 0)
			return done ? done : -EFAULT;
		done += sizeof(gap);
		inotify->has_gap = false;
	}
	if (done == 0)
		return inotify->count > 0 || inotify->has_gap ? -EINVAL
							       : -EAGAIN;
	trace(TRACE_RECEIVE, &inotify->object, done, 0);
	return done;
}

static unsigned inotify_poll(const struct open_file *file)
{
	const struct inotify *inotify = inotify_of(file->object);

	return inotify->count > 0 || inotify->has_gap ? POLLIN : 0;
}

/* The bytes of all events that wait. */
static int inotify_control(struct open_file *file, uint32_t request,
			   uint32_t argument)
{
	const struct inotify *inotify = inotify_of(file->object);
	uint32_t bytes = inotify->has_gap ? sizeof(struct inotify_event) : 0;
	const struct event *event;

	if (request != FIONREAD)
		return -ENOTTY;
	LIST_FOR_EACH(event, &inotify->events, node)
		bytes += sizeof(event->head) + event->head.len;
	return copy_to_user(argument, &bytes, sizeof(bytes));
}

/* Each process may change files. */
static bool inotify_is_open(const struct object *object, int end)
{
	(void)object;
	return end == END_READ;
}

static void inotify_report(const struct object *object, char *to, size_t size)
{
	const struct inotify *inotify = inotify_of(object);

	snprintf(to, size, "%u events%s", inotify->count,
		 inotify->has_gap ? ", and lost ones" : "");
}

static void inotify_destroy(struct object *object)
{
	struct inotify *inotify = inotify_of(object);

	if (inotify_drop_watch(inotify)) {
		object_destroy_later(object);
	} else if (inotify->count > 0) {
		remove_event(inotify, first_event(inotify));
		object_destroy_later(object);
	} else {
		pool_free(&inotify_pool, inotify);
	}
}

static const struct object_ops inotify_ops = {
	.kind = "inotify",
	.sends_signals = true,
	.has_trace = true,
	.read = inotify_read,
	.poll = inotify_poll,
	.control = inotify_control,
	.report = inotify_report,
	.is_open = inotify_is_open,
	.destroy = inotify_destroy,
};

bool inotify_is(const struct open_file *file)
{
	return file->object->ops == &inotify_ops;
}

struct object *inotify_create(void)
{
	struct inotify *inotify = pool_alloc(&inotify_pool);

	if (!inotify)
		return NULL;
	object_init(&inotify->object, &inotify_ops);
	list_init(&inotify->watches);
	list_init(&inotify->events);
	return &inotify->object;
}
