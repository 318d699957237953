/*
 * watch.h - to be told when an open file changes, and when the file closes.
 *
 * poll(2) and epoll(7) leave watchers in the queues of a file: a wake there
 * tells their poller (kernel/task/wait.c). epoll, which holds no reference of
 * the file, has a struct file_watch as well. All functions need [P].
 */
#pragma once

#include "kernel/abi/poll.h"
#include "kernel/obj/file.h"

/* Part of an entry that must go when the file closes. */
struct file_watch {
	struct list_node node;		/* [P] in file->watches */
	/* [const] The file closes: remove the node from file->watches. */
	void (*closed)(struct file_watch *watch);
};

static inline void watch_end(struct watcher *watcher, struct poller *poller,
			     struct open_file *file, int end)
{
	watcher->poller = poller;
	watcher->end = end;
	list_insert_new(&file_queue(file, end)->watchers.head, &watcher->node);
}

/* Put watchers by end into the queues of the file, for these POLL bits. The one
 * for space is in use only with POLLOUT. */
static inline void watch_file(struct watcher *watchers, struct poller *poller,
			      struct open_file *file, unsigned events)
{
	watchers[END_READ].has_event = events & (POLLIN | POLLPRI | POLLRDHUP);
	watch_end(&watchers[END_READ], poller, file, END_READ);
	if (!(events & POLLOUT))
		return;
	watchers[END_WRITE].has_event = true;
	watch_end(&watchers[END_WRITE], poller, file, END_WRITE);
}

/* Remove the watchers of watch_file(), with the same POLL bits. */
static inline void unwatch_file(struct watcher *watchers, unsigned events)
{
	list_remove_last(&watchers[END_READ].node);
	if (events & POLLOUT)
		list_remove_last(&watchers[END_WRITE].node);
}

/* The poller has been told by this watcher: watch the file again. */
static inline void watch_again(struct watcher *watcher, struct open_file *file)
{
	list_append(&file_queue(file, watcher->end)->watchers, &watcher->node);
}
