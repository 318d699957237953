/*
 * socket_queue.c - what a local socket has to receive: bytes, messages and
 * connections, in packets.
 *
 * Each socket has a queue of packets, the oldest first. With a packet travel
 * the descriptors, the credentials and the name of the sender.
 *
 *			send				receive
 *	SOCK_STREAM	fills the last packet, and	from the first packet on
 *			appends new ones
 *	SOCK_SEQPACKET,	one or several packets, if	one message; the rest of
 *	SOCK_DGRAM	there is room for the message	it is lost (MSG_TRUNC)
 *	connect()	a packet with a descriptor	accept()
 *
 * Descriptors and a different sender begin a new packet: a receive from a
 * stream never mixes two senders, and ends with the bytes that brought
 * descriptors. A stream's last packet stays when it is empty, for the next
 * bytes: a short message costs no management of memory. No other packet is ever
 * empty.
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
#include "kernel/lib/sched_point.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"

/* A packet of the cover's sender at the end of the queue, with room for so many
 * bytes. NULL: no memory. */
static struct packet *append(struct local_socket *to, struct local_name *from,
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

/* The packet's bytes are complete: the cover's descriptors go with them. */
static void take_flights(struct local_socket *to, struct packet *packet,
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

/* How many bytes of a stream go now. -EAGAIN: the call waits. */
static long room_for_bytes(const struct local_socket *self, size_t bytes)
{
	uint32_t room;

	if (!self->was_connected)
		return -ENOTCONN;
	if (self->socket.has_ended[END_WRITE])
		return -EPIPE;
	room = local_room(self, self->peer);
	if (room == 0 && bytes > 0)
		return -EAGAIN;
	return MIN(MIN(bytes, room), COPY_PART_BYTES);
}

/* 0, or why the message does not go. -EAGAIN: the call waits. */
static int room_for_message(const struct local_socket *self,
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

/* Senders can proceed, and each poll() for room here. */
static void tell_room(struct local_socket *socket, bool was_full)
{
	if (socket->was_connected && !local_is_datagram(socket)) {
		if (socket->peer)
			object_wake(&socket->peer->socket.object, END_WRITE);
		return;
	}
	object_wake(&socket->socket.object, END_WRITE);
	if (local_is_datagram(socket) && was_full)
		wait_wake(&socket->own->room);
}

/* ---- Sending ------------------------------------------------------------- */

static bool is_same(const struct ucred *one, const struct ucred *other)
{
	return one->pid == other->pid && one->uid == other->uid &&
	       one->gid == other->gid;
}

/* The packet for the next bytes: the last packet, or a new one. NULL: no
 * memory. */
static struct packet *packet_for(struct local_socket *to,
				 const struct local_socket *self,
				 const struct cover *cover)
{
	struct packet *last = last_packet(to);

	if (to->count > 0 && last->start == last->end)
		last->sender = cover->sender;
	else if (to->count == 0 || last->end == PACKET_BYTES ||
		 last->flights || cover->flights ||
		 !is_same(&last->sender, &cover->sender))
		last = append(to, self->name, cover, PACKET_BYTES);
	return last;
}

/* Copy bytes of the call, from byte `at` on, into one packet of the stream. The
 * number, or -ENOMEM or -EFAULT. */
static long put_bytes(struct socket_call *call, size_t at, uint32_t bytes)
{
	struct local_socket *self = local_of(&call->socket->object);
	struct local_socket *to = self->peer;
	struct packet *packet = packet_for(to, self, &call->cover);

	if (!packet)
		return -ENOMEM;
	bytes = MIN(bytes, PACKET_BYTES - packet->end);
	if (vector_copy_in(call->parts, at, packet->bytes + packet->end,
			   bytes) != 0)
		return -EFAULT;
	packet->end += bytes;
	to->fill += bytes;
	if (call->cover.flights)
		take_flights(to, packet, &call->cover);
	return bytes;
}

static long put_stream(struct socket_call *call, uint32_t bytes)
{
	long done = 0, result;

	do {
		result = put_bytes(call, call->done + done, bytes - done);
		done += MAX(result, 0);
	} while (result > 0 && done < (long)bytes);
	return done > 0 ? done : result;
}

/* Append the message, or nothing. Its length, -ENOMEM or -EFAULT. */
static long put_message(struct socket_call *call, struct local_socket *to)
{
	const struct local_socket *self = local_of(&call->socket->object);
	uint32_t count = to->count, at = 0, piece;
	struct packet *packet, *first = NULL;
	int error = 0;

	do {
		piece = MIN(call->bytes - at, PACKET_BYTES);
		packet = append(to, self->name, &call->cover, piece);
		if (!packet) {
			error = -ENOMEM;
			break;
		}
		first = first ? first : packet;
		packet->is_end = at + piece == call->bytes;
		error = vector_copy_in(call->parts, at, packet->bytes, piece);
		packet->end = piece;
		to->fill += piece;
		at += piece;
	} while (!error && at < call->bytes);
	if (!error && call->cover.flights)
		take_flights(to, first, &call->cover);
	while (error && to->count > count)
		packet_drop(to, last_packet(to));
	return error ? error : (long)at;
}

/* The bytes are complete. Wake a receiver, and, if there is still room, the
 * next sender that waits at the target. */
static void delivered(const struct local_socket *from, struct local_socket *to,
		      struct object *target, uint32_t bytes)
{
	trace(TRACE_SEND, &to->socket.object, bytes, 0);
	object_wake(&to->socket.object, END_READ);
	if (wait_queue_is_used(&target->queue[END_WRITE]) &&
	    local_room(from, to) > 0)
		object_wake(target, END_WRITE);
}

long local_send(struct socket_call *call)
{
	struct local_socket *self = local_of(&call->socket->object), *to;
	bool is_stream = socket_is_stream(call->socket);
	long result;

	if (call->address && !local_is_datagram(self))
		return self->was_connected ? -EISCONN : -EOPNOTSUPP;
	to = local_is_datagram(self) ? local_of(call->target) : self->peer;
	result = is_stream ? room_for_bytes(self, call->bytes - call->done)
			   : room_for_message(self, to, call->bytes);
	if (result < 0 || (is_stream && result == 0))
		return result;
	if (!call->cover.sender.pid && local_wants_sender(to))
		call->cover.sender = local_owner();
	result = is_stream ? put_stream(call, result) : put_message(call, to);
	if (result >= 0)
		delivered(self, to, call->target, result);
	return result;
}

/* ---- Receiving ----------------------------------------------------------- */

/* The result of a receive without a byte to receive. */
static long receive_nothing(struct local_socket *socket)
{
	if (!local_is_datagram(socket) && !socket->was_connected)
		return -ENOTCONN;
	return socket_receive_nothing(&socket->socket);
}

/* What the call's user gets beside the bytes. */
static void fill_in(struct socket_call *call, const struct packet *packet)
{
	call->cover = (struct cover){ packet->sender, packet->flights };
	if (!call->address)
		return;
	call->address->bytes = packet->from ? packet->from->bytes : 0;
	if (packet->from)
		call->address->local = packet->from->address;
}

/* Copy bytes of the stream's first packet to the user; the call goes on with
 * the next packet. Their number, or -EFAULT. */
static long copy_bytes(struct socket_call *call, struct local_socket *socket)
{
	const struct packet *packet = first_packet(socket);
	size_t bytes = MIN(call->bytes - call->done,
			   packet->end - packet->start);

	if (vector_copy_out(call->parts, call->done,
			    packet->bytes + packet->start, bytes) != 0)
		return -EFAULT;
	call->length = socket->fill;
	call->is_whole = packet->flights || socket->socket.wants_credentials;
	return bytes;
}

/* Copy the first message to the user, cut to the room there. The bytes, or
 * -EFAULT. */
static long copy_message(struct socket_call *call,
			 const struct local_socket *socket)
{
	const struct packet *packet, *next = first_packet(socket);
	size_t at = 0;

	do {
		packet = next;
		if (at < call->bytes &&
		    vector_copy_out(call->parts, at, packet->bytes,
				    MIN(packet->end, call->bytes - at)) != 0)
			return -EFAULT;
		at += packet->end;
		next = LIST_ENTRY(packet->node.next, struct packet, node);
	} while (!packet->is_end);
	call->length = at;
	if (at > call->bytes)
		call->flags |= MSG_TRUNC;
	return MIN(at, call->bytes);
}

long local_receive(struct socket_call *call)
{
	struct local_socket *socket = local_of(&call->socket->object);
	bool is_stream = socket_is_stream(call->socket);
	long bytes;

	if (socket->backlog || (is_stream ? socket->fill : socket->count) == 0)
		return receive_nothing(socket);
	bytes = is_stream ? copy_bytes(call, socket)
			  : copy_message(call, socket);
	if (bytes >= 0)
		fill_in(call, first_packet(socket));
	return bytes;
}

/* The user has these bytes of the first packet, and its descriptors. */
static void take_bytes(struct local_socket *socket, uint32_t bytes)
{
	struct packet *packet = first_packet(socket);

	packet->start += bytes;
	socket->fill -= bytes;
	if (packet->flights)
		flight_end(packet->flights);
	packet->flights = NULL;
	if (packet->start == packet->end) {
		if (socket->count > 1)
			packet_drop(socket, packet);
		else
			packet->start = packet->end = 0;
	}
	tell_room(socket, false);
}

/* The user has the first message or connection. */
static void take_message(struct local_socket *socket)
{
	bool is_end, was_full = local_is_datagram(socket) &&
				local_room(socket, socket) < PIPE_BUF;

	do {
		is_end = first_packet(socket)->is_end;
		packet_drop(socket, first_packet(socket));
	} while (!is_end);
	tell_room(socket, was_full);
}

void local_take(struct socket_call *call, long bytes)
{
	struct local_socket *socket = local_of(&call->socket->object);
	bool is_stream = socket_is_stream(call->socket);

	if (socket->backlog) {
		local_of(call->accepted->object)->is_accepted = true;
		take_message(socket);
	} else if (is_stream ? bytes > 0 : socket->count > 0) {
		trace(TRACE_RECEIVE, &socket->socket.object, bytes, 0);
		if (is_stream)
			take_bytes(socket, bytes);
		else
			take_message(socket);
	}
}

/* ---- Connections --------------------------------------------------------- */

int local_offer(struct local_socket *listener, struct flight *flight)
{
	struct cover cover = { local_owner(), flight };
	struct packet *packet = append(listener, NULL, &cover, 0);

	if (!packet)
		return -ENOMEM;
	take_flights(listener, packet, &cover);
	object_wake(&listener->socket.object, END_READ);
	return 0;
}
