/*
 * poll_set.h - the descriptors that one poll() looks at.
 *
 * kernel/sys/poll.c waits with the set as the context (WAIT_POLL). /proc/waits
 * reads the set, and reports the tasks that could end the wait.
 */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/abi/poll.h"
#include "kernel/task/wait.h"

struct open_file;

/* One descriptor of the set during the wait. [P] */
struct poll_entry {
	struct open_file *file;		/* with a reference, or NULL */
	struct watcher watchers[2];	/* in the object's two queues */
};

/* No piece of kernel memory is larger than a page: entries come in chunks. */
#define CHUNK_ENTRIES	128
#define CHUNKS		(OPEN_MAX / CHUNK_ENTRIES)

/* [P]: written by the task in poll(), read by /proc/waits. */
struct poll_set {
	struct pollfd *fds;
	struct poll_entry *chunks[CHUNKS];
	nfds_t count;
	uint64_t kept_ns;		/* deadline kept over a stop, or 0 */
};

static inline struct poll_entry *poll_entry_of(const struct poll_set *set,
					       nfds_t i)
{
	return &set->chunks[i / CHUNK_ENTRIES][i % CHUNK_ENTRIES];
}
