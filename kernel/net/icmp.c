/*
 * icmp.c - the answer from a port without a socket.
 *
 * ICMP's answer contains the first bytes of the datagram that was refused. Only
 * a connected socket can tell which of its datagrams it was: the next call of
 * this socket ends with ECONNREFUSED. RFC 792, RFC 1122 4.1.3.3.
 */
#include "kernel/net/inet.h"

#include "kernel/abi/errno.h"

#include <lwip/icmp.h>
#include <lwip/raw.h>
#include <lwip/udp.h>

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
static u8_t icmp_came(void *unused, struct raw_pcb *pcb, struct pbuf *packet,
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

int icmp_begin(void)
{
	struct raw_pcb *pcb = raw_new(IP_PROTO_ICMP);

	if (!pcb)
		return -ENOMEM;
	raw_recv(pcb, icmp_came, NULL);
	return 0;
}
