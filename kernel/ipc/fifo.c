/*
 * fifo.c - a pipe that has a name, so that strangers can meet at it.
 *
 * The name is a special node of the file tree; the pipe behind it comes with
 * the first open and goes with the last close, and unread bytes go with it.
 * While it is open it holds a reference of the node: unlink takes the name
 * away, those who have it open talk on, and a new FIFO under the same name is
 * another one.
 *
 * Reading, writing, end of file and EPIPE are those of pipe.c. What is new is
 * the meeting at open(2):
 *
 *			other side open		other side not open
 *	O_RDONLY	returns			waits for a writer to come
 *	O_WRONLY	returns			waits for a reader to come
 *	 + O_NONBLOCK	returns			read: returns, write: ENXIO
 *	O_RDWR		returns			returns: it is its own peer
 *
 * Who waits in open(2) counts as an end already, so two that come one after
 * the other find each other. A peer may come, write and go before the waiting
 * reader runs: it has come all the same. So each opener notes how often the
 * other side had been opened when it arrived, and has met somebody as soon as
 * that number is another.
 *
 * Not promised: that bytes stay when nobody has the FIFO open.
 * IEEE Std 1003.1-2017, mkfifo(), open(). O_RDWR is undefined there; it works
 * here as on other systems.
 */
#include "kernel/ipc/fifo.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/node.h"
#include "kernel/ipc/pipe.h"
#include "kernel/mm/heap.h"

struct fifo {
	struct pipe pipe;		/* first: pipe.c's operations use it */
	struct node *node;		/* its data points back here */
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

/* An opener of this end came: those who wait for one have met it. */
static void arrive(struct fifo *fifo, int end)
{
	fifo->opens[end]++;
	wait_wake_all(&fifo->openers[!end]);
}

/* file->position, which a pipe has no use for, keeps the number of opens of
 * the other end that this file came after. */
static int fifo_open(struct open_file *file)
{
	struct fifo *fifo = fifo_of(file->object);

	if (!file_can_read(file) && file->flags & O_NONBLOCK &&
	    file->object->ends[END_READ] == 0)
		return -ENXIO;
	file->position = fifo->opens[other_end(file)];
	if (file_can_read(file))
		arrive(fifo, END_READ);
	if (file_can_write(file))
		arrive(fifo, END_WRITE);
	return 0;
}

static int fifo_meet(struct open_file *file, struct wait_queue **queue)
{
	struct fifo *fifo = fifo_of(file->object);
	int other = other_end(file);

	*queue = &fifo->openers[!other];
	if (file->flags & O_NONBLOCK || is_for_both(file) ||
	    file->object->ends[other] > 0 ||
	    fifo->opens[other] != (uint32_t)file->position)
		return 0;
	return -EAGAIN;
}

static int fifo_stat(struct object *object, struct stat *status)
{
	return node_stat(&fifo_of(object)->node->object, status);
}

static void fifo_describe(const struct object *object, char *to, size_t size)
{
	node_describe(&fifo_of((struct object *)object)->node->object, to,
		      size);
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
	.has_trace = true,
	.read = pipe_read,
	.write = pipe_write,
	.read_file = pipe_read_file,
	.write_file = pipe_write_file,
	.poll = pipe_poll,
	.open = fifo_open,
	.meet = fifo_meet,
	.close = pipe_close,
	.stat = fifo_stat,
	.describe = fifo_describe,
	.report = pipe_report,
	.destroy = fifo_destroy,
};

/* Each has met somebody or has not, whoever waits in front of it: there are no
 * turns, or one that has not would hold up one behind it that has. */
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
	object_init(&fifo->pipe.object, &fifo_ops);
	init_openers(&fifo->openers[END_READ]);
	init_openers(&fifo->openers[END_WRITE]);
	node_get(node);
	fifo->node = node;
	return fifo;
}

/* What open(2) of the name opens: the pipe of those who are there, or a new
 * one. The node's data holds no reference: the last user ends the pipe. */
static int open_name(struct node *node, uint32_t flags, struct object **out)
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

struct node *fifo_create_node(mode_t mode)
{
	return node_create_special(S_IFIFO | mode, open_name, NULL);
}
