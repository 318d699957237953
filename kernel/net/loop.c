/*
 * loop.c - the loopback: packets from this machine to this machine.
 *
 * A packet for the loopback goes into a list, and the task `net` takes the
 * packet from there as if it came by wire. A system call never runs the
 * receiving half of a protocol, which could need the lock of the sending half.
 *
 * Each packet in the list is a copy, since lwIP goes on with its own. Only the
 * pages of TCP's send queue (tcp_data.c) are shared: no byte in such a page
 * ever changes, and the frame lives as long as a reference. Few bytes of a page
 * are copied, so that a byte never keeps a page.
 */
#include "kernel/net/inet.h"

#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/net/port/stdlib.h"

#include <lwip/ip.h>
#include <lwip/priv/tcp_priv.h>

#define SHARED_LEAST	(PAGE_SIZE / 2)

/* Bytes in pages of a send queue. lwIP joins pages that lie side by side. */
struct shared_bytes {
	struct pbuf_custom pbuf;	/* [P] the first field */
	frame_t first, last;		/* [const] with a reference each */
};

static struct netif loop;			/* [P] */
static struct pbuf *returning;			/* [P] a row of chains */
static struct pbuf **returning_end = &returning;	/* [P] */
static void (*came)(void);			/* [const] */

/* The last frame goes first, as in confirm() of tcp_data.c. */
static void shared_free(struct pbuf *pbuf)
{
	struct shared_bytes *shared = (struct shared_bytes *)pbuf;

	for (frame_t frame = shared->last; frame >= shared->first; frame--)
		frame_put(frame);
	net_free(shared);
}

/* Refer to the first part. Moves *part to the rest of the packet. */
static struct pbuf *share_part(const struct pbuf **part)
{
	struct shared_bytes *shared = net_alloc(sizeof(*shared));
	const struct pbuf *first = *part;

	if (!shared)
		return NULL;
	*part = first->next;
	shared->first = virt_to_frame(first->payload);
	shared->last = virt_to_frame((uint8_t *)first->payload +
				     first->len - 1);
	shared->pbuf.custom_free_function = shared_free;
	for (frame_t frame = shared->first; frame <= shared->last; frame++)
		frame_get(frame);
	return pbuf_alloced_custom(PBUF_RAW, first->len, PBUF_REF,
				   &shared->pbuf, first->payload, first->len);
}

static bool is_shared(const struct pbuf *part)
{
	return part->type_internal == PBUF_ROM &&	/* of tcp_data.c */
	       part->len >= SHARED_LEAST;
}

/* Copy as many parts as one piece of memory can hold, so that the heads of the
 * protocols stay together. Moves *part, too. */
static struct pbuf *copy_parts(const struct pbuf **part)
{
	const struct pbuf *first = *part, *end = first;
	uint32_t bytes = 0;
	struct pbuf *copy;

	for (; end && !is_shared(end) &&
	       (!bytes || bytes + end->len <= PBUF_POOL_BUFSIZE);
	     end = end->next)
		bytes += end->len;
	*part = end;
	copy = pbuf_alloc(PBUF_RAW, bytes, PBUF_RAM);
	if (copy)
		pbuf_copy_partial(first, copy->payload, bytes, 0);
	return copy;
}

/* A chain with the bytes of the packet, or NULL. */
static struct pbuf *copy_packet(const struct pbuf *packet)
{
	struct pbuf *copy, *more;

	copy = copy_parts(&packet);
	while (copy && packet) {
		more = is_shared(packet) ? share_part(&packet)
					 : copy_parts(&packet);
		if (!more) {
			pbuf_free(copy);
			return NULL;
		}
		pbuf_cat(copy, more);
	}
	return copy;
}

/* The last part of a packet has no more bytes behind it. */
static struct pbuf *last_part(struct pbuf *packet)
{
	while (packet->tot_len != packet->len)
		packet = packet->next;
	return packet;
}

static err_t loop_send(struct netif *netif, struct pbuf *packet,
		       const ip4_addr_t *to)
{
	struct pbuf *copy = copy_packet(packet);

	(void)netif;
	(void)to;
	if (!copy)
		return ERR_MEM;
	*returning_end = copy;
	returning_end = &last_part(copy)->next;
	came();
	return ERR_OK;
}

/* A closed connection keeps its port for a while, against old packets that
 * come late. On the loopback there are none. A new such connection is the first
 * of lwIP's list. */
static void end_connections(void)
{
	while (!returning && tcp_tw_pcbs &&
	       ip4_addr_isloopback(&tcp_tw_pcbs->remote_ip))
		tcp_abort(tcp_tw_pcbs);
}

bool loop_take(void)
{
	struct pbuf *packet = returning, *last;

	if (!packet)
		return false;
	last = last_part(packet);
	returning = last->next;
	last->next = NULL;
	if (!returning)
		returning_end = &returning;
	if (loop.input(packet, &loop) != ERR_OK)
		pbuf_free(packet);
	end_connections();
	return true;
}

static err_t loop_init(struct netif *netif)
{
	netif->name[0] = 'l';
	netif->name[1] = 'o';
	netif->mtu = NET_LOOP_BYTES;
	NETIF_SET_CHECKSUM_CTRL(netif, NETIF_CHECKSUM_DISABLE_ALL);
	netif->output = loop_send;
	return ERR_OK;
}

struct netif *loop_begin(void (*packet_came)(void))
{
	ip4_addr_t address, mask;

	came = packet_came;
	IP4_ADDR(&address, 127, 0, 0, 1);
	IP4_ADDR(&mask, 255, 0, 0, 0);
	netif_add(&loop, &address, &mask, NULL, NULL, loop_init, ip_input);
	netif_set_up(&loop);
	netif_set_link_up(&loop);
	return &loop;
}
