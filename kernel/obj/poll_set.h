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

/* One descriptor of the set. [P] During the wait, the entry has a reference of
 * the file, a watcher for data, and a watcher for space if poll() waits for
 * POLLOUT. */
struct poll_entry {
	struct pollfd *fd;
	struct open_file *file;		/* NULL: no such descriptor */
	struct watcher watchers[2];
};

/* No piece of kernel memory is larger than a page: entries come in chunks. A
 * small set needs no memory beside the kernel stack. */
#define CHUNK_ENTRIES	64
#define CHUNKS		(OPEN_MAX / CHUNK_ENTRIES)
#define PIECE_FDS	256
#define PIECES		(OPEN_MAX / PIECE_FDS)
#define SMALL_SET	4

/* [P]: written by the task in poll(), read by /proc/waits. */
struct poll_set {
	struct pollfd *fds[PIECES];
	struct poll_entry *chunks[CHUNKS];
	nfds_t count;
	nfds_t watched;			/* the entries with watchers */
	struct poller poller;
	uint64_t kept_ns;		/* deadline kept over a stop, or 0 */
	struct pollfd small_fds[SMALL_SET];
	struct poll_entry small[SMALL_SET];
};

static inline struct poll_entry *poll_entry_of(const struct poll_set *set,
					       nfds_t i)
{
	return &set->chunks[i / CHUNK_ENTRIES][i % CHUNK_ENTRIES];
}
