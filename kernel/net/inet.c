/*
 * inet.c - what all sockets of the network share: life, addresses, options.
 *
 * A socket has a control block of lwIP, of TCP, UDP or ICMP; lwIP calls back
 * when a packet has changed something. tcp.c and datagram.c have the callbacks
 * and the operations that differ.
 */
#include "kernel/net/inet.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

#include <lwip/priv/tcp_priv.h>

#define PORTS_OF_ROOT	1024
#define PORTS_FIRST	49152		/* of those that the kernel gives */
#define PORTS_GIVEN	16384
#define PORT_TRIES	16
/* Beside lwIP's memory. lwIP looks at all sockets for each packet: so a user
 * has some 500 at most. */
#define SOCKET_CHARGE	4096		/* bytes */

static struct pool inet_pool = POOL("inet", sizeof(struct inet_socket));

int inet_errno(int error)
{
	static const uint8_t errno_of[] = {
		[-ERR_MEM] = ENOBUFS, [-ERR_BUF] = ENOBUFS,
		[-ERR_TIMEOUT] = ETIMEDOUT, [-ERR_RTE] = ENETUNREACH,
		[-ERR_INPROGRESS] = EINPROGRESS, [-ERR_VAL] = EINVAL,
		[-ERR_WOULDBLOCK] = EAGAIN, [-ERR_USE] = EADDRINUSE,
		[-ERR_ALREADY] = EALREADY, [-ERR_ISCONN] = EISCONN,
		[-ERR_CONN] = ENOTCONN, [-ERR_IF] = ENETUNREACH,
		[-ERR_ABRT] = ECONNABORTED, [-ERR_RST] = ECONNRESET,
		[-ERR_CLSD] = ENOTCONN, [-ERR_ARG] = EINVAL,
	};

	ASSERT(error <= 0 && -error < ARRAY_LENGTH(errno_of));
	return -errno_of[-error];
}

/* ---- Addresses ---------------------------------------------------------- */

static int fetch_place(const struct socket_address *name,
		       struct inet_place *place)
{
	struct sockaddr_in in;

	if (name->bytes < sizeof(in))
		return -EINVAL;
	memcpy(&in, &name->room, sizeof(in));
	if (in.sin_family != AF_INET)
		return -EAFNOSUPPORT;
	ip_addr_set_ip4_u32(&place->address, in.sin_addr.s_addr);
	place->port = lwip_ntohs(in.sin_port);
	return 0;
}

int inet_place_of(const struct socket_address *name, struct inet_place *place)
{
	int error = fetch_place(name, place);

	if (!error && ip_addr_isany_val(place->address))
		ip_addr_set_loopback_val(false, place->address);
	return error;
}

void inet_put_place(const struct inet_place *place, struct socket_address *name)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_port = lwip_htons(place->port),
		.sin_addr.s_addr = ip4_addr_get_u32(&place->address),
	};

	memcpy(&name->room, &in, sizeof(in));
	name->bytes = sizeof(in);
}

bool inet_is_mine(const ip_addr_t *address)
{
	const struct netif *netif;

	NETIF_FOREACH(netif)
		if (ip_addr_cmp(address, netif_ip4_addr(netif)))
			return true;
	return ip_addr_isany(address);
}

struct inet_place inet_here(const struct inet_socket *socket)
{
	struct inet_place place = { .port = 0 };

	if (!socket->pcb)
		return place;
	place.address = socket->pcb->local_ip;
	if (socket->socket.type == SOCK_STREAM)
		place.port = socket->tcp->local_port;
	else if (socket->socket.type == SOCK_DGRAM)
		place.port = socket->udp->local_port;
	return place;
}

struct inet_place inet_there(const struct inet_socket *socket)
{
	struct inet_place place = { .port = 0 };

	if (socket->stage != CONNECTING && socket->stage != CONNECTED)
		return place;
	place.address = socket->pcb->remote_ip;
	if (socket->socket.type == SOCK_STREAM)
		place.port = socket->tcp->remote_port;
	else if (socket->socket.type == SOCK_DGRAM)
		place.port = socket->udp->remote_port;
	return place;
}

/* ---- Operations --------------------------------------------------------- */

/* May the running process have this place? */
static int check_place(const struct inet_place *place)
{
	if (!inet_is_mine(&place->address))
		return -EADDRNOTAVAIL;
	if (place->port > 0 && place->port < PORTS_OF_ROOT &&
	    !user_is_root(process_current()))
		return -EACCES;
	return 0;
}

static bool is_port_used(const struct tcp_pcb *pcb, uint16_t port)
{
	while (pcb && pcb->local_port != port)
		pcb = pcb->next;
	return pcb;
}

static bool is_udp_port_used(uint16_t port)
{
	const struct udp_pcb *pcb = udp_pcbs;

	while (pcb && pcb->local_port != port)
		pcb = pcb->next;
	return pcb;
}

/* A port that no socket of this type has, or 0: none was found. lwIP would try
 * one port after the other, and a user who has many in a row would make the
 * search long. */
static uint16_t free_port(int type)
{
	for (int tries = 0; tries < PORT_TRIES; tries++) {
		uint16_t port = PORTS_FIRST + net_random() % PORTS_GIVEN;

		if (type != SOCK_STREAM ? !is_udp_port_used(port)
		    : !is_port_used(tcp_bound_pcbs, port) &&
		      !is_port_used(tcp_listen_pcbs.pcbs, port) &&
		      !is_port_used(tcp_active_pcbs, port) &&
		      !is_port_used(tcp_tw_pcbs, port))
			return port;
	}
	return 0;
}

static int bind_to(struct inet_socket *socket, const ip_addr_t *address,
		   uint16_t port)
{
	int type = socket->socket.type;

	if (port == 0)
		port = free_port(type);
	if (port == 0)
		return -EADDRINUSE;
	return inet_errno(type == SOCK_STREAM
		? tcp_bind(socket->tcp, address, port)
		: udp_bind(socket->udp, address, port));
}

int inet_need_port(struct inet_socket *socket)
{
	return inet_here(socket).port || socket->socket.type == SOCK_RAW
		? 0 : bind_to(socket, IP_ANY_TYPE, 0);
}

int inet_bind(struct socket *any, const struct socket_address *name)
{
	struct inet_socket *socket = inet_of(any);
	struct inet_place place;
	int error = fetch_place(name, &place) ?: check_place(&place);

	if (error)
		return error;
	if (any->type == SOCK_RAW)
		return inet_errno(raw_bind(socket->icmp, &place.address));
	if (socket->stage != NEW || inet_here(socket).port)
		return -EINVAL;
	return bind_to(socket, &place.address, place.port);
}

int inet_get_name(struct socket *any, bool of_peer, struct socket_address *name)
{
	const struct inet_socket *socket = inet_of(any);
	const struct inet_place place = of_peer ? inet_there(socket)
						: inet_here(socket);

	if (of_peer && socket->stage != CONNECTED)
		return -ENOTCONN;
	inet_put_place(&place, name);
	return 0;
}

int inet_shut_down(struct socket *any, int how)
{
	struct inet_socket *socket = inet_of(any);

	if (socket->stage != CONNECTED)
		return -ENOTCONN;
	trace(TRACE_SHUT, &any->object, how, 0);
	if (socket_is_stream(any) && how != SHUT_RD &&
	    !any->has_ended[END_WRITE])
		tcp_shutdown(socket->tcp, false, true);
	socket_end(any, how);
	if (socket->peer_has_ended && any->has_ended[END_WRITE])
		tcp_let_go(socket);
	return 0;
}

static bool can_send(const struct inet_socket *socket)
{
	return !socket_is_stream(&socket->socket) || socket->stage == ENDED ||
	       socket->socket.has_ended[END_WRITE] ||
	       (socket->stage == CONNECTED && tcp_has_room(socket));
}

unsigned inet_poll(const struct open_file *file)
{
	const struct inet_socket *socket = inet_of(socket_of(file));
	unsigned events = socket_poll_end(&socket->socket);

	if (socket_is_stream(&socket->socket) && socket->stage == NEW)
		return POLLOUT | POLLHUP;
	if (socket->received || !list_is_empty(&socket->waiting))
		events |= POLLIN;
	if (socket->stage != LISTENS && can_send(socket))
		events |= POLLOUT;
	return events;
}

void inet_options_changed(struct socket *any)
{
	struct inet_socket *socket = inet_of(any);
	struct ip_pcb *pcb = socket->pcb;

	if (!pcb)
		return;
	pcb->so_options &= ~(SOF_REUSEADDR | SOF_KEEPALIVE | SOF_BROADCAST);
	pcb->so_options |= (any->reuses_address ? SOF_REUSEADDR : 0) |
			   (any->keeps_alive ? SOF_KEEPALIVE : 0) |
			   (any->broadcasts ? SOF_BROADCAST : 0);
	if (!socket_is_stream(any) || any->listens)
		return;
	if (any->sends_at_once)
		tcp_nagle_disable(socket->tcp);
	else
		tcp_nagle_enable(socket->tcp);
}

long inet_copy_out(const struct socket_call *call, const struct pbuf *packet,
		   size_t most)
{
	size_t done = 0, part;

	for (; packet && done < most; packet = packet->next, done += part) {
		part = MIN(most - done, packet->len);
		if (vector_copy_out(call->parts, call->done + done,
				    packet->payload, part) != 0)
			return -EFAULT;
	}
	return done;
}

/* ---- The family --------------------------------------------------------- */

static int protocol_of(int type)
{
	return type == SOCK_STREAM ? IPPROTO_TCP :
	       type == SOCK_DGRAM ? IPPROTO_UDP : IPPROTO_ICMP;
}

struct inet_socket *inet_socket_create(int type, struct account *payer)
{
	struct inet_socket *socket;

	if (!account_charge(payer, ACCOUNT_NETWORK, SOCKET_CHARGE))
		return NULL;
	socket = pool_alloc_for(&inet_pool, payer);
	if (!socket) {
		account_uncharge(payer, ACCOUNT_NETWORK, SOCKET_CHARGE);
		return NULL;
	}
	memset(socket, 0, sizeof(*socket));
	socket_init(&socket->socket, type == SOCK_STREAM ? &tcp_ops
							 : &datagram_ops, type);
	socket->socket.protocol = protocol_of(type);
	list_init(&socket->waiting);
	return socket;
}

void inet_destroy(struct object *object)
{
	struct inet_socket *socket = CONTAINER_OF(object, struct inet_socket,
						  socket.object);

	if (socket->socket.type == SOCK_STREAM)
		tcp_end(socket);
	else
		datagram_end(socket);
	account_uncharge(pool_payer(socket), ACCOUNT_NETWORK, SOCKET_CHARGE);
	pool_free(&inet_pool, socket);
}

/* 0, or the errno of a kind of socket that there is not. */
static int check_kind(int type, int protocol)
{
	if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_RAW)
		return -EPROTOTYPE;
	if (type == SOCK_RAW && !user_is_root(process_current()))
		return -EPERM;
	if (protocol == protocol_of(type) ||
	    (protocol == 0 && type != SOCK_RAW))
		return 0;
	return -EPROTONOSUPPORT;
}

static int inet_create(int type, int protocol, uint32_t flags,
		       struct open_file **out)
{
	struct inet_socket *socket;
	int error = check_kind(type, protocol) ?: net_begin();

	if (error)
		return error;
	socket = inet_socket_create(type, account_payer());
	if (!socket)
		return -ENOMEM;
	if (type == SOCK_STREAM)
		tcp_begin(socket);
	else
		datagram_begin(socket);
	error = socket->pcb ? file_open(&socket->socket.object,
					O_RDWR | flags, out) : -ENOMEM;
	object_put(&socket->socket.object);
	return error;
}

void inet_init(void)
{
	static struct socket_family family = {
		.number = AF_INET,
		.create = inet_create,
	};

	socket_add_family(&family);
}
