/* inet.c - what all sockets of the network share: names and addresses. */
#include "kernel/net/inet.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/task/process.h"

#include <lwip/err.h>
#include <lwip/ip.h>

#define PORTS_OF_ROOT	1024

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

bool inet_is_mine(uint32_t address)
{
	const struct netif *netif;

	if (address == IPADDR_ANY)
		return true;
	NETIF_FOREACH(netif)
		if (address == ip4_addr_get_u32(netif_ip4_addr(netif)))
			return true;
	return false;
}

int inet_place_to_bind(const struct socket_address *name,
		       struct inet_place *place)
{
	int error = fetch_place(name, place);

	if (error)
		return error;
	if (!inet_is_mine(ip4_addr_get_u32(&place->address)))
		return -EADDRNOTAVAIL;
	if (place->port > 0 && place->port < PORTS_OF_ROOT &&
	    !user_is_root(process_current()))
		return -EACCES;
	return 0;
}

void inet_put_place(const ip_addr_t *address, uint16_t port,
		    struct socket_address *name)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_port = lwip_htons(port),
		.sin_addr.s_addr = ip4_addr_get_u32(address),
	};

	memcpy(&name->room, &in, sizeof(in));
	name->bytes = sizeof(in);
}

void inet_tell_options(const struct socket *socket, struct ip_pcb *pcb)
{
	pcb->so_options &= ~(SOF_REUSEADDR | SOF_KEEPALIVE | SOF_BROADCAST);
	pcb->so_options |= (socket->reuses_address ? SOF_REUSEADDR : 0) |
			   (socket->keeps_alive ? SOF_KEEPALIVE : 0) |
			   (socket->broadcasts ? SOF_BROADCAST : 0);
}

/* ---- The family --------------------------------------------------------- */

/* 0, or the errno of a kind of socket that there is not. */
static int check_kind(int type, int protocol)
{
	if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_RAW)
		return -EPROTOTYPE;
	if (type == SOCK_RAW && !user_is_root(process_current()))
		return -EPERM;
	if (protocol == (type == SOCK_STREAM ? IPPROTO_TCP :
			 type == SOCK_DGRAM ? IPPROTO_UDP : IPPROTO_ICMP) ||
	    (protocol == 0 && type != SOCK_RAW))
		return 0;
	return -EPROTONOSUPPORT;
}

static int inet_create(int type, int protocol, uint32_t flags,
		       struct open_file **out)
{
	struct socket *socket;
	int error = check_kind(type, protocol);

	if (!error)
		error = net_begin();
	if (!error)
		error = type == SOCK_STREAM ? tcp_create(&socket) :
			datagram_create(type == SOCK_RAW, &socket);
	if (error)
		return error;
	error = file_open(&socket->object, O_RDWR | flags, out);
	object_put(&socket->object);
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
