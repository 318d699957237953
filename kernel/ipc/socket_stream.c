/*
 * socket_stream.c - the bytes of a local stream, from sender to receiver.
 *
 * The bytes lie in packets. A send fills the last packet, and then appends new
 * packets; a receive takes the first bytes. Descriptors and a different sender
 * begin a new packet: a recvmsg() never mixes two senders, and ends with the
 * bytes that brought descriptors. read(2) takes bytes alone.
 *
 * The last packet stays when it is empty, for the next bytes. So a short
 * message costs no management of memory. No other packet is ever empty.
 */
#include "kernel/ipc/socket.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/sched_point.h"
#include "kernel/lib/trace.h"

static bool is_same(const struct ucred *one, const struct ucred *other)
{
	return one->pid == other->pid && one->uid == other->uid &&
	       one->gid == other->gid;
}

/* ---- Sending ------------------------------------------------------------- */

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
		last = packet_append(to, self->name, cover, PACKET_BYTES);
	return last;
}

/* How many of `bytes` bytes go now. -EAGAIN: the call waits. */
static long room_for(const struct local_socket *self, size_t bytes)
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

/* Copy bytes into one packet. The number, or -ENOMEM or -EFAULT. */
static long put_piece(struct local_socket *self, uaddr_t from, uint32_t bytes,
		      struct cover *cover)
{
	struct local_socket *to = self->peer;
	struct packet *packet = packet_for(to, self, cover);

	if (!packet)
		return -ENOMEM;
	bytes = MIN(bytes, PACKET_BYTES - packet->end);
	if (copy_from_user(packet->bytes + packet->end, from, bytes) != 0)
		return -EFAULT;
	packet->end += bytes;
	to->fill += bytes;
	if (cover->flights)
		packet_take_flights(to, packet, cover);
	return bytes;
}

/* Send bytes of one piece of user memory. Bytes, -EAGAIN, or an errno. */
static long put_bytes(struct local_socket *self, uaddr_t from, size_t bytes,
		      struct cover *cover)
{
	long room = room_for(self, bytes), done = 0, result = 0;

	if (room <= 0)
		return room;
	do {
		result = put_piece(self, from + done, room - done, cover);
		done += MAX(result, 0);
	} while (result > 0 && done < room);
	if (done == 0)
		return result;
	local_delivered(self, self->peer, self, done);
	return done;
}

ssize_t local_write(struct open_file *file, uaddr_t from, size_t bytes)
{
	struct local_socket *self = local_of(file->object);
	struct cover cover = { { 0, 0, 0 }, NULL };

	if (self->peer && local_wants_sender(self->peer))
		cover.sender = local_owner();
	return put_bytes(self, from, bytes, &cover);
}

long local_send_bytes(struct socket_call *call)
{
	struct local_socket *self = local_of(&call->socket->object);
	struct cover *cover = &call->cover;
	size_t left = MIN(call->bytes - call->done, COPY_PART_BYTES), piece;
	long done = 0, result;
	uaddr_t from = 0;

	if (call->address)
		return self->was_connected ? -EISCONN : -EOPNOTSUPP;
	if (!cover->sender.pid && self->peer && local_wants_sender(self->peer))
		cover->sender = local_owner();
	do {
		piece = left - done;
		if (piece > 0)
			from = socket_piece(call->parts, call->done + done,
					    &piece);
		result = put_bytes(self, from, piece, cover);
		done += MAX(result, 0);
	} while (result > 0 && (size_t)done < left);
	return done > 0 ? done : result;
}

/* ---- Receiving ----------------------------------------------------------- */

/* The user has these bytes of the first packet, and its descriptors. */
static void take_bytes(struct local_socket *socket, uint32_t bytes)
{
	struct packet *packet = first_packet(socket);

	trace(TRACE_RECEIVE, &socket->socket.object, bytes, 0);
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
	if (socket->peer)
		object_wake(&socket->peer->socket.object, END_WRITE);
}

ssize_t local_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct local_socket *socket = local_of(file->object);
	const struct packet *packet;
	size_t done = 0, piece;

	if (socket->fill == 0)
		return local_receive_nothing(socket);
	bytes = MIN(bytes, COPY_PART_BYTES);
	while (done < bytes && socket->fill > 0) {
		packet = first_packet(socket);
		piece = MIN(bytes - done, packet->end - packet->start);
		if (copy_to_user(to + done, packet->bytes + packet->start,
				 piece) != 0)
			return done > 0 ? (ssize_t)done : -EFAULT;
		take_bytes(socket, piece);
		done += piece;
	}
	return done;
}

/* From the first packet; the call goes on with the next packet. */
long local_receive_bytes(struct socket_call *call)
{
	struct local_socket *socket = local_of(&call->socket->object);
	const struct packet *packet = first_packet(socket);
	size_t bytes;

	if (socket->fill == 0)
		return local_receive_nothing(socket);
	bytes = MIN(call->bytes - call->done, packet->end - packet->start);
	if (bytes > 0 &&
	    socket_copy_out(call->parts, call->done,
			    packet->bytes + packet->start, bytes) != 0)
		return -EFAULT;
	local_fill_in(call, packet);
	call->length = socket->fill;
	call->is_whole = call->cover.flights ||
			 socket->socket.wants_credentials;
	return bytes;
}

void local_take_bytes(struct socket_call *call, long bytes)
{
	struct local_socket *socket = local_of(&call->socket->object);

	if (socket->backlog)
		local_take_message(call, 0);
	else if (bytes > 0)
		take_bytes(socket, bytes);
}
