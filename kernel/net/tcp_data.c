/*
 * tcp_data.c - the bytes of a stream socket.
 *
 * The bytes to send lie in pages, which belong to the connection: lwIP refers
 * to them, and may send a byte again until the peer has confirmed the byte. So
 * the pages live on after close(2), until the last byte is confirmed or lwIP
 * frees the connection. Each byte is copied once on its way out.
 *
 * A receive copies out of the packets that came, and only then tells lwIP that
 * there is room again (tcp_take_bytes()).
 */
#include "kernel/net/inet.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"

#define STEP_BYTES	16384u		/* moved before tasks may switch */
#define SEND_ROOM	16		/* parts of lwIP's queue kept free */
#define QUEUE		0		/* lwIP's number of our pointer */
#define OUT_PAGES	32u		/* a power of two */

/* The bytes to send: `fill` bytes in a ring of pages, from place `head` on. */
struct out_queue {
	uint8_t *pages[OUT_PAGES];	/* [P] NULL: no byte there */
	uint32_t head;			/* [P] the first not confirmed */
	uint32_t fill;			/* [P] bytes */
};

_Static_assert(TCP_SND_BUF <= (OUT_PAGES - 1) * PAGE_SIZE, "all find a page");

/* ---- Pages to send ------------------------------------------------------- */

static uint8_t **page_at(struct out_queue *out, uint32_t place)
{
	return &out->pages[place / PAGE_SIZE % OUT_PAGES];
}

/* The connection ends. */
static void free_queue(u8_t id, void *data)
{
	struct out_queue *out = data;

	(void)id;
	for (uint32_t i = 0; out && i < OUT_PAGES; i++)
		if (out->pages[i])
			page_free(out->pages[i]);
	heap_free(out);
}

/* So many bytes have arrived at the peer. The last page goes first, since the
 * next page_alloc() gives the page that came last: so pages that lie side by
 * side do so again, and lwIP needs one part of a packet for all of them. */
static void confirm(struct tcp_pcb *pcb, uint32_t bytes)
{
	struct out_queue *out = tcp_ext_arg_get(pcb, QUEUE);
	uint32_t first, place;

	if (!out)
		return;
	bytes = MIN(bytes, out->fill);		/* lwIP counts the end, too */
	first = ALIGN_DOWN(out->head, PAGE_SIZE);
	out->fill -= bytes;
	out->head += bytes;
	if (out->fill == 0)
		out->head = ALIGN_UP(out->head, PAGE_SIZE);
	place = ALIGN_DOWN(out->head, PAGE_SIZE);
	while (place != first) {
		place -= PAGE_SIZE;
		page_free(*page_at(out, place));
		*page_at(out, place) = NULL;
	}
}

static struct out_queue *queue_of(struct tcp_pcb *pcb)
{
	struct out_queue *out = tcp_ext_arg_get(pcb, QUEUE);

	if (out)
		return out;
	out = heap_alloc(sizeof(*out));
	tcp_ext_arg_set(pcb, QUEUE, out);
	return out;
}

/* Copy bytes of the call to pages behind the queue: bytes, or an errno. */
static long copy_in(struct out_queue *out, const struct socket_call *call,
		    size_t bytes)
{
	uint32_t place = out->head + out->fill, part;
	int error = 0;
	uint8_t **page;
	size_t done;

	for (done = 0; done < bytes; done += part, place += part) {
		page = page_at(out, place);
		if (!*page)
			*page = page_alloc(FRAME_BUFFER);
		part = MIN(bytes - done, PAGE_SIZE - place % PAGE_SIZE);
		error = *page ? vector_copy_in(call->parts, call->done + done,
					       *page + place % PAGE_SIZE, part)
			      : -ENOBUFS;
		if (error)
			break;
	}
	return done > 0 ? (long)done : error;
}

/* How many of the bytes behind the queue lie side by side in memory? */
static uint32_t piece_of(struct out_queue *out, uint32_t bytes)
{
	uint32_t place = out->head + out->fill;
	uint32_t end = ALIGN_DOWN(place, PAGE_SIZE) + PAGE_SIZE;

	while (end - place < bytes &&
	       *page_at(out, end) == *page_at(out, end - 1) + PAGE_SIZE)
		end += PAGE_SIZE;
	return MIN(bytes, end - place);
}

/* Copy bytes of the call, and hand them to lwIP: bytes, or an errno. */
static long send_bytes(struct inet_socket *socket,
		       const struct socket_call *call, size_t bytes)
{
	struct tcp_pcb *pcb = socket->tcp;
	struct out_queue *out = queue_of(pcb);
	size_t most = MIN(bytes, tcp_sndbuf(pcb)), done = 0;
	long copied = out ? copy_in(out, call, most) : -ENOBUFS, error = 0;
	uint32_t end, piece;

	while ((long)done < copied && !error && tcp_has_room(socket)) {
		end = out->head + out->fill;
		piece = piece_of(out, copied - done);
		error = inet_errno(tcp_write(pcb,
				*page_at(out, end) + end % PAGE_SIZE, piece,
				done + piece < bytes ? TCP_WRITE_FLAG_MORE
						     : 0));
		if (error)
			break;
		out->fill += piece;
		done += piece;
	}
	if (done > 0)
		return done;
	return copied < 0 ? copied : error ? error : -EAGAIN;
}

bool tcp_is_sent(const struct socket *any)
{
	const struct tcp_pcb *pcb = inet_of(any)->tcp;

	return !pcb || pcb->state == LISTEN || (!pcb->unsent && !pcb->unacked);
}

/* ---- What lwIP tells ----------------------------------------------------- */

static err_t bytes_came(void *argument, struct tcp_pcb *pcb,
			struct pbuf *bytes, err_t error)
{
	struct inet_socket *socket = argument;

	(void)error;
	if (!bytes) {
		trace(TRACE_ARRIVE, &socket->socket.object, 0, 0);
		socket->peer_has_ended = true;
		socket_end(&socket->socket, SHUT_RD);
		if (socket->socket.has_ended[END_WRITE])
			tcp_let_go(socket);
	} else if (socket->socket.has_ended[END_READ]) { /* shutdown(SHUT_RD) */
		tcp_recved(pcb, bytes->tot_len);
		pbuf_free(bytes);
	} else if (!net_give(bytes, pool_payer(socket))) {
		return ERR_MEM;			/* lwIP offers them again */
	} else {
		trace(TRACE_ARRIVE, &socket->socket.object, bytes->tot_len, 0);
		if (socket->received)
			pbuf_cat(socket->received, bytes);
		else
			socket->received = bytes;
		object_wake(&socket->socket.object, END_READ);
	}
	return ERR_OK;
}

static err_t bytes_arrived(void *argument, struct tcp_pcb *pcb, u16_t bytes)
{
	struct inet_socket *socket = argument;

	confirm(pcb, bytes);
	if (socket)
		object_wake(&socket->socket.object, END_WRITE);
	return ERR_OK;
}

void tcp_carry_bytes(struct tcp_pcb *pcb)
{
	static const struct tcp_ext_arg_callbacks callbacks = {
		.destroy = free_queue,
	};

	tcp_recv(pcb, bytes_came);
	tcp_sent(pcb, bytes_arrived);
	tcp_ext_arg_set_callbacks(pcb, QUEUE, &callbacks);
}

/* ---- Sending and receiving ----------------------------------------------- */

bool tcp_has_room(const struct inet_socket *socket)
{
	return tcp_sndbuf(socket->tcp) > 0 &&
	       tcp_sndqueuelen(socket->tcp) + SEND_ROOM < TCP_SND_QUEUELEN;
}

/* 0: bytes can be sent now or later. */
static int may_send(struct inet_socket *socket)
{
	if (socket->socket.error && !socket->received)
		return socket_take_error(&socket->socket);
	if (socket->socket.has_ended[END_WRITE])
		return -EPIPE;
	if (socket->stage == CONNECTING)
		return -EAGAIN;
	return socket->stage == CONNECTED ? 0 : -ENOTCONN;
}

/* lwIP holds few bytes back while others are on their way (Nagle). That is for
 * small writes, and never for the rest of a long one. */
static void send_out(struct inet_socket *socket, bool is_rest)
{
	if (is_rest)
		tcp_nagle_disable(socket->tcp);
	tcp_output(socket->tcp);
	if (!socket->socket.sends_at_once)
		tcp_nagle_enable(socket->tcp);
}

long tcp_send(struct socket_call *call)
{
	struct inet_socket *socket = inet_of(call->socket);
	size_t left = MIN(call->bytes - call->done, STEP_BYTES);
	long done = may_send(socket);

	if (done || left == 0)
		return done;
	done = send_bytes(socket, call, left);
	if (done > 0)
		trace(TRACE_SEND, &socket->socket.object, done, 0);
	send_out(socket, call->done > 0);
	return done;
}

long tcp_receive(struct socket_call *call)
{
	struct inet_socket *socket = inet_of(call->socket);

	if (socket->received)
		return inet_copy_out(call, socket->received,
				     MIN(call->bytes - call->done, STEP_BYTES));
	if (socket->stage == NEW || socket->stage == LISTENS)
		return -ENOTCONN;
	return socket_receive_nothing(call->socket);
}

void tcp_take_bytes(struct inet_socket *socket, long bytes)
{
	trace(TRACE_RECEIVE, &socket->socket.object, bytes, 0);
	socket->received = pbuf_free_header(socket->received, bytes);
	if (socket->tcp)
		tcp_recved(socket->tcp, bytes);
}
