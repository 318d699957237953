/*
 * tcp.c - stream sockets of the network: lwIP's connections as objects.
 *
 * lwIP has a control block (`pcb`) for each connection and each listener, and
 * calls back when a packet has changed something. Each callback below changes
 * the socket and wakes the tasks that wait for this:
 *
 *	bytes came		into `received`		wakes a reader
 *	bytes were confirmed	room to send		wakes a writer
 *	the connection stands	CONNECTED		wakes connect(2)
 *	a client has come	into `clients`		wakes accept(2)
 *	the peer has ended	no more comes		wakes all
 *	reset, or no answer	error, pcb is gone	wakes all
 *
 * Bytes that were not read yet close the window of the peer, so a slow reader
 * slows the writer down. After close(2) lwIP goes on alone until the bytes have
 * arrived, unless the program left bytes unread: then the peer gets a reset, as
 * RFC 2525 section 2.17 asks. IEEE Std 1003.1-2017, 2.10; RFC 793.
 */
#include "kernel/net/inet.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"

/* The connection stands, with the socket at the far side. */
static void tell_connected(struct inet_socket *socket)
{
	const struct object *object = &socket->socket.object;

	socket->stage = CONNECTED;
	socket->socket.segment_bytes = socket->tcp->mss;
	trace(TRACE_CONNECTED, object, inet_peer(object), 0);
	socket_trace_name(&socket->socket);
}

/* ---- What lwIP tells ---------------------------------------------------- */

void tcp_let_go(struct inet_socket *socket)
{
	struct tcp_pcb *pcb = socket->tcp;

	tcp_arg(pcb, NULL);
	tcp_recv(pcb, NULL);
	tcp_err(pcb, NULL);
	socket->tcp = NULL;
	socket->stage = ENDED;
}

static err_t is_connected(void *argument, struct tcp_pcb *pcb, err_t error)
{
	struct inet_socket *socket = argument;

	(void)pcb;
	(void)error;
	tell_connected(socket);
	socket_wake_end(&socket->socket);
	return ERR_OK;
}

/* lwIP has freed the pcb. */
static void has_failed(void *argument, err_t error)
{
	struct inet_socket *socket = argument;

	if (error == ERR_ABRT)
		socket_break(&socket->socket, ETIMEDOUT);
	else if (error != ERR_RST)
		socket->socket.error = 0;
	else if (socket->stage == CONNECTING)
		socket_break(&socket->socket, ECONNREFUSED);
	else
		socket_break(&socket->socket, ECONNRESET);
	socket->tcp = NULL;
	socket->stage = ENDED;
	socket_end(&socket->socket, SHUT_RDWR);
}

static void attach(struct inet_socket *socket, struct tcp_pcb *pcb)
{
	socket->tcp = pcb;
	socket->socket.segment_bytes = pcb->mss;
	tcp_arg(pcb, socket);
	tcp_err(pcb, has_failed);
	tcp_carry_bytes(pcb);
}

/* A client of a listener. The user who listens pays. */
static err_t client_came(void *argument, struct tcp_pcb *pcb, err_t error)
{
	struct inet_socket *listener = argument, *client;

	if (error != ERR_OK || !pcb)
		return ERR_OK;
	client = inet_socket_create(SOCK_STREAM, pool_payer(listener));
	if (!client) {
		tcp_abort(pcb);
		return ERR_ABRT;
	}
	attach(client, pcb);
	tell_connected(client);
	client->is_told = true;
	client->socket.keeps_alive = listener->socket.keeps_alive;
	client->socket.sends_at_once = listener->socket.sends_at_once;
	client->socket.reuses_address = listener->socket.reuses_address;
	inet_options_changed(&client->socket);
	tcp_backlog_delayed(pcb);
	list_append(&listener->waiting, &client->in_waiting);
	object_wake(&listener->socket.object, END_READ);
	return ERR_OK;
}

/* ---- Names and connections ---------------------------------------------- */

void tcp_begin(struct inet_socket *socket)
{
	struct tcp_pcb *pcb = tcp_new();

	if (pcb)
		attach(socket, pcb);
}

static int tcp_listen_call(struct socket *any, int backlog)
{
	struct inet_socket *socket = inet_of(any);
	struct tcp_pcb *pcb = socket->tcp;
	err_t error;

	backlog = MAX(1, MIN(backlog, SOMAXCONN));
	if (socket->stage == LISTENS) {
		tcp_backlog_set(pcb, backlog);
		return 0;
	}
	if (socket->stage != NEW)
		return -EINVAL;
	if (inet_need_port(socket) != 0)
		return -EADDRINUSE;
	pcb = tcp_listen_with_backlog_and_err(pcb, backlog, &error);
	if (!pcb)
		return inet_errno(error);
	socket->tcp = pcb;
	socket->stage = LISTENS;
	any->listens = true;
	tcp_arg(pcb, socket);
	tcp_accept(pcb, client_came);
	socket_trace_name(any);
	return 0;
}

static int connect_begin(struct socket_call *call, struct inet_socket *socket)
{
	struct inet_place place;
	int error = inet_place_of(call->address, &place);

	if (!error)
		error = inet_need_port(socket);
	if (!error)
		error = inet_errno(tcp_connect(socket->tcp, &place.address,
					       place.port, is_connected));
	if (error)
		return error;
	socket->stage = CONNECTING;
	socket_trace_name(call->socket);
	return call->flags & MSG_DONTWAIT ? -EINPROGRESS : -EAGAIN;
}

/* A call that waits repeats the attempt, and so does a call that goes on after
 * a signal (SA_RESTART). The first attempt after the connection stands is told
 * so; any later is one too many. */
static int tcp_connect_call(struct socket_call *call)
{
	struct inet_socket *socket = inet_of(call->socket);
	int error;

	switch (socket->stage) {
	case NEW:
		return connect_begin(call, socket);
	case CONNECTING:
		return call->flags & MSG_DONTWAIT ? -EALREADY : -EAGAIN;
	case CONNECTED:
		error = socket->is_told ? -EISCONN : 0;
		socket->is_told = true;
		return error;
	case LISTENS:
		return -EOPNOTSUPP;
	default:
		return socket->socket.error ? socket_take_error(call->socket)
					    : -EINVAL;
	}
}

static struct inet_socket *first_client(struct inet_socket *listener)
{
	return LIST_ENTRY(listener->waiting.head.next, struct inet_socket,
			  in_waiting);
}

static int tcp_accept_call(struct socket_call *call)
{
	struct inet_socket *listener = inet_of(call->socket), *client;
	struct inet_place there;
	int error;

	if (listener->stage != LISTENS)
		return -EINVAL;
	if (list_is_empty(&listener->waiting))
		return -EAGAIN;
	client = first_client(listener);
	error = file_open(&client->socket.object, O_RDWR, &call->accepted);
	there = inet_there(client);
	if (!error && call->address && there.port)
		inet_put_place(&there, call->address);
	return error;
}

/* The client belongs to the file of accept() alone. */
static void take_client(struct inet_socket *listener)
{
	struct inet_socket *client = first_client(listener);

	list_remove(&client->in_waiting);
	if (client->tcp)
		tcp_backlog_accepted(client->tcp);
	object_put(&client->socket.object);
}

/* accept() or a receive has given everything to the user. */
static void tcp_take(struct socket_call *call, long bytes)
{
	struct inet_socket *socket = inet_of(call->socket);

	if (socket->stage == LISTENS)
		take_client(socket);
	else if (bytes > 0)
		tcp_take_bytes(socket, bytes);
}

/* ---- The end ------------------------------------------------------------ */

/* The last descriptor has gone. lwIP finishes the connection. The peer gets a
 * reset if bytes were left unread: the window would stay closed for ever. */
static void leave(struct inet_socket *socket)
{
	const struct linger *linger = &socket->socket.linger;
	struct tcp_pcb *pcb = socket->tcp;
	bool resets;

	if (socket->stage == LISTENS) {
		tcp_arg(pcb, NULL);
		tcp_accept(pcb, NULL);
		tcp_close(pcb);
		return;
	}
	resets = (linger->l_onoff && linger->l_linger == 0) ||
		 socket->received || pcb->refused_data;
	tcp_let_go(socket);
	if (resets || tcp_close(pcb) != ERR_OK)
		tcp_abort(pcb);
}

void tcp_end(struct inet_socket *socket)
{
	while (!list_is_empty(&socket->waiting)) {
		first_client(socket)->socket.linger.l_onoff = true;
		take_client(socket);
	}
	if (socket->tcp)
		leave(socket);
	if (socket->received)
		pbuf_free(socket->received);
}

static const struct socket_ops tcp_socket_ops = {
	INET_SOCKET_OPS,
	.listen = tcp_listen_call,
	.connect = tcp_connect_call,
	.accept = tcp_accept_call,
	.send = tcp_send,
	.receive = tcp_receive,
	.take = tcp_take,
	.is_sent = tcp_is_sent,
};

const struct object_ops tcp_ops = {
	INET_OBJECT_OPS,
	.kind = "tcp socket",
	.socket = &tcp_socket_ops,
};
