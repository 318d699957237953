/*
 * socket.c - sockets of all families: blocking, timeouts and SIGPIPE.
 *
 * The operations of a family answer at once: done, or -EAGAIN and the object in
 * whose queue the call waits. A stream moves at most a part before tasks
 * may switch, and a send goes on until all bytes are sent.
 *
 * A receive has three steps in one attempt: the operation copies the data and
 * leaves the message, call->give() copies the rest (the address, descriptors),
 * and only then the message is taken. So a bad address loses nothing, and
 * MSG_PEEK leaves the last step out.
 *
 * IEEE Std 1003.1-2017, 2.10 Sockets.
 */
#include "kernel/obj/socket.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/trace.h"
#include "kernel/task/late_page.h"
#include "kernel/task/process.h"

static struct socket_family *families;	/* [P] */

void socket_add_family(struct socket_family *family)
{
	family->next = families;
	families = family;
}

const struct socket_family *socket_find_family(int number)
{
	const struct socket_family *family = families;

	while (family && family->number != number)
		family = family->next;
	return family;
}

void socket_init(struct socket *socket, const struct object_ops *ops, int type)
{
	object_init(&socket->object, ops);
	socket->type = type;
	socket->timeout_ns[END_READ] = socket->timeout_ns[END_WRITE] = FOREVER;
	socket->room_bytes[END_READ] = socket->room_bytes[END_WRITE] =
		SOCKET_BYTES;
	socket->peer_owner = (struct ucred){ 0, -1, -1 };
}

int socket_take_error(struct socket *socket)
{
	int error = socket->error;

	socket->error = 0;
	return -error;
}

void socket_break(struct socket *socket, int error)
{
	trace(TRACE_RESET, &socket->object, -error, 0);
	socket->error = error;
}

void socket_wake_end(struct socket *socket)
{
	for (int end = 0; end < 2; end++)
		if (wait_queue_is_used(&socket->object.queue[end]))
			wait_wake_end(&socket->object.queue[end]);
}

void socket_end(struct socket *socket, int how)
{
	socket->has_ended[END_READ] |= how != SHUT_WR;
	socket->has_ended[END_WRITE] |= how != SHUT_RD;
	socket_wake_end(socket);
}

unsigned socket_poll_end(const struct socket *socket)
{
	unsigned events = socket->error ? POLLIN | POLLERR : 0;

	if (!socket->has_ended[END_READ])
		return events;
	return events | POLLIN | POLLRDHUP |
	       (socket->has_ended[END_WRITE] ? POLLHUP : 0);
}

void socket_trace_name(const struct socket *socket)
{
	if (trace_is_on(TRACE_OPEN))
		object_trace(&socket->object);
}

int socket_stat(struct object *object, struct stat *status)
{
	status->st_mode = S_IFSOCK | 0777;
	status->st_ino = object->id;
	status->st_nlink = 1;
	status->st_blksize = PIPE_BUF;
	return 0;
}

/* ---- Calls --------------------------------------------------------------- */

void socket_call_init(struct socket_call *call, struct open_file *file,
		      int flags)
{
	call->file = file;
	call->socket = socket_of(file);
	call->target = file->object;
	call->flags = flags;
	if (file->flags & O_NONBLOCK)
		call->flags |= MSG_DONTWAIT;
	call->bytes = call->length = call->done = 0;
	call->address = NULL;
	call->cover = (struct cover){ { 0, 0, 0 }, NULL };
	call->give = NULL;
	call->is_whole = false;
}

int socket_call_part(struct socket_call *call, const struct iovec *part)
{
	call->parts = part;
	call->bytes = part->iov_len;
	return vector_range_is_valid((uintptr_t)part->iov_base, part->iov_len)
		? 0 : -EFAULT;
}

/* Find the target of a send or a connect, with a reference. */
static int aim(struct socket_call *call)
{
	const struct socket_ops *ops = socket_ops_of(call->socket);

	if (ops->aim)
		return ops->aim(call);
	object_get(call->target);
	return 0;
}

/* Make the attempt, or wait at this end of the target. */
static long attempt_at(struct socket_call *call, int end, enum wait_event event,
		       wait_attempt *attempt)
{
	struct wait_request request = {
		.queue = &call->target->queue[end],
		.object = call->target,
		.event = event,
	};
	long result = wait_try(request.queue, attempt, call);

	if (result != -EAGAIN || call->flags & MSG_DONTWAIT)
		return result;
	request.deadline_ns = socket_deadline_ns(call->socket, end);
	result = wait_for(&request, attempt, call);
	/* A connection can time out, too: that is the attempt's error. */
	if (result == -ETIMEDOUT && request.deadline_ns <= arch_now_ns())
		return -EAGAIN;
	return result;
}

static long attempt_send(void *context)
{
	struct socket_call *call = context;

	return socket_ops_of(call->socket)->send(call);
}

static long send_all(struct socket_call *call)
{
	long done;

	for (;;) {
		done = attempt_at(call, END_WRITE, WAIT_SPACE, attempt_send);
		if (done > 0)
			call->done += done;
		else if (done < 0 && !late_page_came())
			return done;
		if (call->done == call->bytes || !signal_lets_go_on())
			return 0;
	}
}

ssize_t socket_send(struct socket_call *call)
{
	long error;

	file_get(call->file);		/* a second thread may close the file */
	error = aim(call);
	if (!error) {
		error = send_all(call);
		if (call->target == call->file->object)
			file_wake_next(call->file, END_WRITE);
		object_put(call->target);
	}
	if (error == -EPIPE && call->socket->type != SOCK_DGRAM &&
	    !(call->flags & MSG_NOSIGNAL))
		signal_send(process_current(), SIGPIPE, NULL);
	file_put(call->file);
	return call->done > 0 ? (ssize_t)call->done : error;
}

static long attempt_receive(void *context)
{
	struct socket_call *call = context;
	const struct socket_ops *ops = socket_ops_of(call->socket);
	long done = ops->receive(call);
	int error;

	if (done < 0)
		return done;
	error = call->give ? call->give(call) : 0;
	if (error)
		return error;
	if (!(call->flags & MSG_PEEK))
		ops->take(call, done);
	return done;
}

/* Does a stream's receive go on after this step? Without MSG_WAITALL the call
 * takes what is there, and does not wait again. */
static bool goes_on(struct socket_call *call, long done)
{
	if (done == 0 || !socket_is_stream(call->socket) ||
	    call->flags & MSG_PEEK || call->is_whole ||
	    call->done == call->bytes)
		return false;
	if (call->flags & MSG_WAITALL)
		return true;
	call->flags |= MSG_DONTWAIT;
	return done == COPY_PART_BYTES || done < (long)call->length;
}

/* Has the receive found the end of the file? */
static bool is_end(const struct socket_call *call, long done)
{
	return done == 0 && call->done == 0 && call->bytes > 0 &&
	       socket_is_stream(call->socket);
}

ssize_t socket_receive(struct socket_call *call)
{
	long done;

	file_get(call->file);
	for (;;) {
		done = attempt_at(call, END_READ, WAIT_DATA, attempt_receive);
		if (done > 0)
			call->done += done;
		if (done < 0 ? !late_page_came() : !goes_on(call, done))
			break;
		if (!signal_lets_go_on())
			break;
	}
	if (is_end(call, done))
		trace(TRACE_RECEIVE, call->socket, 0, 0);
	file_wake_next(call->file, END_READ);
	file_put(call->file);
	return call->done > 0 ? (ssize_t)call->done : done;
}

static long attempt_connect(void *context)
{
	struct socket_call *call = context;

	return socket_ops_of(call->socket)->connect(call);
}

int socket_connect(struct socket_call *call)
{
	int error;

	file_get(call->file);
	error = aim(call);
	if (!error) {
		/* The socket that has the name, or none: a call to the network
		 * waits at its own socket. */
		trace(TRACE_CONNECT, call->socket,
		      call->target == call->file->object ? NULL
						   : call->target, 0);
		error = attempt_at(call, END_WRITE, WAIT_PEER, attempt_connect);
		if (call->target == call->file->object) {
			if (error == -EAGAIN)	/* SO_SNDTIMEO */
				error = -EINPROGRESS;
			file_wake_next(call->file, END_WRITE);
		}
		object_put(call->target);
	}
	file_put(call->file);
	return error;
}

static long attempt_accept(void *context)
{
	struct socket_call *call = context;
	const struct socket_ops *ops = socket_ops_of(call->socket);
	int error = ops->accept(call);

	if (error)
		return error;
	error = call->give(call);
	if (!error) {
		trace(TRACE_ACCEPT, call->socket, call->accepted->object, 0);
		ops->take(call, 0);
	}
	file_put(call->accepted);
	return error;
}

int socket_accept(struct socket_call *call)
{
	int error;

	if (!socket_ops_of(call->socket)->accept)
		return -EOPNOTSUPP;
	file_get(call->file);
	error = attempt_at(call, END_READ, WAIT_PEER, attempt_accept);
	file_wake_next(call->file, END_READ);
	file_put(call->file);
	return error;
}

static long attempt_linger(void *context)
{
	const struct socket *socket = context;

	return socket_ops_of(socket)->is_sent(socket) ? 0 : -EAGAIN;
}

void socket_linger(struct open_file *file)
{
	struct socket *socket = socket_of(file);
	struct wait_request request = {
		.queue = &file->object->queue[END_WRITE],
		.object = file->object,
		.event = WAIT_SPACE,
	};

	if (!socket->linger.l_onoff || socket->linger.l_linger <= 0 ||
	    !socket_ops_of(socket)->is_sent)
		return;
	request.deadline_ns = arch_now_ns() +
			      socket->linger.l_linger * NSEC_PER_SEC;
	wait_for(&request, attempt_linger, socket);
}

/* ---- read(2) and write(2) ------------------------------------------------ */

ssize_t socket_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	const struct iovec part = { (void *)(uintptr_t)to, bytes };
	struct socket_call call;

	socket_call_init(&call, file, 0);
	if (socket_call_part(&call, &part) != 0)
		return -EFAULT;
	return bytes > 0 ? socket_receive(&call) : 0;
}

ssize_t socket_write(struct open_file *file, uaddr_t from, size_t bytes)
{
	const struct iovec part = { (void *)(uintptr_t)from, bytes };
	struct socket_call call;

	socket_call_init(&call, file, 0);
	return socket_call_part(&call, &part) ?: socket_send(&call);
}
