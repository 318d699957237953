/*
 * poll.c - wait until any of several descriptors is ready.
 *
 * The caller puts a watcher into the queues of all the objects, and sleeps in a
 * private queue. A wake of an object's sleepers wakes the watchers too, without
 * giving them a turn. A woken caller looks at all the descriptors again.
 */
#include "kernel/abi/poll.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/obj/poll_set.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/timespec.h"
#include "kernel/task/process.h"

#define ALWAYS_REPORTED	(POLLERR | POLLHUP | POLLNVAL)

static bool allocate_entries(struct poll_set *set)
{
	nfds_t i, chunks = (set->count + CHUNK_ENTRIES - 1) / CHUNK_ENTRIES;

	for (i = 0; i < chunks; i++) {
		set->chunks[i] = heap_alloc(MIN(set->count, CHUNK_ENTRIES) *
					    sizeof(struct poll_entry));
		if (!set->chunks[i])
			return false;
	}
	return true;
}

/* The open files behind the descriptors, once for the whole call: another
 * thread may close a descriptor, or give the number to another file. */
static void find_files(struct poll_set *set)
{
	nfds_t i;

	for (i = 0; i < set->count; i++)
		poll_entry_of(set, i)->file = descriptor_file(set->fds[i].fd);
}

static void look_at(struct pollfd *fd, const struct open_file *file)
{
	unsigned events = file ? file_poll(file) : POLLNVAL;

	fd->revents = fd->fd < 0 ? 0
		: events & (fd->events | ALWAYS_REPORTED);
}

/* How many descriptors have something, or -EAGAIN. */
static long scan(void *context)
{
	struct poll_set *set = context;
	long ready = 0;
	nfds_t i;

	for (i = 0; i < set->count; i++) {
		look_at(&set->fds[i], poll_entry_of(set, i)->file);
		ready += set->fds[i].revents != 0;
	}
	return ready ? ready : -EAGAIN;
}

static void watch(struct poll_set *set)
{
	struct poll_entry *entry;
	nfds_t i;
	int end;

	for (i = 0; i < set->count; i++) {
		entry = poll_entry_of(set, i);
		if (!entry->file)
			continue;
		file_get(entry->file);
		for (end = 0; end < 2; end++) {
			entry->watchers[end].task = task_current();
			list_append(&file_queue(entry->file, end)->watchers,
				    &entry->watchers[end].node);
		}
	}
}

static void unwatch(struct poll_set *set)
{
	struct poll_entry *entry;
	nfds_t i;

	for (i = 0; i < set->count; i++) {
		entry = poll_entry_of(set, i);
		if (!entry->file)
			continue;
		list_remove(&entry->watchers[0].node);
		list_remove(&entry->watchers[1].node);
		file_put(entry->file);
	}
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
	long result = scan(set);

	if (result != -EAGAIN || timeout_ns == 0)
		return result == -EAGAIN ? 0 : result;
	if (timeout_ns != FOREVER)
		request.deadline_ns = set->kept_ns ? set->kept_ns
						   : time_after_ns(timeout_ns);
	wait_queue_init(&own);
	watch(set);
	result = wait_for(&request, scan, set);
	unwatch(set);
	return result == -ETIMEDOUT ? 0 : result;
}

static long poll_for(int call, uaddr_t fds_at, nfds_t count,
		     uint64_t timeout_ns)
{
	struct poll_set set = {
		.count = count,
		.kept_ns = time_restarted_deadline(call),
	};
	size_t bytes = count * sizeof(set.fds[0]);
	long result = -ENOMEM;
	unsigned i;

	if (count > OPEN_MAX)
		return -EINVAL;
	set.fds = heap_alloc(bytes);
	if (!set.fds || !allocate_entries(&set))
		goto free_set;
	result = -EFAULT;
	if (copy_from_user(set.fds, fds_at, bytes) != 0)
		goto free_set;
	find_files(&set);
	result = wait_for_events(&set, timeout_ns);
	if (result >= 0 && copy_to_user(fds_at, set.fds, bytes) != 0)
		result = -EFAULT;
free_set:
	for (i = 0; i < CHUNKS; i++)
		heap_free(set.chunks[i]);
	heap_free(set.fds);
	return result;
}

long sys_poll(uaddr_t fds_at, nfds_t count, int timeout_ms)
{
	return poll_for(CALL_poll, fds_at, count, timeout_ms < 0
			? FOREVER : timeout_ms * 1000000ull);
}

static void unmask_after_wait(void)
{
	struct task_signals *signals = &task_current()->signals;

	signals->has_saved_mask = false;
	signals_set_mask(signals->saved_mask);
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
		unmask_after_wait();
	return result;
}
