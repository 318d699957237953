/*
 * fifo.c - a pipe with a name, so that unrelated processes can open the pipe.
 *
 * The name is a special node of the file tree. The first open creates the pipe
 * behind the node; the last close destroys the pipe and the unread bytes. The
 * pipe holds a reference of the node. After unlink, processes that have the
 * FIFO open still use the pipe, and a new FIFO of the same name has a new pipe.
 *
 * pipe.c does reading, writing, end of file and EPIPE. This file adds the
 * meeting of reader and writer in open(2):
 *
 *			other side open		other side not open
 *	O_RDONLY	returns			waits for a writer to come
 *	O_WRONLY	returns			waits for a reader to come
 *	 + O_NONBLOCK	returns			read: returns, write: ENXIO
 *	O_RDWR		returns			returns: both ends are open
 *
 * A task that waits in open(2) counts as an open end already, so the second
 * opener finds the first. A writer may open, write and close before the
 * waiting reader runs; the reader has met a writer all the same. So each opener
 * notes how often the opposite end had been opened before. When this number
 * has changed, the opener has met a peer. A reader that has met no writer yet
 * (O_NONBLOCK) reads 0 bytes, but poll() does not report the end of the stream.
 *
 * Not promised: that bytes stay after the last close.
 * IEEE Std 1003.1-2017, mkfifo(), open(). The standard leaves O_RDWR undefined;
 * here the flag works as on Linux.
 */
#include "kernel/ipc/fifo.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/node.h"
#include "kernel/ipc/pipe.h"
#include "kernel/mm/heap.h"

struct fifo {
	struct pipe pipe;		/* [P] first: for pipe.c's operations */
	struct node *node;		/* [const] node->data points back */
	uint32_t opens[2];		/* [P] by end: how often opened */
	struct wait_queue openers[2];	/* [P] by end: open(2) waits here */
};

static struct pool fifo_pool = POOL("fifo", sizeof(struct fifo));

static struct fifo *fifo_of(struct object *object)
{
	return CONTAINER_OF(object, struct fifo, pipe.object);
}

static bool is_for_both(const struct open_file *file)
{
	return (file->flags & O_ACCMODE) == O_RDWR;
}

/* The end at which the file's peer is. */
static int other_end(const struct open_file *file)
{
	return file_can_read(file) ? END_WRITE : END_READ;
}

/* A task has opened this end: all tasks that wait for this end have met. */
static void arrive(struct fifo *fifo, int end)
{
	fifo->opens[end]++;
	wait_wake_all(&fifo->openers[!end]);
}

/* A pipe does not use file->position. Here the field keeps the number of opens
 * of the opposite end before this open; a peer that is there does not count. */
static int fifo_open(struct open_file *file)
{
	struct fifo *fifo = fifo_of(file->object);
	int other = other_end(file);

	if (!file_can_read(file) && file->flags & O_NONBLOCK &&
	    file->object->ends[END_READ] == 0)
		return -ENXIO;
	file->position = fifo->opens[other] - file->object->ends[other];
	if (file_can_read(file))
		arrive(fifo, END_READ);
	if (file_can_write(file))
		arrive(fifo, END_WRITE);
	pipe_ends_changed(file);
	return 0;
}

/* Has a task opened the opposite end, before this open or since? */
static bool has_met(const struct open_file *file)
{
	return fifo_of(file->object)->opens[other_end(file)] !=
	       (uint32_t)file->position;
}

static int fifo_meet(struct open_file *file, struct wait_queue **queue)
{
	struct fifo *fifo = fifo_of(file->object);

	*queue = &fifo->openers[!other_end(file)];
	if (file->flags & O_NONBLOCK || is_for_both(file) || has_met(file))
		return 0;
	return -EAGAIN;
}

/* The end of the file is work for the next reader too. file.c asks poll(), but
 * poll() reports no end to a reader that has met no writer. */
static ssize_t fifo_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	ssize_t done = pipe_read(file, to, bytes);

	if (done == 0 && bytes > 0)
		object_wake(file->object, END_READ);
	return done;
}

static unsigned fifo_poll(const struct open_file *file)
{
	return pipe_poll(file) & (has_met(file) ? ~0u : ~POLLHUP);
}

static int fifo_stat(struct object *object, struct stat *status)
{
	return node_stat(&fifo_of(object)->node->object, status);
}

static bool fifo_describe(const struct object *object, char *to, size_t size)
{
	const struct fifo *fifo = fifo_of((struct object *)object);

	return node_describe_as("fifo", fifo->node, to, size);
}

static void fifo_destroy(struct object *object)
{
	struct fifo *fifo = fifo_of(object);

	ASSERT(wait_queue_is_idle(&fifo->openers[END_READ]));
	ASSERT(wait_queue_is_idle(&fifo->openers[END_WRITE]));
	fifo->node->data = NULL;
	node_put(fifo->node);
	pipe_free_pages(&fifo->pipe);
	pool_free(&fifo_pool, fifo);
}

static const struct object_ops fifo_ops = {
	.kind = "fifo",
	.sends_signals = true,
	.is_stream = true,
	.has_trace = true,
	.read = fifo_read,
	.write = pipe_write,
	.poll = fifo_poll,
	.open = fifo_open,
	.meet = fifo_meet,
	.close = pipe_ends_changed,
	.stat = fifo_stat,
	.describe = fifo_describe,
	.report = pipe_report,
	.destroy = fifo_destroy,
};

/* No turns: an opener without a peer would hold up the openers behind, which
 * may have met a peer already. */
static void init_openers(struct wait_queue *openers)
{
	wait_queue_init(openers);
	openers->is_chosen = true;
}

static struct fifo *fifo_create(struct node *node)
{
	struct fifo *fifo = pool_alloc(&fifo_pool);

	if (!fifo)
		return NULL;
	pipe_init(&fifo->pipe, &fifo_ops);
	init_openers(&fifo->openers[END_READ]);
	init_openers(&fifo->openers[END_WRITE]);
	node_get(node);
	fifo->node = node;
	return fifo;
}

/* open(2) of the name gives the existing pipe, or creates the pipe. node->data
 * holds no reference: the last close destroys the pipe. */
int fifo_open_node(struct node *node, uint32_t flags, struct object **out)
{
	struct fifo *fifo = node->data;

	(void)flags;
	if (fifo)
		object_get(&fifo->pipe.object);
	else
		node->data = fifo = fifo_create(node);
	if (!fifo)
		return -ENOMEM;
	*out = &fifo->pipe.object;
	return 0;
}
