/*
 * memory.c - the memory of lwIP, and the users who pay for it.
 *
 * lwIP's memory is the kernel's heap. All of it together has a limit, so no
 * flood from the wire takes the machine's memory: above the limit packets are
 * dropped. Each user has a smaller limit (ACCOUNT_NETWORK), so no user takes
 * the network away from another user.
 *
 *	a packet to send	its sender pays until the packet has arrived
 *	a packet on its way in	root pays
 *	a packet in a socket	the user of the socket pays: net_give()
 */
#include "kernel/net/inet.h"

#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"
#include "kernel/net/port/stdlib.h"

#include <lwip/pbuf.h>

#define BYTES_MOST	(8u << 20)	/* of lwIP's memory; or ... */
#define MEMORY_PART	8		/* ... this part of the machine's */

/* In front of each piece of memory. */
struct piece {
	struct account *payer;		/* [P] */
	uint32_t bytes;			/* [const] with this head */
};

static uint32_t bytes_used, bytes_most;	/* [P] */

void *net_alloc(size_t bytes)
{
	struct account *payer = account_payer();
	struct piece *piece = NULL;

	bytes += sizeof(*piece);
	if (bytes > POOL_LARGEST || bytes_used + bytes > bytes_most ||
	    !account_charge(payer, ACCOUNT_NETWORK, bytes))
		return NULL;
	piece = heap_alloc_dirty(bytes);
	if (!piece) {
		account_uncharge(payer, ACCOUNT_NETWORK, bytes);
		return NULL;
	}
	bytes_used += bytes;
	*piece = (struct piece){ payer, bytes };
	return piece + 1;
}

void *net_alloc_zeroed(size_t count, size_t bytes)
{
	void *memory = net_alloc(count * bytes);

	return memory ? memset(memory, 0, count * bytes) : NULL;
}

void net_free(void *memory)
{
	struct piece *piece = (struct piece *)memory - 1;

	bytes_used -= piece->bytes;
	account_uncharge(piece->payer, ACCOUNT_NETWORK, piece->bytes);
	heap_free(piece);
}

/* Each part of a packet is a piece of its own. */
bool net_give(struct pbuf *packet, struct account *payer)
{
	struct piece *piece;
	struct pbuf *part;
	uint32_t bytes = 0;

	for (part = packet; part; part = part->next)
		bytes += ((struct piece *)part - 1)->bytes;
	if (!account_charge(payer, ACCOUNT_NETWORK, bytes))
		return false;
	for (part = packet; part; part = part->next) {
		piece = (struct piece *)part - 1;
		account_uncharge(piece->payer, ACCOUNT_NETWORK, piece->bytes);
		piece->payer = payer;
	}
	return true;
}

void net_memory_begin(void)
{
	bytes_most = MIN(BYTES_MOST, frame_count[FRAME_FREE] / MEMORY_PART *
				     PAGE_SIZE);
}

uint32_t net_memory_used(uint32_t *most)
{
	*most = bytes_most;
	return bytes_used;
}
