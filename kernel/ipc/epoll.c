/*
 * epoll.c - a set of open files that remembers which files have changed.
 *
 * poll(2) gets all descriptors with each call, and looks at each descriptor. A
 * set gets the descriptors once. A wait looks only at the files that had a
 * wake:
 *
 *	entry --watcher--> queue of the file
 *	   a wake there:	watcher -> epoll->poller.woken, and wake a task
 *	   the next look:	watcher -> queue, entry -> epoll->ready
 *
 * The list `ready` has the entries to look at: their files were ready once, or
 * may be ready now. A wait takes the first entry and asks the file. An entry
 * without events leaves the list. An entry with events is reported:
 *
 *	level		in the list `again`: the next wait looks again
 *	EPOLLET		off the list, until the next wake at the file
 *	EPOLLONESHOT	the same, and the watchers go, until EPOLL_CTL_MOD
 *
 * So the cost of a wait does not grow with the number of entries, and entries
 * that are always ready take turns with all other entries.
 *
 * An entry holds no reference of the file. So the last close(2) of a file
 * closes the file, and takes its entries out of all sets (closed()). As on
 * Linux, a descriptor that was copied by dup(2) or fork(2) keeps the entry.
 *
 * A set can hold sets. Each set is higher than the sets in it, so there is no
 * circle, and a look at a set ends at the height HEIGHT_MOST. A set that is in
 * a set keeps its height: nothing has to follow the sets upwards.
 *
 * A signalfd is watched in the process that added it, or waited last: the
 * signals of no other process tell the set.
 *
 * After Linux's epoll of 2002 by D. Libenzi; POSIX has no such call.
 */
#include "kernel/ipc/epoll.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/sched_point.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/watch.h"

#define ENTRIES_OF_FILE	16	/* of one user: a wake tells all of them */
#define LOOKS_AT_ONCE	16	/* then other tasks may run */
#define LOOKS_OF_POLL	64	/* of a set and all sets in it */
#define HEIGHT_MOST	4
#define ALWAYS_REPORTED	(EPOLLERR | EPOLLHUP)

struct epoll {				/* [P] */
	struct object object;
	struct poller poller;
	struct list entries;		/* by number */
	struct list ready;		/* entries to look at */
	struct list again;		/* ... with the next call */
	uint32_t count;			/* entries */
	uint32_t last_number;
	uint32_t rounds;		/* calls of epoll_take() */
	uint32_t height;		/* above all sets that were in it */
};

struct epoll_entry {			/* [P] */
	struct list_node of_set;	/* in epoll->entries */
	struct list_node ready;		/* in epoll->ready or again, or not
					 * linked */
	struct file_watch of_file;	/* in file->watches */
	struct watcher watchers[2];	/* for epoll->poller, by end */
	struct epoll *epoll;
	struct open_file *file;		/* no reference: closed() */
	struct epoll_event event;	/* what the program gave */
	int fd;
	uint32_t number;
	uint32_t round;			/* the last report */
	bool is_off;			/* EPOLLONESHOT: no watchers */
};

static struct pool epoll_pool = POOL("epoll", sizeof(struct epoll));
static struct pool entry_pool = POOL("epoll-entry",
				     sizeof(struct epoll_entry));

static struct epoll *epoll_of(const struct open_file *file)
{
	return CONTAINER_OF(file->object, struct epoll, object);
}

/* ---- Entries ------------------------------------------------------------- */

static struct epoll_entry *of_watch(const struct list_node *node)
{
	return CONTAINER_OF(node, struct epoll_entry, of_file.node);
}

static struct epoll_entry *find(const struct epoll *epoll, int fd,
				const struct open_file *file)
{
	const struct file_watch *watch;
	struct epoll_entry *entry;

	LIST_FOR_EACH(watch, &file->watches, node) {
		entry = of_watch(&watch->node);
		if (entry->epoll == epoll && entry->fd == fd)
			return entry;
	}
	return NULL;
}

/* May the running process's user have a further entry of the file? */
static bool has_room(const struct open_file *file)
{
	const struct file_watch *watch;
	uint32_t count = 0;

	LIST_FOR_EACH(watch, &file->watches, node)
		count += pool_payer(of_watch(&watch->node)) == account_payer();
	return count < ENTRIES_OF_FILE || account_is_root(account_payer());
}

/* The events of the moment that the program asked for. */
static uint32_t look_at(const struct epoll_entry *entry)
{
	return file_poll(entry->file) &
	       (entry->event.events | ALWAYS_REPORTED);
}

static void switch_off(struct epoll_entry *entry)
{
	if (!entry->is_off)
		unwatch_file(entry->watchers, entry->event.events);
	entry->is_off = true;
	if (list_is_linked(&entry->ready))
		list_remove(&entry->ready);
}

/* Watch first, then look: a change in between is a wake. */
static void switch_on(struct epoll_entry *entry)
{
	struct epoll *epoll = entry->epoll;

	entry->is_off = false;
	watch_file(entry->watchers, &epoll->poller, entry->file,
		   entry->event.events);
	if (!look_at(entry))
		return;
	list_append(&epoll->ready, &entry->ready);
	object_wake(&epoll->object, END_READ);
}

static void free_entry(struct epoll_entry *entry)
{
	switch_off(entry);
	list_remove(&entry->of_set);
	list_remove(&entry->of_file.node);
	entry->epoll->count--;
	pool_free(&entry_pool, entry);
}

static void closed(struct file_watch *watch)
{
	free_entry(of_watch(&watch->node));
}

/* The least height of a set that holds the file. */
static uint32_t height_above(const struct open_file *file)
{
	return epoll_is(file) ? epoll_of(file)->height + 1 : 0;
}

int epoll_add(struct open_file *set, int fd, struct open_file *file,
	      const struct epoll_event *event)
{
	struct epoll *epoll = epoll_of(set);
	uint32_t height = MAX(epoll->height, height_above(file));
	struct epoll_entry *entry;

	if (height > epoll->height &&
	    (height > HEIGHT_MOST || !list_is_empty(&set->watches)))
		return -ELOOP;
	if (find(epoll, fd, file))
		return -EEXIST;
	if (epoll->count == EPOLL_ENTRIES_MAX || !has_room(file))
		return -ENOSPC;
	entry = pool_alloc(&entry_pool);
	if (!entry)
		return -ENOMEM;
	entry->epoll = epoll;
	entry->file = file;
	entry->fd = fd;
	entry->event = *event;
	entry->number = ++epoll->last_number;
	entry->of_file.closed = closed;
	list_append(&epoll->entries, &entry->of_set);
	list_append(&file->watches, &entry->of_file.node);
	epoll->count++;
	epoll->height = height;
	switch_on(entry);
	return 0;
}

int epoll_modify(struct open_file *set, int fd, struct open_file *file,
		 const struct epoll_event *event)
{
	struct epoll_entry *entry = find(epoll_of(set), fd, file);

	if (!entry)
		return -ENOENT;
	switch_off(entry);
	entry->event = *event;
	switch_on(entry);
	return 0;
}

int epoll_remove(struct open_file *set, int fd, struct open_file *file)
{
	struct epoll_entry *entry = find(epoll_of(set), fd, file);

	if (!entry)
		return -ENOENT;
	free_entry(entry);
	return 0;
}

/* ---- Events -------------------------------------------------------------- */

static void look_again(struct epoll *epoll)
{
	struct list_node *first = list_first(&epoll->again);

	if (first)
		list_move_rest(&epoll->again, first, &epoll->ready);
}

/* The first entry to look at, or NULL. Each call takes in one watcher that was
 * woken, so no entry waits behind entries that are always ready. */
static struct epoll_entry *next_entry(struct epoll *epoll)
{
	struct list_node *node = list_take_first(&epoll->poller.woken);
	struct epoll_entry *entry;
	struct watcher *watcher;

	if (node) {
		watcher = LIST_ENTRY(node, struct watcher, node);
		entry = CONTAINER_OF(watcher - watcher->end,
				     struct epoll_entry, watchers[0]);
		watch_again(watcher, entry->file);
		if (!list_is_linked(&entry->ready))
			list_append(&epoll->ready, &entry->ready);
	}
	if (list_is_empty(&epoll->ready))
		look_again(epoll);
	node = list_first(&epoll->ready);
	return node ? LIST_ENTRY(node, struct epoll_entry, ready) : NULL;
}

/* Copy the event of an entry to the user. 1; 0: the entry has none; -EFAULT:
 * nothing has changed. */
static int report(struct epoll_entry *entry, uaddr_t to, uint32_t round)
{
	struct epoll_event event = { look_at(entry), entry->event.data };

	if (event.events && copy_to_user(to, &event, sizeof(event)) != 0)
		return -EFAULT;
	list_remove(&entry->ready);
	if (!event.events)
		return 0;
	entry->round = round;
	if (entry->event.events & EPOLLONESHOT)
		switch_off(entry);
	else if (!(entry->event.events & EPOLLET))
		list_append(&entry->epoll->again, &entry->ready);
	return 1;
}

/* The events of a second call come once: a task that waits may take them. */
static void wake_next(struct epoll *epoll)
{
	struct wait_queue *queue = &epoll->object.queue[END_READ];

	if (!list_is_empty(&queue->sleepers) && queue->owed == 0 &&
	    next_entry(epoll))
		wait_wake(queue);
}

/*
 * Between two looks other tasks may run, so a call keeps no entry, and takes
 * the first one anew. An entry that was reported since the call began ends the
 * call, if the call has an event. A call without an event has looked at all
 * entries when it ends: no task ran after the last look.
 */
long epoll_take(void *context)
{
	const struct epoll_take *take = context;
	struct epoll *epoll = epoll_of(take->set);
	uint32_t round = ++epoll->rounds, done = 0, looks = 0;
	struct epoll_entry *entry;
	int result;

	look_again(epoll);
	while (done < take->most && (entry = next_entry(epoll)) != NULL) {
		if (done > 0 && entry->round >= round)
			break;
		result = report(entry, take->to +
				done * sizeof(struct epoll_event), round);
		if (result < 0)
			return done ? (long)done : result;
		done += result;
		if (++looks % LOOKS_AT_ONCE == 0)
			sched_point();
	}
	if (done == 0)
		return -EAGAIN;
	wake_next(epoll);
	return done;
}

/* Entries without events leave the list. After many of them the answer is yes
 * without a look: an operation lets no other task run. */
static unsigned epoll_poll(const struct open_file *file)
{
	static unsigned looks, depth;	/* [P] of this set and those above */
	struct epoll *epoll = epoll_of(file);
	struct epoll_entry *entry;

	looks = depth++ == 0 ? 0 : looks;
	while ((entry = next_entry(epoll)) != NULL) {
		if (looks++ >= LOOKS_OF_POLL || look_at(entry))
			break;
		list_remove(&entry->ready);
	}
	depth--;
	return entry ? POLLIN : 0;
}

/* ---- The object ---------------------------------------------------------- */

static struct open_file *epoll_file_after(const struct object *object,
					  uint32_t *number)
{
	const struct epoll *epoll = CONTAINER_OF(object, struct epoll, object);
	const struct epoll_entry *entry;

	LIST_FOR_EACH(entry, &epoll->entries, of_set)
		if (entry->number > *number) {
			*number = entry->number;
			return entry->file;
		}
	return NULL;
}

static void epoll_report(const struct object *object, char *to, size_t size)
{
	const struct epoll *epoll = CONTAINER_OF(object, struct epoll, object);

	snprintf(to, size, "%u files", epoll->count);
}

static void epoll_destroy(struct object *object)
{
	struct epoll *epoll = CONTAINER_OF(object, struct epoll, object);
	struct list_node *first = list_first(&epoll->entries);

	if (first) {
		free_entry(LIST_ENTRY(first, struct epoll_entry, of_set));
		object_destroy_later(object);
	} else {
		pool_free(&epoll_pool, epoll);
	}
}

static const struct object_ops epoll_ops = {
	.kind = "epoll",
	.poll = epoll_poll,
	.file_after = epoll_file_after,
	.report = epoll_report,
	.destroy = epoll_destroy,
};

bool epoll_is(const struct open_file *file)
{
	return file->object->ops == &epoll_ops;
}

struct object *epoll_create(void)
{
	struct epoll *epoll = pool_alloc(&epoll_pool);

	if (!epoll)
		return NULL;
	object_init(&epoll->object, &epoll_ops);
	epoll->poller.queue = &epoll->object.queue[END_READ];
	list_init(&epoll->poller.woken);
	list_init(&epoll->entries);
	list_init(&epoll->ready);
	list_init(&epoll->again);
	return &epoll->object;
}
