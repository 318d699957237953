/*
 * socket.c - two connected sockets: a stream of bytes in each direction.
 *
 * A socket is a pipe (pipe.c) whose `other` is the peer socket. The ring of a
 * socket holds the bytes that arrive there. A task that writes to a socket puts
 * bytes into the ring of the peer. So the two queues of a socket hold the tasks
 * that use this socket, and the tasks that use the peer wake the sleepers:
 *
 *	read from A	takes from A's ring	wakes a task that writes to B
 *	write to A	puts into B's ring	wakes a task that reads from B
 *
 * Each direction can end. shutdown() ends the directions in `how`; the last
 * close of a socket ends both:
 *
 *				bytes in the ring	ring empty, or full
 *	open			both go on		read waits, write waits
 *	A's ring has ended	read from A: the bytes	read from A: 0
 *				write to B: -EPIPE and SIGPIPE
 *
 * After the close the ring of the peer stays, and the peer's `other` points to
 * the peer.
 *
 * Not promised: that a long write is not mixed with a second writer's bytes;
 * that a reader gets an error (ECONNRESET on some systems) because the peer
 * closed with unread bytes. IEEE Std 1003.1-2017, socketpair(), shutdown();
 * 4.2BSD.
 */
#include "kernel/ipc/socket.h"

#include "kernel/abi/socket.h"
#include "kernel/ipc/pipe.h"
#include "kernel/lib/printk.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/obj/enders.h"

static struct pool socket_pool = POOL("socket", sizeof(struct pipe));

/* A socket is a struct pipe: a ring, and a pointer to the peer. */
static struct pipe *socket_of(const struct object *object)
{
	return CONTAINER_OF(object, struct pipe, object);
}

static bool is_alone(const struct pipe *socket)
{
	return socket->other == socket;
}

static unsigned socket_poll(const struct open_file *file)
{
	const struct pipe *in = socket_of(file->object), *out = in->other;
	unsigned events = 0;

	if (in->fill > 0 || in->is_ended)
		events |= POLLIN;
	if (out->is_ended || PIPE_CAPACITY - out->fill >= PIPE_BUF)
		events |= POLLOUT;
	if (in->is_ended && out->is_ended)
		events |= POLLHUP;
	return events;
}

/* ---- The end ------------------------------------------------------------ */

static void wake_users(struct pipe *socket)
{
	wait_wake_all(&socket->object.queue[END_READ]);
	wait_wake_all(&socket->object.queue[END_WRITE]);
}

static void end_directions(struct pipe *socket, bool in, bool out)
{
	socket->is_ended |= in;
	socket->other->is_ended |= out;
	wake_users(socket);
	wake_users(socket->other);
}

int socket_shut_down(struct open_file *file, int how)
{
	struct pipe *socket = socket_of(file->object);

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	if (is_alone(socket))
		return -ENOTCONN;
	end_directions(socket, how != SHUT_WR, how != SHUT_RD);
	return 0;
}

static void socket_close(struct open_file *file)
{
	struct pipe *socket = socket_of(file->object);

	if (file->object->ends[END_READ] > 0 || is_alone(socket))
		return;
	end_directions(socket, true, true);
	socket->other->other = socket->other;
	socket->other = socket;
}

static void socket_destroy(struct object *object)
{
	struct pipe *socket = socket_of(object);

	ASSERT(is_alone(socket));
	pipe_free_pages(socket);
	pool_free(&socket_pool, socket);
}

/* ---- The description of a socket ---------------------------------------- */

static int socket_stat(struct object *object, struct stat *status)
{
	status->st_mode = S_IFSOCK | 0777;
	status->st_ino = object->id;
	status->st_nlink = 1;
	status->st_blksize = PIPE_BUF;
	return 0;
}

/* The processes with the peer socket open. */
static void socket_enders(const struct object *object,
			  const struct task *waiter, struct enders *set)
{
	const struct pipe *socket = socket_of(object);

	(void)waiter;
	if (!is_alone(socket))
		enders_add_holders(set, &socket->other->object, END_READ);
}

static const struct object_ops socket_ops = {
	.kind = "socket",
	.is_stream = true,
	.has_trace = true,
	.read = pipe_read,
	.write = pipe_write,
	.poll = socket_poll,
	.close = socket_close,
	.stat = socket_stat,
	.report = pipe_report,
	.enders = socket_enders,
	.destroy = socket_destroy,
};

bool socket_is(const struct open_file *file)
{
	return file->object->ops == &socket_ops;
}

static struct pipe *socket_create(void)
{
	struct pipe *socket = pool_alloc(&socket_pool);

	if (socket)
		pipe_init(socket, &socket_ops);
	return socket;
}

int socket_create_pair(uint32_t flags, struct open_file *files[2])
{
	struct pipe *one = socket_create(), *other = socket_create();
	int error = -ENOMEM;

	if (!one || !other)
		goto put;
	error = file_open(&one->object, O_RDWR | flags, &files[0]);
	if (error)
		goto put;
	error = file_open(&other->object, O_RDWR | flags, &files[1]);
	if (error) {
		file_put(files[0]);
		goto put;
	}
	one->other = other;
	other->other = one;
put:
	if (one)
		object_put(&one->object);
	if (other)
		object_put(&other->object);
	return error;
}
