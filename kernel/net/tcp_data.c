/*
 * tcp_data.c - the bytes of a stream socket, and the socket's options.
 *
 * A send hands lwIP as many bytes as fit into its queue; lwIP keeps each byte
 * until the peer has confirmed it. A receive copies out of the packets that
 * came, and only then tells lwIP that there is room again (tcp_take_bytes()).
 */
#include "kernel/net/tcp.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"

#define PIECE_BYTES	1024		/* copied at once, on the stack */
#define STEP_BYTES	16384u		/* moved before tasks may switch */
#define SEND_ROOM	8		/* pieces of lwIP's queue kept free */

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
	size_t left = MIN(call->bytes - call->done, STEP_BYTES), done = 0, part;
	char piece[PIECE_BYTES];
	int error = may_send(socket);

	if (error || left == 0)
		return error;
	while (done < left && !error && has_room(socket)) {
		part = MIN(MIN(left - done, PIECE_BYTES),
			   tcp_sndbuf(socket->pcb));
		error = socket_copy_in(call, call->done + done, piece, part);
		if (!error)
			error = inet_errno(tcp_write(socket->pcb, piece, part,
						     TCP_WRITE_FLAG_COPY));
		if (!error)
			done += part;
	}
	tcp_output(socket->pcb);
	if (done > 0)
		return done;
	return error ? error : -EAGAIN;
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
		if (socket_copy_out(call, call->done + done, packet->payload,
				    part) != 0)
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

/* ---- Options ------------------------------------------------------------ */

int tcp_get_option(struct socket *any, int level, int option, void *value,
		   uint32_t *bytes)
{
	const struct tcp_socket *socket = tcp_of(any);
	const struct linger linger = { .l_onoff = socket->must_reset };

	if (level == SOL_SOCKET && option == SO_LINGER) {
		memcpy(value, &linger, sizeof(linger));
		*bytes = sizeof(linger);
		return 0;
	}
	if (level == SOL_SOCKET && option == SO_ACCEPTCONN)
		return inet_put_number(socket->stage == LISTENS, value, bytes);
	if (level == IPPROTO_TCP && option == TCP_NODELAY)
		return inet_put_number(socket->pcb &&
				       socket->stage != LISTENS &&
				       tcp_nagle_disabled(socket->pcb), value,
				       bytes);
	return inet_get_option(any, (struct ip_pcb *)socket->pcb, level,
			       option, value, bytes);
}

static int set_linger(struct tcp_socket *socket, const void *value,
		      uint32_t bytes)
{
	struct linger linger;

	if (bytes < sizeof(linger))
		return -EINVAL;
	memcpy(&linger, value, sizeof(linger));
	socket->must_reset = linger.l_onoff && linger.l_linger == 0;
	return 0;
}

static int set_nodelay(struct tcp_socket *socket, const void *value,
		       uint32_t bytes)
{
	int on;

	if (bytes < sizeof(on))
		return -EINVAL;
	memcpy(&on, value, sizeof(on));
	if (!socket->pcb || socket->stage == LISTENS)
		return -EINVAL;
	if (on)
		tcp_nagle_disable(socket->pcb);
	else
		tcp_nagle_enable(socket->pcb);
	return 0;
}

int tcp_set_option(struct socket *any, int level, int option,
		   const void *value, uint32_t bytes)
{
	struct tcp_socket *socket = tcp_of(any);

	if (level == SOL_SOCKET && option == SO_LINGER)
		return set_linger(socket, value, bytes);
	if (level == IPPROTO_TCP && option == TCP_NODELAY)
		return set_nodelay(socket, value, bytes);
	return inet_set_option((struct ip_pcb *)socket->pcb, level, option,
			       value, bytes);
}
