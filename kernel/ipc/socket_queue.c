/*
 * socket_queue.c - the packets, messages and connections in a local socket.
 *
 * Each socket has a queue of packets, the oldest first. With a packet travel
 * the descriptors, the credentials and the name of the sender.
 *
 *			send				receive
 *	SOCK_STREAM	socket_stream.c
 *	SOCK_SEQPACKET,	one or several packets, if	one message; the rest of
 *	SOCK_DGRAM	there is room for the message	it is lost (MSG_TRUNC)
 *	connect()	a packet with a descriptor	accept()
 *
 * The queue has room for SO_RCVBUF bytes of the receiver, for a connected
 * socket not more than SO_SNDBUF of the sender, and for PACKETS_MOST packets.
 * An empty queue has room for any message. Connected senders wait at their own
 * socket, senders of datagrams at the receiver's.
 *
 * A message moves in one piece, so it is short: SOCKET_MESSAGE_BYTES. If a copy
 * of user memory fails, the send removes its packets again; no task runs in
 * between. The sender's user pays for the packets. The last packet that was
 * dropped stays as the socket's spare packet: two programs that answer each
 * other allocate no memory.
 */
#include "kernel/ipc/socket.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"

struct packet *packet_append(struct local_socket *to, struct local_name *from,
			     const struct cover *cover, uint32_t bytes)
{
	struct packet *packet = to->spare;

	if (packet && packet->room >= bytes) {
		to->spare = NULL;
	} else {
		packet = heap_alloc_dirty(sizeof(*packet) + bytes);
		if (!packet)
			return NULL;
		packet->room = bytes;
	}
	packet->flights = NULL;
	packet->from = local_name_get(from);
	packet->sender = cover->sender;
	packet->start = packet->end = 0;
	packet->is_end = true;
	list_insert_new(&to->packets.head, &packet->node);
	to->count++;
	return packet;
}

void packet_take_flights(struct local_socket *to, struct packet *packet,
			 struct cover *cover)
{
	packet->flights = cover->flights;
	flight_depart(cover->flights, &to->holder);
	cover->flights = NULL;
}

void packet_drop(struct local_socket *socket, struct packet *packet)
{
	list_remove_last(&packet->node);
	socket->fill -= packet->end - packet->start;
	socket->count--;
	if (packet->flights)
		flight_end(packet->flights);
	local_name_put(packet->from);
	if (socket->spare)
		heap_free(socket->spare);
	socket->spare = packet;
}

/* ---- Room ---------------------------------------------------------------- */

void local_delivered(const struct local_socket *from, struct local_socket *to,
		     struct local_socket *waits, uint32_t bytes)
{
	struct object *senders = &waits->socket.object;

	trace(TRACE_SEND, &to->socket.object, bytes, 0);
	object_wake(&to->socket.object, END_READ);
	if (wait_queue_is_used(&senders->queue[END_WRITE]) &&
	    local_room(from, to) > 0)
		object_wake(senders, END_WRITE);
}

/* Senders can proceed, and pollers of the sockets with this peer. */
static void tell_room(struct local_socket *socket, bool was_full)
{
	if (socket->was_connected && !local_is_datagram(socket)) {
		if (socket->peer)
			object_wake(&socket->peer->socket.object, END_WRITE);
		return;
	}
	object_wake(&socket->socket.object, END_WRITE);
	if (local_is_datagram(socket) && was_full)
		local_tell_senders(socket);
}

long local_receive_nothing(struct local_socket *socket)
{
	if (!local_is_datagram(socket) && !socket->was_connected)
		return -ENOTCONN;
	return socket_receive_nothing(&socket->socket);
}

void local_fill_in(struct socket_call *call, const struct packet *packet)
{
	call->cover = (struct cover){ packet->sender, packet->flights };
	if (!call->address)
		return;
	call->address->bytes = packet->from ? packet->from->bytes : 0;
	if (packet->from)
		call->address->local = packet->from->address;
}

/* ---- Messages ------------------------------------------------------------ */

/* 0, or why the message does not go. -EAGAIN: the call waits. */
static int may_send(const struct local_socket *self,
		    const struct local_socket *to, size_t bytes)
{
	uint32_t room;

	if (!to && !self->was_connected)
		return -ENOTCONN;
	if (to && to->is_closed)
		return -ECONNREFUSED;
	if (!to || self->socket.has_ended[END_WRITE] ||
	    to->socket.has_ended[END_READ])
		return -EPIPE;
	if (bytes > MIN(self->socket.room_bytes[END_WRITE],
			SOCKET_MESSAGE_BYTES))
		return -EMSGSIZE;
	room = local_room(self, to);
	return to->count > 0 && (room == 0 || bytes > room) ? -EAGAIN : 0;
}

/* Append the message, or nothing. 0, -ENOMEM or -EFAULT. */
static int append_message(struct local_socket *self, struct local_socket *to,
			  const struct iovec *parts, size_t bytes,
			  struct cover *cover)
{
	uint32_t count = to->count, at = 0, piece;
	struct packet *packet, *first = NULL;
	int error = 0;

	do {
		piece = MIN(bytes - at, PACKET_BYTES);
		packet = packet_append(to, self->name, cover, piece);
		if (!packet) {
			error = -ENOMEM;
			break;
		}
		first = first ? first : packet;
		packet->is_end = at + piece == bytes;
		error = socket_copy_in(parts, at, packet->bytes, piece);
		packet->end = piece;
		to->fill += piece;
		at += piece;
	} while (!error && at < bytes);
	if (!error && cover->flights)
		packet_take_flights(to, first, cover);
	while (error && to->count > count)
		packet_drop(to, last_packet(to));
	return error;
}

static long send_message(struct local_socket *self, struct local_socket *to,
			 const struct iovec *parts, size_t bytes,
			 struct cover *cover)
{
	int error = may_send(self, to, bytes);

	if (error)
		return error;
	if (!cover->sender.pid && local_wants_sender(to))
		cover->sender = local_owner();
	error = append_message(self, to, parts, bytes, cover);
	if (error)
		return error;
	local_delivered(self, to, local_is_datagram(to) ? to : self, bytes);
	return bytes;
}

long local_send_message(struct socket_call *call)
{
	struct local_socket *self = local_of(&call->socket->object);
	bool is_datagram = local_is_datagram(self);

	if (call->address && !is_datagram)
		return self->was_connected ? -EISCONN : -EOPNOTSUPP;
	return send_message(self, is_datagram ? local_of(call->target)
					      : self->peer,
			    call->parts, call->bytes, &call->cover);
}

ssize_t local_write_message(struct open_file *file, uaddr_t from, size_t bytes)
{
	const struct iovec part = { (void *)(uintptr_t)from, bytes };
	struct local_socket *self = local_of(file->object);
	struct cover cover = { { 0, 0, 0 }, NULL };

	return send_message(self, self->peer, &part, bytes, &cover);
}

/* Copy the first message to the user, at most so many bytes. The message stays.
 * Its length, or -EFAULT. */
static long copy_message(const struct local_socket *socket,
			 const struct iovec *parts, size_t bytes)
{
	const struct packet *packet, *next = first_packet(socket);
	size_t at = 0;

	do {
		packet = next;
		if (at < bytes && socket_copy_out(parts, at, packet->bytes,
				MIN(packet->end, bytes - at)) != 0)
			return -EFAULT;
		at += packet->end;
		next = LIST_ENTRY(packet->node.next, struct packet, node);
	} while (!packet->is_end);
	return at;
}

/* The user has the first message or connection. */
static void take_message(struct local_socket *socket, size_t bytes)
{
	bool is_end, was_full = local_is_datagram(socket) &&
				local_room(socket, socket) < PIPE_BUF;

	if (!socket->backlog)
		trace(TRACE_RECEIVE, &socket->socket.object, bytes, 0);
	do {
		is_end = first_packet(socket)->is_end;
		packet_drop(socket, first_packet(socket));
	} while (!is_end);
	tell_room(socket, was_full);
}

ssize_t local_read_message(struct open_file *file, uaddr_t to, size_t bytes)
{
	const struct iovec part = { (void *)(uintptr_t)to, bytes };
	struct local_socket *socket = local_of(file->object);
	long length;

	if (bytes == 0)
		return 0;
	if (socket->count == 0 || socket->backlog)
		return local_receive_nothing(socket);
	length = copy_message(socket, &part, bytes);
	if (length < 0)
		return length;
	length = MIN((size_t)length, bytes);
	take_message(socket, length);
	return length;
}

long local_receive_message(struct socket_call *call)
{
	struct local_socket *socket = local_of(&call->socket->object);
	long length;

	if (socket->count == 0 || socket->backlog)
		return local_receive_nothing(socket);
	length = copy_message(socket, call->parts, call->bytes);
	if (length < 0)
		return length;
	local_fill_in(call, first_packet(socket));
	call->length = length;
	if (call->length > call->bytes)
		call->flags |= MSG_TRUNC;
	return MIN(call->length, call->bytes);
}

void local_take_message(struct socket_call *call, long bytes)
{
	struct local_socket *socket = local_of(&call->socket->object);

	if (socket->backlog)
		local_of(call->accepted->object)->is_accepted = true;
	if (socket->count > 0)		/* not the end */
		take_message(socket, bytes);
}

/* ---- Connections --------------------------------------------------------- */

int local_offer(struct local_socket *listener, struct flight *flight)
{
	struct cover cover = { local_owner(), flight };
	struct packet *packet = packet_append(listener, NULL, &cover, 0);

	if (!packet)
		return -ENOMEM;
	packet_take_flights(listener, packet, &cover);
	object_wake(&listener->socket.object, END_READ);
	return 0;
}
