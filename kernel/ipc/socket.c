/*
 * socket.c - local sockets: names, connections, and their ends.
 *
 *	SOCK_STREAM	bytes in order, between two connected sockets
 *	SOCK_SEQPACKET	messages in order, between two connected sockets
 *	SOCK_DGRAM	messages to a name, or to the connected socket
 *
 * bind() gives a socket a name in the file tree, with a mode and an owner; to
 * connect or send to the name, a process needs the permission to write. The
 * name stays after the close, without a socket: ECONNREFUSED.
 *
 * connect() makes the server's socket for this connection, connects both, and
 * puts a descriptor of the server's socket into the queue of the listening
 * socket. So a connection that waits for accept() is a record with a
 * descriptor, and the client pays for both. When the backlog is full, connect()
 * waits for accept(); with O_NONBLOCK the call ends with EAGAIN, and has not
 * begun to connect.
 *
 * `peer` points to the socket that gets what is sent. Two connected sockets are
 * each other's peer; many datagram sockets may have one peer. Each direction
 * can end, by shutdown() or by the last close:
 *
 *				has bytes	no byte, or no room
 *	open			both go on	receive waits, send waits
 *	the direction ended	receive: those	receive: 0
 *				send: EPIPE and SIGPIPE
 *
 * A datagram socket whose peer has closed gets ECONNREFUSED from each send,
 * until the socket connects again. A client that was never accepted gets
 * ECONNRESET when the server closes.
 *
 * Not promised: that a receiver gets an error because the peer closed with
 * unread bytes; addresses without a path.
 * IEEE Std 1003.1-2017, <sys/un.h>, 2.10 Sockets; 4.2BSD.
 */
#include "kernel/ipc/socket.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/task/cpu.h"
#include "kernel/task/process.h"

static const struct object_ops stream_ops, seqpacket_ops, datagram_ops;

static struct pool local_pool = POOL("socket", sizeof(struct local_socket));

struct ucred local_owner(void)
{
	const struct process *process = process_current();

	return (struct ucred){ process->id, process->identity.user,
			       process->identity.group };
}

/* ---- Peers --------------------------------------------------------------- */

static void set_peer(struct local_socket *socket, struct local_socket *peer)
{
	if (socket->peer) {
		list_remove(&socket->at_peer);
		socket->peer->sender_count--;
	}
	socket->peer = peer;
	if (peer) {
		list_append(&peer->senders, &socket->at_peer);
		peer->sender_count++;
	}
}

static void connect_to(struct local_socket *socket, struct local_socket *peer)
{
	set_peer(socket, peer);
	socket->was_connected = true;
	socket->socket.peer_owner = peer->owner;
	trace(TRACE_CONNECTED, &socket->socket.object, &peer->socket.object, 0);
	socket_trace_name(&socket->socket);
}

static void connect_both(struct local_socket *client,
			 struct local_socket *server)
{
	client->owner = local_owner();
	connect_to(client, server);
	connect_to(server, client);
}

static void wake_all(struct local_socket *socket)
{
	socket_wake_end(&socket->socket);
	if (wait_queue_is_used(&socket->writable))
		wait_wake_all(&socket->writable);
}

static void end(struct local_socket *socket, int how)
{
	socket_end(&socket->socket, how);
	wait_wake_all(&socket->writable);
}

/* No more goes from one to the other. */
static void end_direction(struct local_socket *from, struct local_socket *to)
{
	end(from, SHUT_WR);
	end(to, SHUT_RD);
}

static int local_shut_down(struct socket *socket, int how)
{
	struct local_socket *self = local_of(&socket->object);
	struct local_socket *peer = self->peer;

	if (!peer)
		return -ENOTCONN;
	trace(TRACE_SHUT, &socket->object, how, 0);
	if (local_is_datagram(self)) {
		end(self, how);
		return 0;
	}
	if (how != SHUT_RD)
		end_direction(self, peer);
	if (how != SHUT_WR)
		end_direction(peer, self);
	return 0;
}

void local_lose_peer(struct local_socket *socket)
{
	struct local_socket *peer = socket->peer;

	if (!local_is_datagram(socket)) {
		end_direction(socket, peer);
		end_direction(peer, socket);
		if (!peer->is_accepted)
			socket_break(&socket->socket, ECONNRESET);
	}
	set_peer(socket, NULL);
	wake_all(socket);
}

static void local_close(struct open_file *file)
{
	struct local_socket *socket = local_of(file->object);

	if (file->object->ends[END_READ] > 0)
		return;
	socket->is_closed = true;
	if (local_is_datagram(socket))
		local_tell_senders(socket);
	else if (socket->peer)
		local_lose_peer(socket->peer);
	set_peer(socket, NULL);
	local_leave_node(socket);
	wake_all(socket);
}

static void local_destroy(struct object *object)
{
	struct local_socket *socket = local_of(object);

	ASSERT(!socket->peer && list_is_empty(&socket->senders));
	if (socket->count > 0) {
		packet_drop(socket, first_packet(socket));
		object_destroy_later(object);
		return;
	}
	heap_free(socket->spare);
	local_name_put(socket->name);
	pool_free(&local_pool, socket);
}

/* ---- Connections --------------------------------------------------------- */

/* Senders of datagrams wait at the receiver, others at their own socket. */
static int local_aim(struct socket_call *call)
{
	struct local_socket *self = local_of(&call->socket->object);
	struct local_socket *target = self;
	int error = 0;

	if (call->address)
		error = local_find(self, call->address, &target);
	else if (local_is_datagram(self))
		target = self->peer;
	if (error)
		return error;
	if (!target)
		return self->was_connected ? -ECONNREFUSED : -EDESTADDRREQ;
	if (local_is_datagram(self) && target->peer && target->peer != self)
		return -EPERM;		/* takes messages of its peer only */
	object_get(&target->socket.object);
	call->target = &target->socket.object;
	return 0;
}

static int local_listen(struct socket *socket, int backlog)
{
	struct local_socket *self = local_of(&socket->object);

	if (local_is_datagram(self))
		return -EOPNOTSUPP;
	if (self->was_connected)
		return -EINVAL;
	if (!self->name)
		return -EDESTADDRREQ;
	self->backlog = MIN(MAX(backlog, 1), SOMAXCONN);
	self->owner = local_owner();
	socket->listens = true;
	wait_wake_all(&socket->object.queue[END_WRITE]);
	return 0;
}

static struct local_socket *local_create(int type)
{
	struct local_socket *socket = pool_alloc(&local_pool);

	if (!socket)
		return NULL;
	socket_init(&socket->socket, type == SOCK_STREAM ? &stream_ops :
		    type == SOCK_DGRAM ? &datagram_ops : &seqpacket_ops, type);
	list_init(&socket->senders);
	list_init(&socket->packets);
	list_node_init(&socket->at_peer);
	list_node_init(&socket->at_telling);
	wait_queue_init(&socket->writable);
	socket->is_accepted = true;
	flight_holder_init(&socket->holder, &socket->socket.object);
	return socket;
}

static int create_file(int type, uint32_t flags, struct open_file **out)
{
	struct local_socket *socket = local_create(type);
	int error;

	if (!socket)
		return -ENOMEM;
	error = file_open(&socket->socket.object, O_RDWR | flags, out);
	object_put(&socket->socket.object);
	return error;
}

/* Make the server's socket, and offer it to accept(). */
static int offer(struct local_socket *client, struct local_socket *listener)
{
	struct local_socket *server;
	struct open_file *file;
	struct flight *flight;
	int error = create_file(client->socket.type, 0, &file);

	if (error)
		return error;
	server = local_of(file->object);
	server->name = local_name_get(listener->name);
	server->owner = listener->owner;
	server->socket.wants_credentials = listener->socket.wants_credentials;
	server->is_accepted = false;
	flight = flight_create(file);
	file_put(file);
	if (!flight)
		return account_error(ACCOUNT_FLIGHTS, 1, -ETOOMANYREFS,
				     -ENOMEM);
	error = local_offer(listener, flight);
	if (error)
		flight_end(flight);
	else
		connect_both(client, server);
	return error;
}

static int local_connect(struct socket_call *call)
{
	struct local_socket *self = local_of(&call->socket->object);
	struct local_socket *target = local_of(call->target);

	if (target->is_closed)
		return -ECONNREFUSED;
	if (local_is_datagram(self)) {
		set_peer(self, target);
		self->was_connected = true;
		return 0;
	}
	if (self->was_connected)
		return -EISCONN;
	if (self->backlog)
		return -EOPNOTSUPP;
	if (!target->backlog)
		return -ECONNREFUSED;
	if (target->count >= target->backlog)
		return -EAGAIN;
	return offer(self, target);
}

static int local_disconnect(struct socket *socket)
{
	struct local_socket *self = local_of(&socket->object);

	if (!local_is_datagram(self))
		return -EINVAL;
	set_peer(self, NULL);
	self->was_connected = false;
	return 0;
}

static int local_accept(struct socket_call *call)
{
	struct local_socket *self = local_of(&call->socket->object), *server;

	if (!self->backlog)
		return local_is_datagram(self) ? -EOPNOTSUPP : -EINVAL;
	if (self->count == 0)
		return -EAGAIN;
	call->accepted = flight_get_file(first_packet(self)->flights);
	server = local_of(call->accepted->object);
	return call->address && server->peer
		? local_get_name(&server->socket, true, call->address) : 0;
}

/* ---- The family ---------------------------------------------------------- */

#define SOCKET_OPS							\
	.family = AF_UNIX,						\
	.bind = local_bind,						\
	.listen = local_listen,						\
	.aim = local_aim,						\
	.connect = local_connect,					\
	.disconnect = local_disconnect,					\
	.accept = local_accept,						\
	.shut_down = local_shut_down,					\
	.get_name = local_get_name

static const struct socket_ops stream_socket_ops = {
	SOCKET_OPS,
	.send = local_send_bytes,
	.receive = local_receive_bytes,
	.take = local_take_bytes,
};

static const struct socket_ops message_socket_ops = {
	SOCKET_OPS,
	.send = local_send_message,
	.receive = local_receive_message,
	.take = local_take_message,
};

#define OBJECT_OPS							\
	.kind = "socket",						\
	.sends_signals = true,						\
	.has_trace = true,						\
	.holder_at = offsetof(struct local_socket, holder),		\
	.poll = local_poll,						\
	.queue = local_queue_at,					\
	.close = local_close,						\
	.stat = socket_stat,						\
	.describe = local_describe,					\
	.report = local_report,						\
	.enders = local_enders,						\
	.is_open = local_is_open,					\
	.destroy = local_destroy

static const struct object_ops stream_ops = {
	OBJECT_OPS,
	.socket = &stream_socket_ops,
	.is_stream = true,
	.read = local_read,
	.write = local_write,
};

static const struct object_ops seqpacket_ops = {
	OBJECT_OPS,
	.socket = &message_socket_ops,
	.read = local_read_message,
	.write = local_write_message,
};

/* A write waits at the receiver: socket_write(). */
static const struct object_ops datagram_ops = {
	OBJECT_OPS,
	.socket = &message_socket_ops,
	.read = local_read_message,
};

static int create_socket(int type, int protocol, uint32_t flags,
			 struct open_file **out)
{
	if (protocol != 0 && protocol != AF_UNIX)
		return -EPROTONOSUPPORT;
	if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_SEQPACKET)
		return -EPROTOTYPE;
	return create_file(type, flags, out);
}

static int connect_pair(struct socket *one, struct socket *other)
{
	local_of(&other->object)->owner = local_owner();
	connect_both(local_of(&one->object), local_of(&other->object));
	return 0;
}

void local_sockets_init(void)
{
	static struct socket_family local_family = {
		.number = AF_UNIX,
		.create = create_socket,
		.connect_pair = connect_pair,
	};

	cpu_set_deferred(PENDING_SENDERS, local_tell_late);
	socket_add_family(&local_family);
}
