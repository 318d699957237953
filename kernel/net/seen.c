/*
 * seen.c - what can be seen of the network's sockets: the name, the report, and
 * the socket at the far side, for ipcs, `why`, netstat(1) and the trace.
 *
 * If the far side is on this machine, its socket is found in lwIP's lists of
 * control blocks: each block points to our socket. A search costs a step for
 * each block; only reports and traces search.
 */
#include "kernel/net/inet.h"

#include "kernel/lib/printk.h"

#include <lwip/priv/tcp_priv.h>

static const struct inet_socket *inet_at(const struct object *object)
{
	return CONTAINER_OF(object, struct inet_socket, socket.object);
}

bool inet_describe(const struct object *object, char *to, size_t size)
{
	const struct inet_place here = inet_here(inet_at(object)),
				there = inet_there(inet_at(object));

	if (there.port)
		snprintf(to, size, "%s %u to %s:%u", object->ops->kind,
			 object->id, inet_text(&there.address).words,
			 there.port);
	else
		snprintf(to, size, "%s %u at port %u", object->ops->kind,
			 object->id, here.port);
	return here.port;
}

/* "HERE:PORT to THERE:PORT, ", or the first alone. */
static int put_places(const struct inet_socket *socket, char *to, size_t size)
{
	const struct inet_place here = inet_here(socket),
				there = inet_there(socket);

	if (there.port)
		return snprintf(to, size, "%s:%u to %s:%u, ",
				inet_text(&here.address).words, here.port,
				inet_text(&there.address).words, there.port);
	return snprintf(to, size, "%s:%u, ", inet_text(&here.address).words,
			here.port);
}

void inet_report(const struct object *object, char *to, size_t size)
{
	static const char *const name[] = { "new", "listens", "connecting",
					    "connected", "ended" };
	const struct inet_socket *socket = inet_at(object);
	bool is_stream = socket_is_stream(&socket->socket);
	unsigned count = socket->queued;
	int at = 0;

	if (is_stream)
		at = snprintf(to, size, "%s, ", name[socket->stage]);
	if (socket->socket.type == SOCK_RAW)
		at = snprintf(to, size, "ICMP, ");
	else if (inet_here(socket).port)
		at += put_places(socket, to + at, size - at);
	if (socket->stage == LISTENS)
		count = ((struct tcp_pcb_listen *)socket->tcp)->accepts_pending;
	else if (socket->received)
		count = socket->received->tot_len;
	snprintf(to + at, size - at, "%u %s", count,
		 socket->stage == LISTENS ? "wait" : "to read");
}

/* ---- The far side ------------------------------------------------------- */

static struct object *object_of(void *socket)
{
	return socket ? &((struct socket *)socket)->object : NULL;
}

/* Does a control block with this address and port get packets for the place? */
static bool is_at(const ip_addr_t *address, uint16_t port,
		  const struct inet_place *place)
{
	return port == place->port &&
	       (ip_addr_isany(address) ||
		ip_addr_cmp(address, &place->address));
}

static struct object *udp_at(const struct inet_place *place)
{
	const struct udp_pcb *pcb = udp_pcbs;

	while (pcb && !is_at(&pcb->local_ip, pcb->local_port, place))
		pcb = pcb->next;
	return pcb ? object_of(pcb->recv_arg) : NULL;
}

static struct object *listener_at(const struct inet_place *place)
{
	const struct tcp_pcb_listen *pcb = tcp_listen_pcbs.listen_pcbs;

	while (pcb && !is_at(&pcb->local_ip, pcb->local_port, place))
		pcb = pcb->next;
	return pcb ? object_of(pcb->callback_arg) : NULL;
}

static struct object *connection_at(const struct inet_place *here,
				    const struct inet_place *there)
{
	const struct tcp_pcb *pcb = tcp_active_pcbs;

	while (pcb && (!is_at(&pcb->local_ip, pcb->local_port, there) ||
		       !is_at(&pcb->remote_ip, pcb->remote_port, here)))
		pcb = pcb->next;
	if (pcb && pcb->listener && pcb->flags & TF_BACKLOGPEND)
		return object_of(pcb->listener->callback_arg);
	return pcb ? object_of(pcb->callback_arg) : NULL;
}

struct object *inet_peer(const struct object *object)
{
	const struct inet_socket *socket = inet_at(object);
	const struct inet_place here = inet_here(socket),
				there = inet_there(socket);

	if (!there.port || !inet_is_mine(&there.address))
		return NULL;
	if (!socket_is_stream(&socket->socket))
		return udp_at(&there);
	return socket->tcp->state == SYN_SENT ? listener_at(&there)
					      : connection_at(&here, &there);
}
