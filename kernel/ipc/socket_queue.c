/*
 * socket_queue.c - the messages of local sockets, from sender to receiver.
 *
 * Each socket has a queue of packets, and a send puts packets into the queue of
 * the target. A message is one packet, or several if it is longer than a page;
 * `is_end` marks the last. With the first packet of a message travel the
 * descriptors, and with each packet the credentials and the name of the sender.
 *
 *			send				receive
 *	SOCK_STREAM	what fits			bytes of many packets
 *	SOCK_SEQPACKET,	the whole message, or waits	one message; the rest of
 *	SOCK_DGRAM					it is lost (MSG_TRUNC)
 *
 * A stream's receive stops after the packet that brought descriptors, and, with
 * SO_PASSCRED, before a packet of a different sender.
 *
 * The queue has room for SO_RCVBUF bytes of the receiver, and for a connected
 * socket not more than SO_SNDBUF of the sender. The memory of a packet counts
 * with its bytes, so small messages cannot take much memory. An empty queue has
 * room for any message that the sender may send. A sender waits in the target's
 * queue[END_WRITE], so there is one queue for the senders of all sockets.
 *
 * If a copy of user memory fails, the send removes its packets again; no task
 * runs in between. The sender's user pays for new packets. A connected socket
 * keeps the packet emptied last as a spare for the next send, so that a short
 * message costs no management of memory. Other sockets have many senders, and
 * none should use the packets that a different user pays for.
 */
#include "kernel/ipc/socket.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"

#define INSIDE_BYTES	76
#define PART_BYTES	16384u		/* of a stream in one step */

struct packet {
	struct list_node node;		/* [P] in socket->packets */
	uint32_t start;			/* [P] first byte not received yet */
	uint32_t end;			/* [const] behind the last byte */
	struct flight *flights;		/* [P] */
	struct ucred sender;		/* [const] */
	struct local_name *from;	/* [const] or NULL */
	uint8_t *bytes;			/* [const] a page, or `inside` */
	bool is_end;			/* [const] of a message */
	uint8_t inside[INSIDE_BYTES];	/* [const] */
};

static struct pool packet_pool = POOL("packet", sizeof(struct packet));

static struct packet *first_packet(const struct local_socket *socket)
{
	struct list_node *node = list_first(&socket->packets);

	return node ? LIST_ENTRY(node, struct packet, node) : NULL;
}

static struct packet *packet_after(const struct packet *packet)
{
	return LIST_ENTRY(packet->node.next, struct packet, node);
}

/* The memory of a packet, as the queue counts it. */
static uint32_t memory_of(const struct packet *packet)
{
	return sizeof(*packet) + packet->end;
}

/* ---- Packets ------------------------------------------------------------- */

static bool has_page(const struct packet *packet)
{
	return packet->bytes != packet->inside;
}

static void packet_free(struct packet *packet)
{
	if (has_page(packet))
		page_free(packet->bytes);
	pool_free(&packet_pool, packet);
}

/* A packet with room for so many bytes, at most a page; or NULL. */
static struct packet *packet_create(uint32_t bytes)
{
	struct packet *packet = pool_alloc_dirty(&packet_pool);

	if (!packet)
		return NULL;
	packet->flights = NULL;
	packet->from = NULL;
	packet->bytes = bytes > INSIDE_BYTES ? page_alloc(FRAME_BUFFER)
					     : packet->inside;
	list_node_init(&packet->node);
	if (packet->bytes)
		return packet;
	pool_free(&packet_pool, packet);
	return NULL;
}

/* The spare packet or a new one, with room for so many bytes, at the end of the
 * queue. NULL: no memory. */
static struct packet *packet_append(struct local_socket *to, uint32_t bytes)
{
	struct packet *packet = to->spare;

	if (packet && has_page(packet) == (bytes > INSIDE_BYTES))
		to->spare = NULL;
	else
		packet = packet_create(bytes);
	if (!packet)
		return NULL;
	packet->start = 0;
	packet->end = bytes;
	packet->is_end = true;
	list_append(&to->packets, &packet->node);
	to->fill += memory_of(packet);
	to->count++;
	return packet;
}

/* Copy the call's next bytes to the target. 0, -EFAULT, -ENOMEM. */
static int append_bytes(const struct socket_call *call, uint32_t bytes)
{
	const struct local_socket *self = local_of(&call->socket->object);
	struct packet *packet;
	uint32_t at = 0, piece;

	do {
		piece = MIN(bytes - at, PAGE_SIZE);
		packet = packet_append(local_target(call), piece);
		if (!packet)
			return -ENOMEM;
		packet->sender = call->sender;
		packet->from = local_name_get(self->name);
		packet->is_end = at + piece == bytes;
		if (socket_copy_in(call, call->done + at, packet->bytes,
				   piece) != 0)
			return -EFAULT;
		at += piece;
	} while (at < bytes);
	return 0;
}

/* Senders can proceed, and pollers of the connected sockets. */
static void tell_room(struct local_socket *socket, bool was_full)
{
	struct local_socket *sender;

	object_wake(&socket->socket.object, END_WRITE);
	if (local_is_datagram(socket) && !was_full)
		return;
	LIST_FOR_EACH(sender, &socket->senders, at_peer)
		if (wait_queue_is_used(&sender->writable))
			wait_wake(&sender->writable);
}

static void keep_spare(struct local_socket *socket, struct packet *packet)
{
	if (socket->spare)
		packet_free(socket->spare);
	socket->spare = packet;
}

static void dequeue(struct local_socket *socket, struct packet *packet)
{
	list_remove(&packet->node);
	socket->fill -= memory_of(packet);
	socket->count--;
	if (packet->flights)
		flight_end(packet->flights);
	if (packet->from)
		local_name_put(packet->from);
	packet->flights = NULL;
	packet->from = NULL;
	if (socket->was_connected)
		keep_spare(socket, packet);
	else
		packet_free(packet);
}

void local_drain(struct local_socket *socket)
{
	struct packet *packet;

	while ((packet = first_packet(socket)) != NULL)
		dequeue(socket, packet);
	keep_spare(socket, NULL);
}

/* ---- Sending ------------------------------------------------------------- */

uint32_t local_room(const struct local_socket *from,
		    const struct local_socket *to)
{
	uint32_t most = to->socket.room_bytes[END_READ];
	uint32_t used = to->fill + sizeof(struct packet);

	if (!local_is_datagram(to))
		most = MIN(most, from->socket.room_bytes[END_WRITE]);
	if (to->fill == 0)
		return most;
	return most > used ? most - used : 0;
}

/* How many bytes go now; -EAGAIN: the call waits. */
static long bytes_to_send(const struct socket_call *call)
{
	const struct local_socket *self = local_of(&call->socket->object);
	const struct local_socket *to = local_target(call);
	uint32_t left = call->bytes - call->done, room = local_room(self, to);

	if (to->is_closed || self->has_ended[END_WRITE])
		return local_is_datagram(self) && to->is_closed ? -ECONNREFUSED
								: -EPIPE;
	if (socket_is_stream(&self->socket)) {
		if (left > 0 && room == 0)
			return -EAGAIN;
		return MIN(MIN(left, room), PART_BYTES);
	}
	if (to->has_ended[END_READ])
		return -EPIPE;
	if (left > self->socket.room_bytes[END_WRITE])
		return -EMSGSIZE;
	return to->fill > 0 && left > room ? -EAGAIN : (long)left;
}

/* The descriptors depart last: if no process can receive at the target, it is
 * closed at once. */
long local_send(struct socket_call *call)
{
	struct local_socket *to = local_target(call);
	struct list_node *last = to->packets.head.prev;
	long bytes = bytes_to_send(call);
	struct flight *flights = call->flights;
	int error;

	if (bytes < 0 || (bytes == 0 && socket_is_stream(call->socket)))
		return bytes;
	error = append_bytes(call, bytes);
	if (error) {
		while (to->packets.head.prev != last)
			dequeue(to, LIST_ENTRY(to->packets.head.prev,
					       struct packet, node));
		return error;
	}
	LIST_ENTRY(last->next, struct packet, node)->flights = flights;
	call->flights = NULL;
	trace(TRACE_SEND, call->target, bytes, 0);
	object_wake(call->target, END_READ);
	if (wait_queue_is_used(call->target->queue + END_WRITE) &&
	    local_room(local_of(&call->socket->object), to) > 0)
		object_wake(call->target, END_WRITE);
	if (flights)
		flight_depart(flights, &to->holder);
	return bytes;
}

/* ---- Receiving ----------------------------------------------------------- */

/* Do the bytes of the next packet belong to the same receive? */
static bool goes_on(const struct local_socket *socket,
		    const struct packet *packet)
{
	if (packet->node.next == &socket->packets.head)
		return false;
	if (!socket_is_stream(&socket->socket))
		return !packet->is_end;
	if (packet->flights)
		return false;
	return !socket->socket.wants_credentials ||
	       !memcmp(&packet->sender, &packet_after(packet)->sender,
		       sizeof(packet->sender));
}

/* Copy bytes to the user, and leave the packets. The number of bytes that are
 * there, perhaps more than the call wants; or -EFAULT. */
static long copy_packets(struct socket_call *call, struct packet *packet,
			 uint32_t most)
{
	const struct local_socket *socket = local_of(&call->socket->object);
	uint32_t at = 0, piece;

	for (;; packet = packet_after(packet)) {
		piece = packet->end - packet->start;
		if (at < most &&
		    socket_copy_out(call, call->done + at,
				    packet->bytes + packet->start,
				    MIN(piece, most - at)) != 0)
			return -EFAULT;
		at += piece;
		if (packet->flights)
			call->flights = packet->flights;
		if (!goes_on(socket, packet) ||
		    (at >= most && socket_is_stream(&socket->socket)))
			return at;
	}
}

static void give_name(struct socket_call *call, const struct packet *packet)
{
	if (!call->address)
		return;
	call->address->bytes = packet->from ? packet->from->bytes : 0;
	if (packet->from)
		call->address->local = packet->from->address;
}

/* There is no packet with data. */
static long receive_nothing(struct local_socket *socket)
{
	if (!local_is_datagram(socket) && !socket->was_connected)
		return -ENOTCONN;
	if (socket->socket.error)
		return socket_take_error(&socket->socket);
	return socket->has_ended[END_READ] ? 0 : -EAGAIN;
}

long local_receive(struct socket_call *call)
{
	struct local_socket *socket = local_of(&call->socket->object);
	struct packet *packet = first_packet(socket);
	uint32_t most = call->bytes - call->done;
	bool is_stream = socket_is_stream(&socket->socket);
	long there;

	if (!packet || socket->backlog)
		return receive_nothing(socket);
	if (is_stream && call->bytes == 0)
		return 0;
	if (is_stream)
		most = MIN(most, PART_BYTES);
	call->sender = packet->sender;
	give_name(call, packet);
	there = copy_packets(call, packet, most);
	if (there < 0)
		return there;
	call->length = there;
	call->is_whole = call->flights || socket->socket.wants_credentials;
	if (there <= most || is_stream)
		return MIN(there, most);
	call->flags |= MSG_TRUNC;
	return most;
}

/* Take so many bytes of a stream. */
static void take_bytes(struct local_socket *socket, uint32_t bytes)
{
	struct packet *packet;
	uint32_t piece;

	while (bytes > 0) {
		packet = first_packet(socket);
		piece = MIN(bytes, packet->end - packet->start);
		packet->start += piece;
		bytes -= piece;
		if (packet->flights) {		/* received with the bytes */
			flight_end(packet->flights);
			packet->flights = NULL;
		}
		if (packet->start == packet->end)
			dequeue(socket, packet);
	}
}

static void take_message(struct local_socket *socket)
{
	struct packet *packet;
	bool is_end;

	do {
		packet = first_packet(socket);
		is_end = packet->is_end;
		dequeue(socket, packet);
	} while (!is_end);
}

void local_take(struct socket_call *call, long bytes)
{
	struct local_socket *socket = local_of(&call->socket->object);
	bool was_full = local_is_datagram(socket) &&
			local_room(socket, socket) < PIPE_BUF;

	if (list_is_empty(&socket->packets))
		return;			/* the end */
	if (socket->backlog)
		local_of(call->accepted->object)->is_accepted = true;
	trace(TRACE_RECEIVE, &socket->socket.object, bytes, 0);
	if (socket_is_stream(&socket->socket) && !socket->backlog)
		take_bytes(socket, bytes);
	else
		take_message(socket);
	tell_room(socket, was_full);
}

/* ---- Connections --------------------------------------------------------- */

int local_offer(struct local_socket *listener, struct flight *flight)
{
	struct packet *packet = packet_append(listener, 0);

	if (!packet)
		return -ENOMEM;
	packet->flights = flight;
	object_wake(&listener->socket.object, END_READ);
	flight_depart(flight, &listener->holder);
	return 0;
}

struct flight *local_first_offer(const struct local_socket *listener)
{
	const struct packet *packet = first_packet(listener);

	return packet ? packet->flights : NULL;
}
