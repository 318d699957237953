/*
 * datagram.c - datagram sockets of the network: UDP, and ICMP for ping(1).
 *
 * A datagram comes whole or not at all, once or twice, in any order: so says
 * UDP. The socket keeps the datagrams that came in a list, each with the place
 * of the sender, until a program reads; a datagram for which the list has no
 * room is lost, as on the wire. A datagram that is sent goes to lwIP at once,
 * so no sender ever waits. IEEE Std 1003.1-2017, 2.10; RFC 768.
 */
#include "kernel/net/datagram.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/net/memory.h"

#define DATAGRAM_MOST	65507		/* with its heads 65,535 bytes */
#define ENTRY_BYTES	128		/* that a datagram costs besides */

/* A datagram that came. */
struct datagram {
	struct list_node node;		/* [P] */
	struct pbuf *bytes;		/* [const] */
	ip_addr_t address;		/* [const] of the sender */
	uint16_t port;			/* [const] of the sender */
};

static struct pool socket_pool = POOL("udp", sizeof(struct datagram_socket));
static struct pool datagram_pool = POOL("datagram", sizeof(struct datagram));
static const struct object_ops datagram_object_ops;

static struct datagram_socket *datagram_of(struct socket *socket)
{
	return (struct datagram_socket *)socket;
}

static struct datagram *first_datagram(const struct datagram_socket *socket)
{
	return LIST_ENTRY(socket->datagrams.head.next, struct datagram, node);
}

/* The user of the socket pays for the datagram. An empty list takes any. */
static void queue_up(struct datagram_socket *socket, struct pbuf *bytes,
		     const ip_addr_t *from, uint16_t port)
{
	uint32_t cost = bytes->tot_len + ENTRY_BYTES;
	struct datagram *datagram = NULL;

	if ((socket->queued == 0 || socket->queued + cost <=
				    socket->socket.room_bytes[END_READ]) &&
	    !socket->in_has_ended && net_give(bytes, pool_payer(socket)))
		datagram = pool_alloc_for(&datagram_pool, pool_payer(socket));
	if (!datagram) {
		pbuf_free(bytes);
		return;
	}
	trace(TRACE_ARRIVE, &socket->socket.object, bytes->tot_len, 0);
	datagram->bytes = bytes;
	datagram->address = *from;
	datagram->port = port;
	socket->queued += cost;
	list_node_init(&datagram->node);
	list_append(&socket->datagrams, &datagram->node);
	object_wake(&socket->socket.object, END_READ);
}

static void udp_came(void *argument, struct udp_pcb *pcb, struct pbuf *bytes,
		     const ip_addr_t *from, u16_t port)
{
	(void)pcb;
	queue_up(argument, bytes, from, port);
}

/* A copy: lwIP answers pings itself, from its own. */
static u8_t icmp_came(void *argument, struct raw_pcb *pcb, struct pbuf *bytes,
		      const ip_addr_t *from)
{
	struct pbuf *copy = pbuf_clone(PBUF_RAW, PBUF_RAM, bytes);

	(void)pcb;
	if (copy)
		queue_up(argument, copy, from, 0);
	return 0;
}

int datagram_create(bool is_icmp, struct socket **socket_out)
{
	struct datagram_socket *socket = pool_alloc(&socket_pool);

	if (!socket)
		return -ENOMEM;
	socket_init(&socket->socket, &datagram_object_ops,
		    is_icmp ? SOCK_RAW : SOCK_DGRAM);
	socket->socket.protocol = is_icmp ? IPPROTO_ICMP : IPPROTO_UDP;
	list_init(&socket->datagrams);
	if (is_icmp)
		socket->icmp = raw_new(IP_PROTO_ICMP);
	else
		socket->udp = udp_new();
	if (!socket->udp && !socket->icmp) {
		object_put(&socket->socket.object);
		return -ENOMEM;
	}
	if (is_icmp)
		raw_recv(socket->icmp, icmp_came, socket);
	else
		udp_recv(socket->udp, udp_came, socket);
	*socket_out = &socket->socket;
	return 0;
}

static void drop_first(struct datagram_socket *socket)
{
	struct datagram *datagram = first_datagram(socket);

	socket->queued -= datagram->bytes->tot_len + ENTRY_BYTES;
	list_remove(&datagram->node);
	pbuf_free(datagram->bytes);
	pool_free(&datagram_pool, datagram);
}

static void datagram_destroy(struct object *object)
{
	struct datagram_socket *socket = CONTAINER_OF(object,
				struct datagram_socket, socket.object);

	if (socket->udp)
		udp_remove(socket->udp);
	if (socket->icmp)
		raw_remove(socket->icmp);
	while (!list_is_empty(&socket->datagrams))
		drop_first(socket);
	pool_free(&socket_pool, socket);
}

/* ---- Names -------------------------------------------------------------- */

static int datagram_bind(struct socket *any, const struct socket_address *name)
{
	struct datagram_socket *socket = datagram_of(any);
	struct inet_place place;
	int error = inet_place_to_bind(name, &place);

	if (error)
		return error;
	if (socket->icmp)
		return inet_errno(raw_bind(socket->icmp, &place.address));
	if (socket->udp->local_port)
		return -EINVAL;
	return inet_errno(udp_bind(socket->udp, &place.address, place.port));
}

static int datagram_connect(struct socket_call *call)
{
	struct datagram_socket *socket = datagram_of(call->socket);
	struct inet_place place;
	err_t result;
	int error = inet_place_of(call->address, &place);

	if (error)
		return error;
	result = socket->udp
		? udp_connect(socket->udp, &place.address, place.port)
		: raw_connect(socket->icmp, &place.address);
	socket->is_connected = result == ERR_OK;
	socket_trace_name(call->socket);
	return inet_errno(result);
}

static int datagram_disconnect(struct socket *any)
{
	struct datagram_socket *socket = datagram_of(any);

	if (socket->udp)
		udp_disconnect(socket->udp);
	else
		raw_disconnect(socket->icmp);
	socket->is_connected = false;
	return 0;
}

static int datagram_shut_down(struct socket *any, int how)
{
	struct datagram_socket *socket = datagram_of(any);

	if (!socket->is_connected)
		return -ENOTCONN;
	trace(TRACE_SHUT, &any->object, how, 0);
	socket->in_has_ended |= how != SHUT_WR;
	socket->out_has_ended |= how != SHUT_RD;
	wait_wake_end(&any->object.queue[END_READ]);
	return 0;
}

static struct ip_pcb *pcb_of(struct socket *any)
{
	struct datagram_socket *socket = datagram_of(any);

	return socket->udp ? (struct ip_pcb *)socket->udp
			   : (struct ip_pcb *)socket->icmp;
}

static int datagram_get_name(struct socket *any, bool of_peer,
			     struct socket_address *name)
{
	const struct datagram_socket *socket = datagram_of(any);
	const struct udp_pcb *udp = socket->udp;
	const struct ip_pcb *pcb = pcb_of(any);

	if (of_peer && !socket->is_connected)
		return -ENOTCONN;
	inet_put_place(of_peer ? &pcb->remote_ip : &pcb->local_ip,
		       !udp ? 0 : of_peer ? udp->remote_port : udp->local_port,
		       name);
	return 0;
}

/* ---- Datagrams ---------------------------------------------------------- */

/* The oldest datagram stays until datagram_take(). */
static long datagram_receive(struct socket_call *call)
{
	struct socket *any = call->socket;
	struct datagram_socket *socket = datagram_of(any);
	struct datagram *datagram = first_datagram(socket);
	struct pbuf *packet;
	size_t done = 0, part;

	if (list_is_empty(&socket->datagrams))
		return any->error ? socket_take_error(any)
				  : socket->in_has_ended ? 0 : -EAGAIN;
	for (packet = datagram->bytes; packet && done < call->bytes;
	     packet = packet->next) {
		part = MIN(packet->len, call->bytes - done);
		if (socket_copy_out(call->parts, done, packet->payload,
				    part) != 0)
			return -EFAULT;
		done += part;
	}
	if (call->address)
		inet_put_place(&datagram->address, datagram->port,
			       call->address);
	if (done == datagram->bytes->tot_len)
		return done;
	if (call->flags & MSG_TRUNC)
		done = datagram->bytes->tot_len;
	call->flags |= MSG_TRUNC;
	return done;
}

static void datagram_take(struct socket_call *call, long bytes)
{
	struct datagram_socket *socket = datagram_of(call->socket);

	if (list_is_empty(&socket->datagrams))
		return;
	trace(TRACE_RECEIVE, &socket->socket.object, bytes, 0);
	drop_first(socket);
}

/* Packets for the bytes of the call; NULL: *error tells. */
static struct pbuf *fetch(const struct socket_call *call, pbuf_layer layer,
			  int *error)
{
	struct pbuf *packet, *part;
	size_t done = 0;

	*error = call->bytes > DATAGRAM_MOST ? -EMSGSIZE : -ENOBUFS;
	packet = *error == -EMSGSIZE ? NULL :
		 pbuf_alloc(layer, call->bytes, PBUF_POOL);
	for (part = packet; part; part = part->next) {
		if (socket_copy_in(call->parts, done, part->payload,
				   part->len) != 0) {
			pbuf_free(packet);
			*error = -EFAULT;
			return NULL;
		}
		done += part->len;
	}
	return packet;
}

static err_t send_packet(struct datagram_socket *socket, struct pbuf *packet,
			 const struct inet_place *to)
{
	if (!to)
		return socket->udp ? udp_send(socket->udp, packet)
				   : raw_send(socket->icmp, packet);
	return socket->udp
		? udp_sendto(socket->udp, packet, &to->address, to->port)
		: raw_sendto(socket->icmp, packet, &to->address);
}

static long datagram_send(struct socket_call *call)
{
	struct datagram_socket *socket = datagram_of(call->socket);
	struct pbuf *packet;
	struct inet_place to;
	int error = call->address ? inet_place_of(call->address, &to) : 0;

	if (error)
		return error;
	if (call->socket->error)
		return socket_take_error(call->socket);
	if (socket->out_has_ended)
		return -EPIPE;
	if (!call->address && !socket->is_connected)
		return -EDESTADDRREQ;
	packet = fetch(call, socket->udp ? PBUF_TRANSPORT : PBUF_IP, &error);
	if (!packet)
		return error;
	trace(TRACE_SEND, &call->socket->object, call->bytes, 0);
	error = send_packet(socket, packet, call->address ? &to : NULL);
	pbuf_free(packet);
	return error ? inet_errno(error) : (long)call->bytes;
}

static unsigned datagram_poll(const struct open_file *file)
{
	const struct datagram_socket *socket = datagram_of(socket_of(file));

	return POLLOUT | (socket->socket.error ? POLLERR | POLLIN : 0) |
	       (!list_is_empty(&socket->datagrams) || socket->in_has_ended
		? POLLIN : 0);
}

static void datagram_options_changed(struct socket *any)
{
	inet_tell_options(any, pcb_of(any));
}

static const struct socket_ops datagram_socket_ops = {
	.family = AF_INET,
	.bind = datagram_bind,
	.connect = datagram_connect,
	.disconnect = datagram_disconnect,
	.send = datagram_send,
	.receive = datagram_receive,
	.take = datagram_take,
	.shut_down = datagram_shut_down,
	.get_name = datagram_get_name,
	.options_changed = datagram_options_changed,
};

static const struct object_ops datagram_object_ops = {
	.kind = "udp socket",
	.has_trace = true,
	.socket = &datagram_socket_ops,
	.poll = datagram_poll,
	.stat = socket_stat,
	.describe = datagram_describe,
	.report = datagram_report,
	.control = inet_control,
	.peer = datagram_peer,
	.destroy = datagram_destroy,
};
