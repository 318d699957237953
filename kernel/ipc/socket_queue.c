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
 * between. The sender's user pays for the packets.
 */
#include "kernel/ipc/socket.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"

#define PACKETS_MOST	256u		/* in a queue */

struct packet *packet_append(struct local_socket *to, struct local_name *from,
			     const struct ucred *sender, uint32_t bytes)
{
	struct packet *packet = heap_alloc_dirty(sizeof(*packet) + bytes);

	if (!packet)
		return NULL;
	list_node_init(&packet->node);
	packet->flights = NULL;
	packet->from = local_name_get(from);
	packet->sender = *sender;
	packet->start = packet->end = 0;
	packet->is_end = true;
	list_append(&to->packets, &packet->node);
	to->count++;
	return packet;
}

void packet_drop(struct local_socket *socket, struct packet *packet)
{
	list_remove_last(&packet->node);
	socket->fill -= packet->end - packet->start;
	socket->count--;
	flight_end(packet->flights);
	local_name_put(packet->from);
	heap_free(packet);
}

bool local_wants_sender(const struct local_socket *to)
{
	return to->socket.wants_credentials || !to->is_accepted;
}

/* ---- Room ---------------------------------------------------------------- */

uint32_t local_room(const struct local_socket *from,
		    const struct local_socket *to)
{
	uint32_t most = to->socket.room_bytes[END_READ];

	if (!local_is_datagram(to))
		most = MIN(most, from->socket.room_bytes[END_WRITE]);
	return most > to->fill && to->count < PACKETS_MOST ? most - to->fill
							   : 0;
}

void local_delivered(const struct local_socket *from, struct local_socket *to,
		     struct object *senders, uint32_t bytes)
{
	trace(TRACE_SEND, &to->socket.object, bytes, 0);
	object_wake(&to->socket.object, END_READ);
	if (wait_queue_is_used(&senders->queue[END_WRITE]) &&
	    local_room(from, to) > 0)
		object_wake(senders, END_WRITE);
}

/* Senders can proceed, and pollers of the sockets with this peer. */
static void tell_room(struct local_socket *socket, bool was_full)
{
	struct local_socket *sender;

	if (socket->was_connected && !local_is_datagram(socket)) {
		if (socket->peer)
			object_wake(&socket->peer->socket.object, END_WRITE);
		return;
	}
	object_wake(&socket->socket.object, END_WRITE);
	if (!local_is_datagram(socket) || !was_full)
		return;
	LIST_FOR_EACH(sender, &socket->senders, at_peer)
		if (wait_queue_is_used(&sender->writable))
			wait_wake(&sender->writable);
}

long local_receive_nothing(struct local_socket *socket)
{
	if (!local_is_datagram(socket) && !socket->was_connected)
		return -ENOTCONN;
	if (socket->socket.error)
		return socket_take_error(&socket->socket);
	return socket->has_ended[END_READ] ? 0 : -EAGAIN;
}

void local_fill_in(struct socket_call *call, const struct packet *packet)
{
	call->flights = packet->flights;
	call->sender = packet->sender;
	if (!call->address)
		return;
	call->address->bytes = packet->from ? packet->from->bytes : 0;
	if (packet->from)
		call->address->local = packet->from->address;
}

/* ---- Messages ------------------------------------------------------------ */

/* 0, or why the message does not go. -EAGAIN: the call waits. */
static int may_send(const struct socket_call *call,
		    const struct local_socket *self,
		    const struct local_socket *to)
{
	uint32_t room;

	if (call->address && !local_is_datagram(self))
		return self->was_connected ? -EISCONN : -EOPNOTSUPP;
	if (!to && !self->was_connected)
		return -ENOTCONN;
	if (to && local_is_datagram(self) && to->is_closed)
		return -ECONNREFUSED;
	if (!to || self->has_ended[END_WRITE] || to->has_ended[END_READ])
		return -EPIPE;
	if (call->bytes > MIN(self->socket.room_bytes[END_WRITE],
			      SOCKET_MESSAGE_BYTES))
		return -EMSGSIZE;
	room = local_room(self, to);
	return to->count > 0 && (room == 0 || call->bytes > room) ? -EAGAIN : 0;
}

/* Append the message. 0, or -ENOMEM or -EFAULT with the last packets not
 * complete. */
static int append_message(const struct socket_call *call,
			  struct local_socket *self, struct local_socket *to)
{
	struct packet *packet;
	uint32_t at = 0, piece;

	do {
		piece = MIN(call->bytes - at, PACKET_BYTES);
		packet = packet_append(to, self->name, &call->sender, piece);
		if (!packet)
			return -ENOMEM;
		packet->is_end = at + piece == call->bytes;
		if (socket_copy_in(call, at, packet->bytes, piece) != 0)
			return -EFAULT;
		packet->end = piece;
		to->fill += piece;
		at += piece;
	} while (at < call->bytes);
	return 0;
}

long local_send_message(struct socket_call *call)
{
	struct local_socket *self = local_of(&call->socket->object);
	struct local_socket *to = local_is_datagram(self)
		? local_of(call->target) : self->peer;
	int error = may_send(call, self, to);
	struct list_node *before;

	if (error)
		return error;
	if (!call->sender.pid && local_wants_sender(to))
		call->sender = local_owner();
	before = to->packets.head.prev;
	error = append_message(call, self, to);
	while (error && to->packets.head.prev != before)
		packet_drop(to, last_packet(to));
	if (error)
		return error;
	LIST_ENTRY(before->next, struct packet, node)->flights = call->flights;
	local_delivered(self, to, call->target, call->bytes);
	flight_depart(call->flights, &to->holder);
	call->flights = NULL;
	return call->bytes;
}

long local_receive_message(struct socket_call *call)
{
	struct local_socket *socket = local_of(&call->socket->object);
	const struct packet *packet = first_packet(socket), *next = packet;
	size_t at = 0, piece;

	if (socket->count == 0 || socket->backlog)
		return local_receive_nothing(socket);
	do {
		packet = next;
		piece = MIN(packet->end, call->bytes - MIN(at, call->bytes));
		if (socket_copy_out(call, at, packet->bytes, piece) != 0)
			return -EFAULT;
		at += packet->end;
		next = LIST_ENTRY(packet->node.next, struct packet, node);
	} while (!packet->is_end);
	local_fill_in(call, first_packet(socket));
	call->length = at;
	if (at > call->bytes)
		call->flags |= MSG_TRUNC;
	return MIN(at, call->bytes);
}

void local_take_message(struct socket_call *call, long bytes)
{
	struct local_socket *socket = local_of(&call->socket->object);
	bool was_full = local_room(socket, socket) < PIPE_BUF, is_end;

	if (socket->count == 0)
		return;			/* the end */
	if (socket->backlog)
		local_of(call->accepted->object)->is_accepted = true;
	trace(TRACE_RECEIVE, &socket->socket.object, bytes, 0);
	do {
		is_end = first_packet(socket)->is_end;
		packet_drop(socket, first_packet(socket));
	} while (!is_end);
	tell_room(socket, was_full);
}

/* ---- Connections --------------------------------------------------------- */

int local_offer(struct local_socket *listener, struct flight *flight)
{
	const struct ucred client = local_owner();
	struct packet *packet = packet_append(listener, NULL, &client, 0);

	if (!packet)
		return -ENOMEM;
	packet->flights = flight;
	object_wake(&listener->socket.object, END_READ);
	flight_depart(flight, &listener->holder);
	return 0;
}
