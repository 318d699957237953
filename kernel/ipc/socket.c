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
 * Two connected sockets are each other's peer. Any number of datagram sockets
 * may send to one socket, whose port they have. Each direction can end, by
 * shutdown() or by the last close:
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
#include "kernel/task/process.h"

static const struct object_ops local_ops;

static struct pool local_pool = POOL("socket", sizeof(struct local_socket));
static struct pool port_pool = POOL("port", sizeof(struct local_port));

/* ---- Ports --------------------------------------------------------------- */

static struct local_port *port_create(struct local_socket *socket)
{
	struct local_port *port = pool_alloc(&port_pool);

	if (port) {
		port->refs = 1;
		port->socket = socket;
		wait_queue_init(&port->room);
	}
	return port;
}

static void port_put(struct local_port *port)
{
	if (port && refs_drop(&port->refs))
		pool_free(&port_pool, port);
}

/* Datagrams go to this socket now; NULL: to none. */
static void point_to(struct local_socket *socket, struct local_socket *peer)
{
	struct local_port *old = socket->to;

	/* A poll() for room watches the right port afterwards. */
	wait_wake_all(local_room_at(socket));
	socket->to = peer ? peer->own : NULL;
	if (peer)
		peer->own->refs++;
	port_put(old);
}

/* The socket closes: a datagram to its port is ECONNREFUSED from now on. */
static void close_port(struct local_socket *socket)
{
	struct local_port *port = socket->own;

	if (!port)
		return;
	socket->own = NULL;
	port->socket = NULL;
	wait_wake_all(&port->room);
	port_put(port);
}

/* ---- Peers --------------------------------------------------------------- */

static void connect_to(struct local_socket *socket, struct local_socket *peer)
{
	if (local_is_datagram(socket))
		point_to(socket, peer);
	else
		socket->peer = peer;
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

/* No more goes from one to the other. */
static void end_direction(struct local_socket *from, struct local_socket *to)
{
	socket_end(&from->socket, SHUT_WR);
	socket_end(&to->socket, SHUT_RD);
}

static int local_shut_down(struct socket *socket, int how)
{
	struct local_socket *self = local_of(&socket->object);

	if (!local_peer(self))
		return -ENOTCONN;
	trace(TRACE_SHUT, &socket->object, how, 0);
	if (local_is_datagram(self)) {
		socket_end(socket, how);
		wait_wake_all(local_room_at(self));
		return 0;
	}
	if (how != SHUT_RD)
		end_direction(self, self->peer);
	if (how != SHUT_WR)
		end_direction(self->peer, self);
	return 0;
}

/* The socket closes, and its peer stays alone. */
static void leave_peer(struct local_socket *socket)
{
	struct local_socket *peer = socket->peer;

	end_direction(socket, peer);
	end_direction(peer, socket);
	if (!socket->is_accepted)
		socket_break(&peer->socket, ECONNRESET);
	socket_wake_end(&peer->socket);
	peer->peer = socket->peer = NULL;
}

static void local_close(struct open_file *file)
{
	struct local_socket *socket = local_of(file->object);

	if (file->object->ends[END_READ] > 0)
		return;
	socket->is_closed = true;
	if (local_is_datagram(socket)) {
		close_port(socket);
		port_put(socket->to);
		socket->to = NULL;
	} else if (socket->peer) {
		leave_peer(socket);
	}
	local_leave_node(socket);
	socket_wake_end(&socket->socket);
}

static void local_destroy(struct object *object)
{
	struct local_socket *socket = local_of(object);

	if (socket->count > 0) {
		packet_drop(socket, first_packet(socket));
		object_destroy_later(object);
		return;
	}
	close_port(socket);		/* of a socket that was never open */
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
		target = local_peer(self);
	if (error)
		return error;
	if (!target)
		return self->was_connected ? -ECONNREFUSED : -EDESTADDRREQ;
	if (local_is_datagram(self) && local_peer(target) &&
	    local_peer(target) != self)
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
	if (type == SOCK_DGRAM) {
		socket->own = port_create(socket);
		if (!socket->own) {
			pool_free(&local_pool, socket);
			return NULL;
		}
	}
	socket_init(&socket->socket, &local_ops, type);
	list_init(&socket->packets);
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
		point_to(self, target);
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
	point_to(self, NULL);
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

static const struct socket_ops local_socket_ops = {
	.family = AF_UNIX,
	.bind = local_bind,
	.listen = local_listen,
	.aim = local_aim,
	.connect = local_connect,
	.disconnect = local_disconnect,
	.accept = local_accept,
	.send = local_send,
	.receive = local_receive,
	.take = local_take,
	.shut_down = local_shut_down,
	.get_name = local_get_name,
};

static const struct object_ops local_ops = {
	.kind = "socket",
	.sends_signals = true,
	.has_trace = true,
	.holder_at = offsetof(struct local_socket, holder),
	.socket = &local_socket_ops,
	.poll = local_poll,
	.queue = local_queue_at,
	.close = local_close,
	.stat = socket_stat,
	.describe = local_describe,
	.report = local_report,
	.enders = local_enders,
	.is_open = local_is_open,
	.destroy = local_destroy,
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

	socket_add_family(&local_family);
}
