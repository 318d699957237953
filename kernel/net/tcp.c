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
 *	the peer has ended	in_has_ended		wakes all readers
 *	reset, or no answer	error, pcb is gone	wakes all
 *
 * Bytes that were not read yet close the window of the peer, so a slow reader
 * slows the writer down. After close(2) lwIP goes on alone until the bytes have
 * arrived, unless the program left bytes unread: then the peer gets a reset, as
 * RFC 2525 section 2.17 asks. IEEE Std 1003.1-2017, 2.10; RFC 793.
 */
#include "kernel/net/tcp.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"

static struct pool tcp_pool = POOL("tcp", sizeof(struct tcp_socket));
static const struct object_ops tcp_object_ops;

/* The connection stands, with the socket at the far side. */
static void tell_connected(struct tcp_socket *socket)
{
	const struct object *object = &socket->socket.object;

	socket->stage = CONNECTED;
	socket->socket.segment_bytes = socket->pcb->mss;
	trace(TRACE_CONNECTED, object, tcp_peer(object), 0);
	socket_trace_name(&socket->socket);
}

/* ---- What lwIP tells ---------------------------------------------------- */

void tcp_let_go(struct tcp_socket *socket)
{
	struct tcp_pcb *pcb = socket->pcb;

	tcp_arg(pcb, NULL);
	tcp_recv(pcb, NULL);
	tcp_err(pcb, NULL);
	socket->pcb = NULL;
	socket->stage = ENDED;
}

static err_t is_connected(void *argument, struct tcp_pcb *pcb, err_t error)
{
	struct tcp_socket *socket = argument;

	(void)pcb;
	(void)error;
	tell_connected(socket);
	socket_wake_end(&socket->socket);
	return ERR_OK;
}

/* lwIP has freed the pcb. */
static void has_failed(void *argument, err_t error)
{
	struct tcp_socket *socket = argument;

	if (error == ERR_ABRT)
		socket_break(&socket->socket, ETIMEDOUT);
	else if (error != ERR_RST)
		socket->socket.error = 0;
	else if (socket->stage == CONNECTING)
		socket_break(&socket->socket, ECONNREFUSED);
	else
		socket_break(&socket->socket, ECONNRESET);
	socket->pcb = NULL;
	socket->stage = ENDED;
	socket->in_has_ended = socket->out_has_ended = true;
	socket_wake_end(&socket->socket);
}

static void attach(struct tcp_socket *socket, struct tcp_pcb *pcb)
{
	socket->pcb = pcb;
	socket->socket.segment_bytes = pcb->mss;
	tcp_arg(pcb, socket);
	tcp_err(pcb, has_failed);
	tcp_carry_bytes(pcb);
}

static struct tcp_socket *tcp_socket_create(struct account *payer)
{
	struct tcp_socket *socket = pool_alloc_for(&tcp_pool, payer);

	if (!socket)
		return NULL;
	memset(socket, 0, sizeof(*socket));
	socket_init(&socket->socket, &tcp_object_ops, SOCK_STREAM);
	socket->socket.protocol = IPPROTO_TCP;
	list_init(&socket->clients);
	return socket;
}

/* A client of a listener. The user who listens pays. */
static err_t client_came(void *argument, struct tcp_pcb *pcb, err_t error)
{
	struct tcp_socket *listener = argument, *client;

	if (error != ERR_OK || !pcb)
		return ERR_OK;
	client = tcp_socket_create(pool_payer(listener));
	if (!client) {
		tcp_abort(pcb);
		return ERR_ABRT;
	}
	attach(client, pcb);
	tell_connected(client);
	client->socket.keeps_alive = listener->socket.keeps_alive;
	client->socket.sends_at_once = listener->socket.sends_at_once;
	client->socket.reuses_address = listener->socket.reuses_address;
	tcp_options_changed(&client->socket);
	tcp_backlog_delayed(pcb);
	list_append(&listener->clients, &client->waiting);
	object_wake(&listener->socket.object, END_READ);
	return ERR_OK;
}

/* ---- Names and connections ---------------------------------------------- */

int tcp_create(struct socket **socket_out)
{
	struct tcp_socket *socket = tcp_socket_create(account_payer());
	struct tcp_pcb *pcb = socket ? tcp_new() : NULL;

	if (!socket)
		return -ENOMEM;
	if (!pcb) {
		object_put(&socket->socket.object);
		return -ENOMEM;
	}
	attach(socket, pcb);
	*socket_out = &socket->socket;
	return 0;
}

static int tcp_bind_name(struct socket *any, const struct socket_address *name)
{
	struct tcp_socket *socket = tcp_of(any);
	struct inet_place place;
	int error = inet_place_to_bind(name, &place);

	if (error)
		return error;
	if (socket->stage != NEW || socket->pcb->local_port)
		return -EINVAL;
	return inet_errno(tcp_bind(socket->pcb, &place.address, place.port));
}

static int tcp_listen_call(struct socket *any, int backlog)
{
	struct tcp_socket *socket = tcp_of(any);
	struct tcp_pcb *pcb = socket->pcb;
	err_t error = ERR_OK;

	backlog = MAX(1, MIN(backlog, SOMAXCONN));
	if (socket->stage == LISTENS) {
		tcp_backlog_set(pcb, backlog);
		return 0;
	}
	if (socket->stage != NEW)
		return -EINVAL;
	if (!pcb->local_port)
		error = tcp_bind(pcb, IP_ANY_TYPE, 0);
	if (!error)
		pcb = tcp_listen_with_backlog_and_err(pcb, backlog, &error);
	if (error)
		return inet_errno(error);
	socket->pcb = pcb;
	socket->stage = LISTENS;
	any->listens = true;
	tcp_arg(pcb, socket);
	tcp_accept(pcb, client_came);
	socket_trace_name(any);
	return 0;
}

static int connect_begin(struct socket_call *call, struct tcp_socket *socket)
{
	struct inet_place place;
	int error = inet_place_of(call->address, &place);

	if (!error)
		error = inet_errno(tcp_connect(socket->pcb, &place.address,
					       place.port, is_connected));
	if (error)
		return error;
	socket->stage = CONNECTING;
	socket_trace_name(call->socket);
	call->done = true;
	return call->flags & MSG_DONTWAIT ? -EINPROGRESS : -EAGAIN;
}

/* The attempt is repeated while the call waits: call->done then. */
static int tcp_connect_call(struct socket_call *call)
{
	struct tcp_socket *socket = tcp_of(call->socket);

	switch (socket->stage) {
	case NEW:
		return connect_begin(call, socket);
	case CONNECTING:
		return call->done ? -EAGAIN : -EALREADY;
	case CONNECTED:
		return call->done ? 0 : -EISCONN;
	case LISTENS:
		return -EOPNOTSUPP;
	default:
		return socket->socket.error ? socket_take_error(call->socket)
					    : -EINVAL;
	}
}

static struct tcp_socket *first_client(struct tcp_socket *listener)
{
	return LIST_ENTRY(listener->clients.head.next, struct tcp_socket,
			  waiting);
}

static int tcp_accept_call(struct socket_call *call)
{
	struct tcp_socket *listener = tcp_of(call->socket), *client;
	int error;

	if (listener->stage != LISTENS)
		return -EINVAL;
	if (list_is_empty(&listener->clients))
		return -EAGAIN;
	client = first_client(listener);
	error = file_open(&client->socket.object, O_RDWR, &call->accepted);
	if (!error && call->address && client->pcb)
		inet_put_place(&client->pcb->remote_ip,
			       client->pcb->remote_port, call->address);
	return error;
}

/* The client belongs to the file of accept() alone. */
static void take_client(struct tcp_socket *listener)
{
	struct tcp_socket *client = first_client(listener);

	list_remove(&client->waiting);
	if (client->pcb)
		tcp_backlog_accepted(client->pcb);
	object_put(&client->socket.object);
}

static int tcp_shut_down(struct socket *any, int how)
{
	struct tcp_socket *socket = tcp_of(any);

	if (socket->stage != CONNECTED)
		return -ENOTCONN;
	trace(TRACE_SHUT, &any->object, how, 0);
	if (how != SHUT_RD && !socket->out_has_ended)
		tcp_shutdown(socket->pcb, false, true);
	socket->in_has_ended |= how != SHUT_WR;
	socket->out_has_ended |= how != SHUT_RD;
	if (socket->peer_has_ended && socket->out_has_ended)
		tcp_let_go(socket);
	socket_wake_end(&socket->socket);
	return 0;
}

static int tcp_get_name(struct socket *any, bool of_peer,
			struct socket_address *name)
{
	const struct tcp_socket *socket = tcp_of(any);
	const struct tcp_pcb *pcb = socket->pcb;

	if (of_peer && socket->stage != CONNECTED)
		return -ENOTCONN;
	if (!pcb)
		inet_put_place(IP_ADDR_ANY, 0, name);
	else if (of_peer)
		inet_put_place(&pcb->remote_ip, pcb->remote_port, name);
	else
		inet_put_place(&pcb->local_ip, pcb->local_port, name);
	return 0;
}

/* accept() or a receive has given everything to the user. */
static void tcp_take(struct socket_call *call, long bytes)
{
	struct tcp_socket *socket = tcp_of(call->socket);

	if (socket->stage == LISTENS)
		take_client(socket);
	else if (bytes > 0)
		tcp_take_bytes(socket, bytes);
}

/* ---- The end ------------------------------------------------------------ */

/* The last descriptor has gone. lwIP finishes the connection. The peer gets a
 * reset if bytes were left unread: the window would stay closed for ever. */
static void leave(struct tcp_socket *socket)
{
	const struct linger *linger = &socket->socket.linger;
	struct tcp_pcb *pcb = socket->pcb;
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

static void tcp_destroy(struct object *object)
{
	struct tcp_socket *socket = CONTAINER_OF(object, struct tcp_socket,
						 socket.object);

	while (!list_is_empty(&socket->clients)) {
		first_client(socket)->socket.linger.l_onoff = true;
		take_client(socket);
	}
	if (socket->pcb)
		leave(socket);
	if (socket->received)
		pbuf_free(socket->received);
	pool_free(&tcp_pool, socket);
}

static const struct socket_ops tcp_socket_ops = {
	.family = AF_INET,
	.bind = tcp_bind_name,
	.listen = tcp_listen_call,
	.connect = tcp_connect_call,
	.accept = tcp_accept_call,
	.send = tcp_send,
	.receive = tcp_receive,
	.take = tcp_take,
	.shut_down = tcp_shut_down,
	.is_sent = tcp_is_sent,
	.get_name = tcp_get_name,
	.options_changed = tcp_options_changed,
};

static const struct object_ops tcp_object_ops = {
	.kind = "tcp socket",
	.has_trace = true,
	.socket = &tcp_socket_ops,
	.poll = tcp_poll_bits,
	.stat = socket_stat,
	.describe = tcp_describe,
	.report = tcp_report,
	.control = inet_control,
	.peer = tcp_peer,
	.destroy = tcp_destroy,
};
