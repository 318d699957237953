/*
 * seen.c - what can be seen of the network's sockets: the name, the report, and
 * the socket at the far side, for ipcs, `why`, netstat(1) and the trace.
 *
 * If the far side is on this machine, its socket is found in lwIP's lists of
 * control blocks: each block points to our socket. A search costs a step for
 * each block; only reports and traces search.
 */
#include "kernel/net/datagram.h"
#include "kernel/net/tcp.h"

#include "kernel/lib/printk.h"

#include <lwip/priv/tcp_priv.h>

#define PLACES_BYTES	48

/* Of a connection; `there` has port 0 without a peer. [own] */
struct places {
	struct inet_place here, there;
};

static void put_name(const struct object *object, const struct places *places,
		     char *to, size_t size)
{
	char there[IP4ADDR_STRLEN_MAX];

	ip4addr_ntoa_r(&places->there.address, there, sizeof(there));
	if (places->there.port)
		snprintf(to, size, "%s %u to %s:%u", object->ops->kind,
			 object->id, there, places->there.port);
	else
		snprintf(to, size, "%s %u at port %u", object->ops->kind,
			 object->id, places->here.port);
}

/* "HERE:PORT to THERE:PORT", or the first alone. */
static void put_places(const struct places *places, char to[PLACES_BYTES])
{
	char here[IP4ADDR_STRLEN_MAX], there[IP4ADDR_STRLEN_MAX];

	ip4addr_ntoa_r(&places->here.address, here, sizeof(here));
	ip4addr_ntoa_r(&places->there.address, there, sizeof(there));
	if (places->there.port)
		snprintf(to, PLACES_BYTES, "%s:%u to %s:%u", here,
			 places->here.port, there, places->there.port);
	else
		snprintf(to, PLACES_BYTES, "%s:%u", here, places->here.port);
}

static struct object *object_of(void *socket)
{
	return socket ? &((struct socket *)socket)->object : NULL;
}

static bool is_here(const ip_addr_t *address)
{
	return inet_is_mine(ip4_addr_get_u32(ip_2_ip4(address)));
}

/* Does a socket that is bound to `local` get packets to this address? */
static bool is_at(const ip_addr_t *local, const ip_addr_t *address)
{
	return ip_addr_isany_val(*local) || ip_addr_cmp(local, address);
}

/* ---- TCP ---------------------------------------------------------------- */

static const struct tcp_socket *tcp_at(const struct object *object)
{
	return CONTAINER_OF(object, struct tcp_socket, socket.object);
}

/* False: the socket has no place yet, or none any more. */
static bool tcp_places(const struct tcp_socket *socket, struct places *places)
{
	const struct tcp_pcb *pcb = socket->pcb;

	if (!pcb || socket->stage == NEW)
		return false;
	places->here = (struct inet_place){ pcb->local_ip, pcb->local_port };
	places->there.port = 0;
	if (socket->stage != LISTENS)
		places->there = (struct inet_place){ pcb->remote_ip,
						     pcb->remote_port };
	return true;
}

bool tcp_describe(const struct object *object, char *to, size_t size)
{
	struct places places;

	if (!tcp_places(tcp_at(object), &places))
		return false;
	put_name(object, &places, to, size);
	return true;
}

void tcp_report(const struct object *object, char *to, size_t size)
{
	static const char *const name[] = { "new", "listens", "connecting",
					    "connected", "ended" };
	const struct tcp_socket *socket = tcp_at(object);
	unsigned count = socket->received ? socket->received->tot_len : 0;
	const bool listens = socket->stage == LISTENS;
	struct places places;
	char text[PLACES_BYTES];

	if (!tcp_places(socket, &places)) {
		snprintf(to, size, "%s", name[socket->stage]);
		return;
	}
	if (listens)
		count = ((struct tcp_pcb_listen *)socket->pcb)->accepts_pending;
	put_places(&places, text);
	snprintf(to, size, "%s, %s, %u %s", name[socket->stage], text, count,
		 listens ? "wait" : "to read");
}

static struct object *listener_at(const ip_addr_t *address, uint16_t port)
{
	const struct tcp_pcb_listen *pcb = tcp_listen_pcbs.listen_pcbs;

	while (pcb && (pcb->local_port != port ||
		       !is_at(&pcb->local_ip, address)))
		pcb = pcb->next;
	return pcb ? object_of(pcb->callback_arg) : NULL;
}

struct object *tcp_peer(const struct object *object)
{
	const struct tcp_socket *socket = tcp_at(object);
	const struct tcp_pcb *pcb = socket->pcb, *other = tcp_active_pcbs;

	if ((socket->stage != CONNECTING && socket->stage != CONNECTED) ||
	    !is_here(&pcb->remote_ip))
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

/* ---- Datagrams ---------------------------------------------------------- */

static const struct datagram_socket *datagram_at(const struct object *object)
{
	return CONTAINER_OF(object, struct datagram_socket, socket.object);
}

static bool udp_places(const struct datagram_socket *socket,
		       struct places *places)
{
	const struct udp_pcb *udp = socket->udp;

	if (!udp)
		return false;
	places->here = (struct inet_place){ udp->local_ip, udp->local_port };
	places->there.port = 0;
	if (socket->is_connected)
		places->there = (struct inet_place){ udp->remote_ip,
						     udp->remote_port };
	return true;
}

bool datagram_describe(const struct object *object, char *to, size_t size)
{
	struct places places;

	if (!udp_places(datagram_at(object), &places) || !places.here.port)
		return false;
	put_name(object, &places, to, size);
	return true;
}

void datagram_report(const struct object *object, char *to, size_t size)
{
	const struct datagram_socket *socket = datagram_at(object);
	char text[PLACES_BYTES] = "ICMP";
	struct places places;

	if (udp_places(socket, &places))
		put_places(&places, text);
	snprintf(to, size, "%s, %u to read", text, socket->queued);
}

struct object *datagram_peer(const struct object *object)
{
	const struct datagram_socket *socket = datagram_at(object);
	const struct udp_pcb *udp = socket->udp, *other = udp_pcbs;

	if (!udp || !socket->is_connected || !is_here(&udp->remote_ip))
		return NULL;
	while (other && (other->local_port != udp->remote_port ||
			 !is_at(&other->local_ip, &udp->remote_ip)))
		other = other->next;
	return other ? object_of(other->recv_arg) : NULL;
}
