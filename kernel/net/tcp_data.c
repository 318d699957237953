/*
 * tcp_data.c - the bytes of a stream socket, and the socket's options.
 *
 * The bytes to send lie in pages, which belong to the connection: lwIP refers
 * to them, and may send a byte again until the peer has confirmed the byte. So
 * the pages live on after close(2), until the last byte is confirmed or lwIP
 * frees the connection. Each byte is copied once on its way out.
 *
 * A receive copies out of the packets that came, and only then tells lwIP that
 * there is room again (tcp_take_bytes()).
 */
#include "kernel/net/tcp.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"

#define STEP_BYTES	16384u		/* moved before tasks may switch */
#define SEND_ROOM	16		/* parts of lwIP's queue kept free */
#define PAGES		0		/* lwIP's number of our pointer */

/* A page with bytes to send. */
struct out_page {
	struct out_page *next;		/* [P] */
	uint16_t start, end;		/* [P] of what is not confirmed */
	char bytes[PAGE_SIZE - 8];	/* [P] */
};

_Static_assert(sizeof(struct out_page) <= PAGE_SIZE, "a page");

/* ---- Pages to send ------------------------------------------------------- */

/* lwIP keeps the last page; the next page after the last is the first. */
static struct out_page *last_page(const struct tcp_pcb *pcb)
{
	return tcp_ext_arg_get(pcb, PAGES);
}

static void free_first(struct tcp_pcb *pcb)
{
	struct out_page *last = last_page(pcb), *first = last->next;

	last->next = first->next;
	if (first == last)
		tcp_ext_arg_set(pcb, PAGES, NULL);
	page_free(first);
}

/* The connection ends. */
static void free_pages(u8_t id, void *data)
{
	struct out_page *last = data, *page, *next;

	(void)id;
	for (page = last ? last->next : NULL; page; page = next) {
		next = page == last ? NULL : page->next;
		page_free(page);
	}
}

void tcp_own_pages(struct tcp_pcb *pcb)
{
	static const struct tcp_ext_arg_callbacks callbacks = {
		.destroy = free_pages,
	};

	tcp_ext_arg_set_callbacks(pcb, PAGES, &callbacks);
}

void tcp_confirm(struct tcp_pcb *pcb, uint32_t bytes)
{
	struct out_page *first;
	uint32_t part;

	while (bytes > 0 && last_page(pcb)) {
		first = last_page(pcb)->next;
		part = MIN(bytes, (uint32_t)first->end - first->start);
		first->start += part;
		bytes -= part;
		if (first->start == first->end)
			free_first(pcb);
	}
}

/* The last page, with room for a byte; NULL: no memory. */
static struct out_page *open_page(struct tcp_pcb *pcb)
{
	struct out_page *last = last_page(pcb), *page;

	if (last && last->end < sizeof(last->bytes))
		return last;
	page = page_alloc(FRAME_BUFFER);
	if (!page)
		return NULL;
	page->start = page->end = 0;
	page->next = last ? last->next : page;
	if (last)
		last->next = page;
	tcp_ext_arg_set(pcb, PAGES, page);
	return page;
}

/* Copy bytes of the call, and hand them to lwIP: bytes, or an errno. */
static long send_part(struct tcp_pcb *pcb, const struct socket_call *call,
		      size_t at, size_t bytes)
{
	struct out_page *page = open_page(pcb);
	size_t part = MIN(bytes, tcp_sndbuf(pcb));
	int error;

	if (!page)
		return -ENOBUFS;
	part = MIN(part, sizeof(page->bytes) - page->end);
	error = socket_copy_in(call->parts, at, page->bytes + page->end, part);
	if (!error)
		error = inet_errno(tcp_write(pcb, page->bytes + page->end, part,
				   part < bytes ? TCP_WRITE_FLAG_MORE : 0));
	if (error)
		return error;
	page->end += part;
	return part;
}

bool tcp_is_sent(const struct socket *any)
{
	const struct tcp_pcb *pcb = ((const struct tcp_socket *)any)->pcb;

	return !pcb || pcb->state == LISTEN || (!pcb->unsent && !pcb->unacked);
}

/* ---- Sending and receiving ----------------------------------------------- */

static bool has_room(const struct tcp_socket *socket)
{
	return tcp_sndbuf(socket->pcb) > 0 &&
	       tcp_sndqueuelen(socket->pcb) + SEND_ROOM < TCP_SND_QUEUELEN;
}

/* 0: bytes can be sent now or later. */
static int may_send(struct tcp_socket *socket)
{
	if (socket->socket.error && !socket->received)
		return socket_take_error(&socket->socket);
	if (socket->out_has_ended)
		return -EPIPE;
	if (socket->stage == CONNECTING)
		return -EAGAIN;
	return socket->stage == CONNECTED ? 0 : -ENOTCONN;
}

long tcp_send(struct socket_call *call)
{
	struct tcp_socket *socket = tcp_of(call->socket);
	size_t left = MIN(call->bytes - call->done, STEP_BYTES), done = 0;
	long part = may_send(socket);

	if (part || left == 0)
		return part;
	while (done < left && part >= 0 && has_room(socket)) {
		part = send_part(socket->pcb, call, call->done + done,
				 left - done);
		if (part > 0)
			done += part;
	}
	tcp_output(socket->pcb);
	if (done > 0)
		return done;
	return part < 0 ? part : -EAGAIN;
}

long tcp_receive(struct socket_call *call)
{
	struct tcp_socket *socket = tcp_of(call->socket);
	size_t left = MIN(call->bytes - call->done, STEP_BYTES), done = 0, part;
	struct pbuf *packet = socket->received;

	if (!packet && socket->socket.error)
		return socket_take_error(&socket->socket);
	if (!packet && !socket->in_has_ended)
		return socket->stage == CONNECTED ||
		       socket->stage == CONNECTING ? -EAGAIN : -ENOTCONN;
	for (; packet && done < left; packet = packet->next) {
		part = MIN(left - done, packet->len);
		if (socket_copy_out(call->parts, call->done + done,
				    packet->payload, part) != 0)
			return done > 0 ? (long)done : -EFAULT;
		done += part;
	}
	return done;
}

void tcp_take_bytes(struct tcp_socket *socket, long bytes)
{
	socket->received = pbuf_free_header(socket->received, bytes);
	if (socket->pcb)
		tcp_recved(socket->pcb, bytes);
}

unsigned tcp_poll_bits(const struct open_file *file)
{
	const struct tcp_socket *socket = tcp_of(socket_of(file));
	unsigned events = 0;

	if (socket->stage == LISTENS)
		return list_is_empty(&socket->clients) ? 0 : POLLIN;
	if (socket->stage == NEW)
		return POLLOUT | POLLHUP;
	if (socket->received || socket->in_has_ended || socket->socket.error)
		events |= POLLIN;
	if (socket->stage == ENDED || socket->out_has_ended ||
	    (socket->stage == CONNECTED && has_room(socket)))
		events |= POLLOUT;
	if (socket->socket.error)
		events |= POLLERR;
	if (socket->in_has_ended)
		events |= POLLRDHUP;
	if (socket->in_has_ended && socket->out_has_ended)
		events |= POLLHUP;
	return events;
}

void tcp_options_changed(struct socket *any)
{
	struct tcp_socket *socket = tcp_of(any);

	if (!socket->pcb)
		return;
	inet_tell_options(any, (struct ip_pcb *)socket->pcb);
	if (any->listens)
		return;
	if (any->sends_at_once)
		tcp_nagle_disable(socket->pcb);
	else
		tcp_nagle_enable(socket->pcb);
}
