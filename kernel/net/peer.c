/*
 * peer.c - find the socket at the far side of a connection, for `why`.
 *
 * lwIP has lists of its control blocks, and each block points to our socket. A
 * search costs a step for each block; only reports search.
 */
#include "kernel/net/peer.h"

#include "kernel/net/inet.h"

#include <lwip/priv/tcp_priv.h>
#include <lwip/udp.h>

static struct object *object_of(void *socket)
{
	return socket ? &((struct socket *)socket)->object : NULL;
}

static bool is_at(const ip_addr_t *local, const ip_addr_t *address)
{
	return ip_addr_isany_val(*local) || ip_addr_cmp(local, address);
}

static bool is_here(const ip_addr_t *address)
{
	return inet_is_mine(ip4_addr_get_u32(ip_2_ip4(address)));
}

static struct object *listener_at(const ip_addr_t *address, uint16_t port)
{
	const struct tcp_pcb_listen *pcb = tcp_listen_pcbs.listen_pcbs;

	while (pcb && (pcb->local_port != port ||
		       !is_at(&pcb->local_ip, address)))
		pcb = pcb->next;
	return pcb ? object_of(pcb->callback_arg) : NULL;
}

struct object *peer_of_tcp(const struct tcp_pcb *pcb)
{
	const struct tcp_pcb *other = tcp_active_pcbs;

	if (!is_here(&pcb->remote_ip))
		return NULL;
	if (pcb->state == SYN_SENT)
		return listener_at(&pcb->remote_ip, pcb->remote_port);
	while (other && (other->local_port != pcb->remote_port ||
			 other->remote_port != pcb->local_port ||
			 !ip_addr_cmp(&other->local_ip, &pcb->remote_ip) ||
			 !ip_addr_cmp(&other->remote_ip, &pcb->local_ip)))
		other = other->next;
	if (other && other->listener && other->flags & TF_BACKLOGPEND)
		return object_of(other->listener->callback_arg);
	return other ? object_of(other->callback_arg) : NULL;
}

struct object *peer_of_udp(const struct udp_pcb *pcb)
{
	const struct udp_pcb *other = udp_pcbs;

	if (!is_here(&pcb->remote_ip))
		return NULL;
	while (other && (other->local_port != pcb->remote_port ||
			 !is_at(&other->local_ip, &pcb->remote_ip)))
		other = other->next;
	return other ? object_of(other->recv_arg) : NULL;
}
