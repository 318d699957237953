/*
 * datagram.c - datagram sockets of the network: UDP, and ICMP for ping(1).
 *
 * A datagram comes whole or not at all, once or twice, in any order: so says
 * UDP. The socket keeps the datagrams that came in a list, each with the place
 * of the sender, until a program reads; a datagram for which the list has no
 * room is lost, as on the wire. A datagram that is sent goes to lwIP at once,
 * so no sender ever waits.
 *
 * A port without a socket answers with ICMP: the first bytes of the datagram.
 * Only a connected socket can tell which of its datagrams was refused: its next
 * call ends with ECONNREFUSED.
 * IEEE Std 1003.1-2017, 2.10; RFC 768, RFC 792, RFC 1122 4.1.3.3.
 */
#include "kernel/net/inet.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"

#define DATAGRAM_MOST	65507		/* with its heads 65,535 bytes */
#define ENTRY_BYTES	128		/* that a datagram costs besides */

/* A datagram that came. */
struct datagram {
	struct list_node node;		/* [P] */
	struct pbuf *bytes;		/* [const] */
	struct inet_place from;		/* [const] the sender */
};

static struct pool datagram_pool = POOL("datagram", sizeof(struct datagram));

static struct datagram *first_datagram(const struct inet_socket *socket)
{
	return LIST_ENTRY(socket->waiting.head.next, struct datagram, node);
}

/* The user of the socket pays for the datagram. An empty list takes any. */
static void queue_up(struct inet_socket *socket, struct pbuf *bytes,
		     const ip_addr_t *from, uint16_t port)
{
	uint32_t cost = bytes->tot_len + ENTRY_BYTES;
	struct datagram *datagram = NULL;

	if ((socket->queued == 0 || socket->queued + cost <=
				    socket->socket.room_bytes[END_READ]) &&
	    !socket->socket.has_ended[END_READ] &&
	    net_give(bytes, pool_payer(socket)))
		datagram = pool_alloc_for(&datagram_pool, pool_payer(socket));
	if (!datagram) {
		pbuf_free(bytes);
		return;
	}
	trace(TRACE_ARRIVE, &socket->socket.object, bytes->tot_len, 0);
	datagram->bytes = bytes;
	datagram->from = (struct inet_place){ *from, port };
	socket->queued += cost;
	list_node_init(&datagram->node);
	list_append(&socket->waiting, &datagram->node);
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

static bool is_udp(const struct inet_socket *socket)
{
	return socket->socket.type == SOCK_DGRAM;
}

void datagram_begin(struct inet_socket *socket)
{
	if (is_udp(socket) && (socket->udp = udp_new()))
		udp_recv(socket->udp, udp_came, socket);
	else if (!is_udp(socket) && (socket->icmp = raw_new(IP_PROTO_ICMP)))
		raw_recv(socket->icmp, icmp_came, socket);
}

static void drop_first(struct inet_socket *socket)
{
	struct datagram *datagram = first_datagram(socket);

	socket->queued -= datagram->bytes->tot_len + ENTRY_BYTES;
	list_remove(&datagram->node);
	pbuf_free(datagram->bytes);
	pool_free(&datagram_pool, datagram);
}

void datagram_end(struct inet_socket *socket)
{
	if (socket->pcb && is_udp(socket))
		udp_remove(socket->udp);
	else if (socket->pcb)
		raw_remove(socket->icmp);
	while (!list_is_empty(&socket->waiting))
		drop_first(socket);
}

/* ---- Connections -------------------------------------------------------- */

static int datagram_connect(struct socket_call *call)
{
	struct inet_socket *socket = inet_of(call->socket);
	struct inet_place place;
	err_t result;
	int error = inet_place_of(call->address, &place);

	if (!error)
		error = inet_need_port(socket);
	if (error)
		return error;
	result = is_udp(socket)
		? udp_connect(socket->udp, &place.address, place.port)
		: raw_connect(socket->icmp, &place.address);
	socket->stage = result == ERR_OK ? CONNECTED : NEW;
	socket_trace_name(call->socket);
	return inet_errno(result);
}

static int datagram_disconnect(struct socket *any)
{
	struct inet_socket *socket = inet_of(any);

	if (is_udp(socket))
		udp_disconnect(socket->udp);
	else
		raw_disconnect(socket->icmp);
	socket->stage = NEW;
	return 0;
}

/* ---- Datagrams ---------------------------------------------------------- */

/* The oldest datagram stays until datagram_take(). */
static long datagram_receive(struct socket_call *call)
{
	struct inet_socket *socket = inet_of(call->socket);
	const struct datagram *datagram = first_datagram(socket);
	long done;

	if (list_is_empty(&socket->waiting))
		return socket_receive_nothing(call->socket);
	done = inet_copy_out(call, datagram->bytes, call->bytes);
	if (done < 0)
		return done;
	if (call->address)
		inet_put_place(&datagram->from, call->address);
	call->length = datagram->bytes->tot_len;
	if (call->length > call->bytes)
		call->flags |= MSG_TRUNC;
	return done;
}

static void datagram_take(struct socket_call *call, long bytes)
{
	struct inet_socket *socket = inet_of(call->socket);

	if (list_is_empty(&socket->waiting))
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
		if (vector_copy_in(call->parts, done, part->payload,
				   part->len) != 0) {
			pbuf_free(packet);
			*error = -EFAULT;
			return NULL;
		}
		done += part->len;
	}
	return packet;
}

static err_t send_packet(struct inet_socket *socket, struct pbuf *packet,
			 const struct inet_place *to)
{
	if (!to)
		return is_udp(socket) ? udp_send(socket->udp, packet)
				      : raw_send(socket->icmp, packet);
	return is_udp(socket)
		? udp_sendto(socket->udp, packet, &to->address, to->port)
		: raw_sendto(socket->icmp, packet, &to->address);
}

static long datagram_send(struct socket_call *call)
{
	struct inet_socket *socket = inet_of(call->socket);
	struct pbuf *packet;
	struct inet_place to;
	int error = call->address ? inet_place_of(call->address, &to) : 0;

	if (error)
		return error;
	if (call->socket->error)
		return socket_take_error(call->socket);
	if (call->socket->has_ended[END_WRITE])
		return -EPIPE;
	if (!call->address && socket->stage != CONNECTED)
		return -EDESTADDRREQ;
	error = inet_need_port(socket);
	if (error)
		return error;
	packet = fetch(call, is_udp(socket) ? PBUF_TRANSPORT : PBUF_IP, &error);
	if (!packet)
		return error;
	trace(TRACE_SEND, &call->socket->object, call->bytes, 0);
	error = send_packet(socket, packet, call->address ? &to : NULL);
	pbuf_free(packet);
	return error ? inet_errno(error) : (long)call->bytes;
}

/* ---- Ports without a socket --------------------------------------------- */

/* [own] */
struct refusal {
	struct icmp_echo_hdr icmp;
	struct ip_hdr ip;
	struct udp_hdr udp;
};

static void refuse(const ip_addr_t *to, uint16_t port, uint16_t own_port)
{
	const struct udp_pcb *pcb;
	struct socket *socket;

	for (pcb = udp_pcbs; pcb; pcb = pcb->next) {
		socket = pcb->recv_arg;
		if (!socket || !(pcb->flags & UDP_FLAGS_CONNECTED) ||
		    pcb->local_port != own_port || pcb->remote_port != port ||
		    !ip_addr_cmp(&pcb->remote_ip, to))
			continue;
		socket_break(socket, ECONNREFUSED);
		wait_wake_end(&socket->object.queue[END_READ]);
	}
}

/* Leaves the packet to lwIP. */
static u8_t answer_came(void *unused, struct raw_pcb *pcb, struct pbuf *packet,
			const ip_addr_t *from)
{
	const struct ip_hdr *head = packet->payload;
	struct refusal told;
	ip_addr_t to;

	(void)unused;
	(void)pcb;
	(void)from;
	if (pbuf_copy_partial(packet, &told, sizeof(told),
			      IPH_HL_BYTES(head)) != sizeof(told) ||
	    told.icmp.type != ICMP_DUR || told.icmp.code != ICMP_DUR_PORT ||
	    IPH_PROTO(&told.ip) != IP_PROTO_UDP ||
	    IPH_HL_BYTES(&told.ip) != IP_HLEN)
		return 0;
	ip_addr_copy_from_ip4(to, told.ip.dest);
	refuse(&to, lwip_ntohs(told.udp.dest), lwip_ntohs(told.udp.src));
	return 0;
}

int datagrams_begin(void)
{
	struct raw_pcb *pcb = raw_new(IP_PROTO_ICMP);

	if (!pcb)
		return -ENOMEM;
	raw_recv(pcb, answer_came, NULL);
	return 0;
}

static const struct socket_ops datagram_socket_ops = {
	INET_SOCKET_OPS,
	.connect = datagram_connect,
	.disconnect = datagram_disconnect,
	.send = datagram_send,
	.receive = datagram_receive,
	.take = datagram_take,
};

const struct object_ops datagram_ops = {
	INET_OBJECT_OPS,
	.kind = "udp socket",
	.socket = &datagram_socket_ops,
};
