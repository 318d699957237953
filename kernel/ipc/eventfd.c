/*
 * eventfd.c - a counter behind a descriptor: events, or a semaphore.
 *
 * write(2) of eight bytes adds a number to the counter. read(2) of eight bytes
 * takes the whole count. With EFD_SEMAPHORE a read takes 1: then a write is
 * `post` and a read is `wait`. Such a semaphore can be polled, inherited and
 * sent; a semaphore in user memory (semaphore.h) is faster.
 *
 *			read			write of n
 *	0		waits			goes on
 *	in between	goes on			waits while n does not fit
 *	COUNT_MOST	goes on			waits
 *
 * A write that does not fit keeps its place. Later writes wait behind this
 * write, even if they add less.
 */
#include "kernel/ipc/eventfd.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"

/* No write may reach UINT64_MAX: this count is reserved for an overflow. */
#define COUNT_MOST	(UINT64_MAX - 1)

struct eventfd {
	struct object object;		/* [P] */
	uint64_t count;			/* [P] */
	bool is_semaphore;		/* [const] */
};

static struct pool eventfd_pool = POOL("eventfd", sizeof(struct eventfd));

static struct eventfd *eventfd_of(const struct open_file *file)
{
	return CONTAINER_OF(file->object, struct eventfd, object);
}

static ssize_t eventfd_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct eventfd *eventfd = eventfd_of(file);
	uint64_t taken = 1;

	if (bytes < sizeof(taken))
		return -EINVAL;
	if (eventfd->count == 0)
		return -EAGAIN;
	if (!eventfd->is_semaphore)
		taken = eventfd->count;
	if (copy_to_user(to, &taken, sizeof(taken)) != 0)
		return -EFAULT;
	eventfd->count -= taken;
	trace(TRACE_RECEIVE, &eventfd->object, sizeof(taken), 0);
	object_wake(&eventfd->object, END_WRITE);
	return sizeof(taken);
}

static ssize_t eventfd_write(struct open_file *file, uaddr_t from,
			     size_t bytes)
{
	struct eventfd *eventfd = eventfd_of(file);
	uint64_t added;

	if (bytes < sizeof(added))
		return -EINVAL;
	if (copy_from_user(&added, from, sizeof(added)) != 0)
		return -EFAULT;
	if (added > COUNT_MOST - eventfd->count)
		return added > COUNT_MOST ? -EINVAL : -EAGAIN;
	eventfd->count += added;
	trace(TRACE_SEND, &eventfd->object, sizeof(added), 0);
	if (added > 0)
		object_wake(&eventfd->object, END_READ);
	return bytes;	/* a smaller result: file.c would write the rest */
}

static unsigned eventfd_poll(const struct open_file *file)
{
	uint64_t count = eventfd_of(file)->count;

	return (count > 0 ? POLLIN : 0) | (count < COUNT_MOST ? POLLOUT : 0);
}

static void eventfd_report(const struct object *object, char *to, size_t size)
{
	const struct eventfd *eventfd = CONTAINER_OF(object, struct eventfd,
						     object);

	snprintf(to, size, "%s %llu",
		 eventfd->is_semaphore ? "semaphore" : "counter",
		 (unsigned long long)eventfd->count);
}

static void eventfd_destroy(struct object *object)
{
	pool_free(&eventfd_pool, CONTAINER_OF(object, struct eventfd, object));
}

static const struct object_ops eventfd_ops = {
	.kind = "eventfd",
	.has_trace = true,
	.read = eventfd_read,
	.write = eventfd_write,
	.poll = eventfd_poll,
	.report = eventfd_report,
	.destroy = eventfd_destroy,
};

struct object *eventfd_create(uint32_t value, bool is_semaphore)
{
	struct eventfd *eventfd = pool_alloc(&eventfd_pool);

	if (!eventfd)
		return NULL;
	object_init(&eventfd->object, &eventfd_ops);
	eventfd->count = value;
	eventfd->is_semaphore = is_semaphore;
	return &eventfd->object;
}
