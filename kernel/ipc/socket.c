/*
 * socket.c - two sockets, connected: a stream of bytes each way.
 *
 * Each socket is an object with a ring of bytes, the one of pipe.c, for what
 * comes in. Who writes to a socket puts bytes into the ring of its peer. So the
 * two queues of a socket belong to its own users, as everywhere, but they are
 * woken by the peer's:
 *
 *	A: read		takes from A's ring	wakes who writes to B
 *	A: write	puts into B's ring	wakes who reads from B
 *
 * A direction can end, and what ends for one ends for both: A's `out_ended` is
 * B's `in_ended`. shutdown() ends those that it names, the last close of one
 * socket ends both:
 *
 *			bytes in the ring	ring empty, or full
 *	open		go on			read waits, write waits
 *	in_ended	read them		read: 0, end of file
 *	out_ended	write: -EPIPE and SIGPIPE
 *
 * After the close the ring stays with the socket that reads from it. Who has
 * lost its peer is its own: it wakes nobody but itself, and no path asks.
 *
 * Not promised: that a long write stays in one piece among several writers;
 * that who reads hears of bytes that the peer left unread (ECONNRESET of other
 * systems). IEEE Std 1003.1-2017, socketpair(), shutdown(); 4.2BSD.
 */
#include "kernel/ipc/socket.h"

#include "kernel/abi/socket.h"
#include "kernel/ipc/pipe.h"
#include "kernel/lib/printk.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/obj/file_inline.h"

struct socket {
	struct pipe in;			/* first: its object is the socket's */
	struct socket *peer;		/* [P] itself: gone */
	bool in_ended;			/* [P] nothing comes any more */
	bool out_ended;			/* [P] nothing can be sent */
};

static struct pool socket_pool = POOL("socket", sizeof(struct socket));

static struct socket *socket_of(const struct object *object)
{
	return CONTAINER_OF(object, struct socket, in.object);
}

static bool is_alone(const struct socket *socket)
{
	return socket->peer == socket;
}

/* There is room in the ring that the peer writes to. */
static inline void wake_writer(const struct socket *socket)
{
	object_wake(&socket->peer->in.object, END_WRITE);
}

static __attribute__((noinline))
ssize_t read_pieces(struct socket *socket, uaddr_t to, size_t bytes)
{
	ssize_t done = pipe_take_pieces(&socket->in, to, bytes);

	if (done > 0)
		wake_writer(socket);
	return done;
}

static MEASURED_INLINE
ssize_t socket_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct socket *socket = socket_of(file->object);
	ssize_t done;

	if (pipe_is_empty(&socket->in))
		return bytes == 0 || socket->in_ended ? 0 : -EAGAIN;
	if (UNLIKELY(!pipe_is_short(&socket->in, bytes)))
		return read_pieces(socket, to, bytes);
	done = pipe_take_all(&socket->in, to);
	if (LIKELY(done > 0))
		wake_writer(socket);
	return done;
}

/* Too little room for POLLOUT may do for the next writer. */
static __attribute__((noinline))
ssize_t write_pieces(struct socket *socket, uaddr_t from, size_t bytes)
{
	struct pipe *out = &socket->peer->in;
	ssize_t done = pipe_put_pieces(out, from, bytes);
	uint32_t room = PIPE_CAPACITY - pipe_fill(out);

	if (done > 0)
		object_wake(&out->object, END_READ);
	if (done > 0 && room > 0 && room < PIPE_BUF)
		wait_wake(&socket->in.object.queue[END_WRITE]);
	return done;
}

static MEASURED_INLINE
ssize_t socket_write(struct open_file *file, uaddr_t from, size_t bytes)
{
	struct socket *socket = socket_of(file->object);
	struct pipe *out = &socket->peer->in;
	ssize_t done;

	if (UNLIKELY(socket->out_ended))
		return -EPIPE;
	if (UNLIKELY(!pipe_has_place(out, bytes)))
		return write_pieces(socket, from, bytes);
	done = pipe_put_there(out, from, bytes);
	if (LIKELY(done > 0))
		wait_wake_now(&out->object.queue[END_READ]);
	return done;
}

/* The two again, in one piece with the rules of blocking. */
static ssize_t socket_read_file(struct open_file *file, uaddr_t to,
				size_t bytes)
{
	return file_read_by(socket_read, file, to, bytes);
}

static ssize_t socket_write_file(struct open_file *file, uaddr_t from,
				 size_t bytes)
{
	return file_write_by(socket_write, file, from, bytes);
}

static unsigned socket_poll(const struct open_file *file)
{
	const struct socket *socket = socket_of(file->object);
	unsigned events = 0;

	if (!pipe_is_empty(&socket->in) || socket->in_ended)
		events |= POLLIN;
	if (socket->out_ended ||
	    PIPE_CAPACITY - pipe_fill(&socket->peer->in) >= PIPE_BUF)
		events |= POLLOUT;
	if (socket->in_ended && socket->out_ended)
		events |= POLLHUP;
	return events;
}

/* ---- The end ------------------------------------------------------------ */

static void wake_users(struct socket *socket)
{
	wait_wake_all(&socket->in.object.queue[END_READ]);
	wait_wake_all(&socket->in.object.queue[END_WRITE]);
}

static void end_directions(struct socket *socket, bool in, bool out)
{
	struct socket *peer = socket->peer;

	socket->in_ended |= in;
	socket->out_ended |= out;
	peer->out_ended |= in;
	peer->in_ended |= out;
	wake_users(socket);
	wake_users(peer);
}

int socket_shut_down(struct open_file *file, int how)
{
	struct socket *socket = socket_of(file->object);

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	if (is_alone(socket))
		return -ENOTCONN;
	end_directions(socket, how != SHUT_WR, how != SHUT_RD);
	return 0;
}

static void socket_close(struct open_file *file)
{
	struct socket *socket = socket_of(file->object);

	if (file->object->ends[END_READ] > 0 || is_alone(socket))
		return;
	end_directions(socket, true, true);
	socket->peer->peer = socket->peer;
	socket->peer = socket;
}

static void socket_destroy(struct object *object)
{
	struct socket *socket = socket_of(object);

	ASSERT(is_alone(socket));
	pipe_free_pages(&socket->in);
	pool_free(&socket_pool, socket);
}

/* ---- What it is --------------------------------------------------------- */

static int socket_stat(struct object *object, struct stat *status)
{
	status->st_mode = S_IFSOCK | 0777;
	status->st_ino = object->id;
	status->st_nlink = 1;
	status->st_blksize = PIPE_BUF;
	return 0;
}

/* Whoever has the other socket. */
static bool socket_can_end(const struct object *object,
			   const struct task *waiter, const struct task *other)
{
	const struct socket *socket = socket_of(object), *peer = socket->peer;
	const struct descriptors *table = other->process->descriptors;
	uint32_t fd;

	(void)waiter;
	if (is_alone(socket) || !table)
		return false;
	for (fd = 0; fd < table->limit; fd++)
		if (table->files[fd] &&
		    table->files[fd]->object == &peer->in.object)
			return true;
	return false;
}

static const struct object_ops socket_ops = {
	.kind = "socket",
	.read = socket_read,
	.write = socket_write,
	.read_file = socket_read_file,
	.write_file = socket_write_file,
	.poll = socket_poll,
	.close = socket_close,
	.stat = socket_stat,
	.report = pipe_report,
	.can_end = socket_can_end,
	.destroy = socket_destroy,
};

bool socket_is(const struct open_file *file)
{
	return file->object->ops == &socket_ops;
}

static struct socket *socket_create(void)
{
	struct socket *socket = pool_alloc(&socket_pool);

	if (!socket)
		return NULL;
	object_init(&socket->in.object, &socket_ops);
	socket->peer = socket;
	return socket;
}

int socket_create_pair(uint32_t flags, struct open_file *files[2])
{
	struct socket *one = socket_create(), *other = socket_create();
	int error = -ENOMEM;

	if (!one || !other)
		goto put;
	error = file_open(&one->in.object, O_RDWR | flags, &files[0]);
	if (error)
		goto put;
	error = file_open(&other->in.object, O_RDWR | flags, &files[1]);
	if (error) {
		file_put(files[0]);
		goto put;
	}
	one->peer = other;
	other->peer = one;
put:
	if (one)
		object_put(&one->in.object);
	if (other)
		object_put(&other->in.object);
	return error;
}
