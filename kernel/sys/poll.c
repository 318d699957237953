/*
 * poll.c - wait until any of several descriptors is ready.
 *
 * The caller looks at all descriptors. While none has something, the caller
 * leaves a watcher in the queue of each object. Then the caller sleeps in a
 * private queue. A wake of an object's sleepers wakes the watchers too, without
 * giving them a turn, and moves the watchers to the list `woken`: the caller
 * looks again at these descriptors only.
 */
#include "kernel/abi/poll.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/sched_point.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/obj/poll_set.h"
#include "kernel/obj/watch.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/timespec.h"
#include "kernel/task/late_page.h"
#include "kernel/task/process.h"

#define ALWAYS_REPORTED	(POLLERR | POLLHUP | POLLNVAL)
#define LOOKS_AT_ONCE	32u	/* at descriptors: then tasks may switch */

static struct pool chunk_pool = POOL("poll-entries", CHUNK_ENTRIES *
				      sizeof(struct poll_entry));

/* The bytes of the piece that begins with pollfd i. */
static size_t piece_bytes(const struct poll_set *set, nfds_t i)
{
	return MIN(set->count - i, PIECE_FDS) * sizeof(struct pollfd);
}

static bool allocate(struct poll_set *set)
{
	nfds_t i;

	if (set->count <= SMALL_SET) {
		set->fds[0] = set->small_fds;
		set->chunks[0] = set->small;
		return true;
	}
	memset(set->fds, 0, sizeof(set->fds));
	memset(set->chunks, 0, sizeof(set->chunks));
	for (i = 0; i < set->count; i += PIECE_FDS) {
		set->fds[i / PIECE_FDS] = heap_alloc(piece_bytes(set, i));
		if (!set->fds[i / PIECE_FDS])
			return false;
		if (i > 0)
			sched_point();
	}
	for (i = 0; i < set->count; i += CHUNK_ENTRIES) {
		set->chunks[i / CHUNK_ENTRIES] = pool_alloc_dirty(&chunk_pool);
		if (!set->chunks[i / CHUNK_ENTRIES])
			return false;
		if (i > 0)
			sched_point();
	}
	return true;
}

static void free_all(struct poll_set *set)
{
	nfds_t i;

	if (set->count <= SMALL_SET)
		return;
	for (i = 0; i < set->count; i += CHUNK_ENTRIES) {
		if (set->chunks[i / CHUNK_ENTRIES])
			pool_free(&chunk_pool, set->chunks[i / CHUNK_ENTRIES]);
		if (i > 0)
			sched_point();
	}
	for (i = 0; i < set->count; i += PIECE_FDS) {
		heap_free(set->fds[i / PIECE_FDS]);
		if (i > 0)
			sched_point();
	}
}

/* All pollfds between the program and the set. 0 or -EFAULT. */
static int fetch_fds(struct poll_set *set, uaddr_t at)
{
	nfds_t i;

	for (i = 0; i < set->count; i += PIECE_FDS) {
		if (copy_from_user(set->fds[i / PIECE_FDS],
				   at + i * sizeof(struct pollfd),
				   piece_bytes(set, i)) != 0)
			return -EFAULT;
		if (i > 0)
			sched_point();
	}
	return 0;
}

static int store_fds(struct poll_set *set, uaddr_t at)
{
	nfds_t i;

	for (i = 0; i < set->count; i += PIECE_FDS) {
		if (late_page_copy_to_user(at + i * sizeof(struct pollfd),
					   set->fds[i / PIECE_FDS],
					   piece_bytes(set, i)) != 0)
			return -EFAULT;
		if (i > 0)
			sched_point();
	}
	return 0;
}

/* Does the descriptor have something now? */
static bool look_at(struct poll_entry *entry)
{
	unsigned events = entry->file ? file_poll(entry->file) : POLLNVAL;
	struct pollfd *fd = entry->fd;

	fd->revents = fd->fd < 0 ? 0
		: events & (fd->events | ALWAYS_REPORTED);
	return fd->revents != 0;
}

static void watch(struct poll_set *set, struct poll_entry *entry)
{
	if (!entry->file)
		return;
	file_get(entry->file);
	watch_file(entry->watchers, &set->poller, entry->file,
		   entry->fd->events);
}

/* Entry i, after `entry`. Now and then, other tasks may run. */
static struct poll_entry *next_entry(struct poll_set *set,
				     struct poll_entry *entry, nfds_t i)
{
	if (i > 0 && i % LOOKS_AT_ONCE == 0)
		sched_point();
	return i % CHUNK_ENTRIES ? entry + 1 : set->chunks[i / CHUNK_ENTRIES];
}

static void unwatch_all(struct poll_set *set)
{
	struct poll_entry *entry = NULL;
	nfds_t i;

	for (i = 0; i < set->watched; i++) {
		entry = next_entry(set, entry, i);
		if (!entry->file)
			continue;
		unwatch_file(entry->watchers, entry->fd->events);
		file_put(entry->file);
	}
}

/*
 * Look at all descriptors, and watch them until one has something. Returns how
 * many have something. The entries keep the open files: another thread may
 * close a descriptor, or give the number to another file.
 */
static long look_at_all(struct poll_set *set, bool may_wait)
{
	struct poll_entry *entry = NULL;
	struct pollfd *fd = NULL;
	long ready = 0;
	nfds_t i;

	for (i = 0; i < set->count; i++) {
		entry = next_entry(set, entry, i);
		fd = i % PIECE_FDS ? fd + 1 : set->fds[i / PIECE_FDS];
		entry->fd = fd;
		entry->file = descriptor_file(entry->fd->fd);
		if (may_wait) {
			watch(set, entry);
			set->watched = i + 1;
		}
		if (look_at(entry)) {
			may_wait = false;
			ready++;
		}
	}
	return ready;
}

/* Look at all descriptors of the set again, and count. */
static long look_everywhere(struct poll_set *set)
{
	struct poll_entry *entry = NULL;
	long ready = 0;
	nfds_t i;

	for (i = 0; i < set->count; i++) {
		entry = next_entry(set, entry, i);
		ready += look_at(entry);
	}
	return ready;
}

/* The attempt after a wake: look where a watcher was woken, and let the watcher
 * watch again. All other descriptors are as they were, but for those whose
 * watchers are late: POSIX wants these counted too. */
static long look_again(void *context)
{
	struct poll_set *set = context;
	struct poll_entry *entry;
	struct watcher *watcher;
	struct list_node *node;
	nfds_t looks = 0;
	long ready = 0;

	while ((node = list_take_first(&set->poller.woken)) != NULL) {
		watcher = LIST_ENTRY(node, struct watcher, node);
		entry = CONTAINER_OF(watcher - watcher->end, struct poll_entry,
				     watchers[0]);
		ready += entry->fd->revents == 0 && look_at(entry);
		watch_again(watcher, entry->file);
		if (++looks % LOOKS_AT_ONCE == 0)
			sched_point();
	}
	if (ready && wait_has_late())
		ready = look_everywhere(set);
	return ready ? ready : -EAGAIN;
}

/* timeout_ns: 0 just looks, FOREVER waits without end. */
static long wait_for_events(struct poll_set *set, uint64_t timeout_ns)
{
	struct wait_queue own;
	struct wait_request request = {
		.queue = &own,
		.event = WAIT_POLL,
		.deadline_ns = FOREVER,
	};
	long result;

	wait_queue_init(&own);
	set->poller.queue = &own;
	list_init(&set->poller.woken);
	result = look_at_all(set, timeout_ns != 0);
	if (result == 0 && timeout_ns != 0) {
		if (timeout_ns != FOREVER)
			request.deadline_ns = set->kept_ns
				? set->kept_ns : time_after_ns(timeout_ns);
		result = wait_for(&request, look_again, set);
	}
	unwatch_all(set);
	/* The mask of ppoll() may let a signal in that pended before. */
	if (result == 0 && signal_is_pending(task_current()))
		return -EINTR;
	return result == -ETIMEDOUT ? 0 : result;
}

static long poll_for(int call, uaddr_t fds_at, nfds_t count,
		     uint64_t timeout_ns)
{
	struct poll_set set;		/* large: only what is used is set */
	long result = -ENOMEM;

	if (count > OPEN_MAX)
		return -EINVAL;
	set.count = count;
	set.watched = 0;
	set.kept_ns = time_restarted_deadline(call);
	if (!allocate(&set))
		goto free_set;
	result = fetch_fds(&set, fds_at);
	if (result)
		goto free_set;
	result = wait_for_events(&set, timeout_ns);
	if (result >= 0 && store_fds(&set, fds_at) != 0)
		result = -EFAULT;
free_set:
	free_all(&set);
	return result;
}

long sys_poll(uaddr_t fds_at, nfds_t count, int timeout_ms)
{
	return poll_for(CALL_poll, fds_at, count, timeout_ms < 0
			? FOREVER : timeout_ms * 1000000ull);
}

long sys_ppoll(uaddr_t fds_at, nfds_t count, uaddr_t timeout_at,
	       uaddr_t mask_at)
{
	uint64_t timeout_ns = FOREVER;
	long result = 0;
	sigset_t mask;

	if (timeout_at)
		result = timespec_fetch(timeout_at, &timeout_ns);
	if (!result && mask_at &&
	    copy_from_user(&mask, mask_at, sizeof(mask)) != 0)
		result = -EFAULT;
	if (result)
		return result;
	if (mask_at)
		signals_mask_for_wait(mask);
	result = poll_for(CALL_ppoll, fds_at, count, timeout_ns);
	if (mask_at && result != -EINTR)
		signals_unmask_after_wait();
	return result;
}
