/*
 * card.c - the network card virtio-net.
 *
 * The card has two queues. The queue `in` always holds empty buffers, which the
 * card fills with frames as the frames come; each buffer goes back to the queue
 * when the frame was read. The queue `out` takes full buffers. The interrupt
 * only notes that there is work: no buffer is touched there. When all buffers
 * of `in` are full, the card drops the next frames, as a wire does; when all of
 * `out` are on their way, the kernel drops the frame. The protocols above send
 * again what must arrive.
 *
 * Each frame has a header in front for work that the card could do. No such
 * work was agreed on, so the header stays zero.
 */
#include "kernel/dev/card.h"

#include "arch/arch.h"
#include "kernel/dev/virtio.h"
#include "kernel/lib/hash.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/frame.h"
#include "kernel/task/cpu.h"

#define QUEUE_IN	0
#define QUEUE_OUT	1
#define BUFFERS		64		/* in each direction */
#define HEADER_BYTES	10

#define FEATURE_ADDRESS	(1u << 5)	/* the card has an address */

/* Two in a page. */
#define BUFFER_BYTES	(PAGE_SIZE / 2)
#define FLUSH_NS	(NSEC_PER_SEC / 20)

static struct virtio card;		/* [P] */
static struct virtio_queue in, out;	/* [P] */
static void *spare[BUFFERS];		/* [P] buffers for frames to send */
static unsigned spare_count;		/* [P] */

static void card_happened(struct virtio *device)
{
	(void)device;
	cpu_pend(PENDING_CARD);
}

static void give_empty(void *buffer)
{
	const struct virtio_buffer whole = {
		.bytes = buffer,
		.length = BUFFER_BYTES,
		.is_filled = true,
	};

	virtio_give(&in, &whole, 1, buffer);
}

static bool buffers_init(void)
{
	char *page;
	unsigned i;

	for (i = 0; i < BUFFERS; i++) {
		page = page_alloc(FRAME_BUFFER);
		if (!page)
			return false;
		give_empty(page);
		spare[spare_count++] = page + BUFFER_BYTES;
	}
	return true;
}

bool card_init(void (*happened)(void))
{
	uint32_t agreed;

	if (!virtio_find(&card, VIRTIO_NETWORK, FEATURE_ADDRESS, &agreed) ||
	    !(agreed & FEATURE_ADDRESS))
		return false;
	card.happened = card_happened;
	if (virtio_queue_init(&card, &in, QUEUE_IN) != 0 ||
	    virtio_queue_init(&card, &out, QUEUE_OUT) != 0 || !buffers_init())
		return false;
	cpu_set_deferred(PENDING_CARD, happened);
	virtio_start(&card);
	virtio_notify(&card, &in);
	return true;
}

void card_address(uint8_t *to)
{
	unsigned i;

	for (i = 0; i < CARD_ADDRESS_BYTES; i++)
		to[i] = virtio_config(&card, i);
}

/* ---- To the wire -------------------------------------------------------- */

static void take_back(void)
{
	uint32_t written;
	void *buffer;

	while ((buffer = virtio_take(&out, &written)))
		spare[spare_count++] = buffer;
}

void *card_begin(void)
{
	take_back();
	if (spare_count == 0)
		return NULL;
	return (char *)spare[spare_count - 1] + HEADER_BYTES;
}

void card_send(void *frame, uint32_t bytes)
{
	const struct virtio_buffer whole = {
		.bytes = (char *)frame - HEADER_BYTES,
		.length = HEADER_BYTES + bytes,
	};

	ASSERT(whole.bytes == spare[spare_count - 1]);
	memset(whole.bytes, 0, HEADER_BYTES);
	if (virtio_give(&out, &whole, 1, whole.bytes) != 0)
		return;
	spare_count--;
	trace(TRACE_FRAME_OUT, NULL, bytes, hash_bytes(frame, bytes));
	virtio_notify(&card, &out);
}

void card_flush(void)
{
	const uint64_t end_ns = arch_now_ns() + FLUSH_NS;

	while (out.size && spare_count < BUFFERS && arch_now_ns() < end_ns)
		take_back();
}

/* ---- From the wire ------------------------------------------------------ */

const void *card_receive(uint32_t *bytes)
{
	uint32_t written;
	void *buffer;

	while ((buffer = virtio_take(&in, &written))) {
		if (written > HEADER_BYTES && written <= BUFFER_BYTES) {
			*bytes = written - HEADER_BYTES;
			buffer = (char *)buffer + HEADER_BYTES;
			trace(TRACE_FRAME_IN, NULL, *bytes,
			      hash_bytes(buffer, *bytes));
			return buffer;
		}
		give_empty(buffer);
	}
	return NULL;
}

void card_release(const void *frame)
{
	give_empty((char *)frame - HEADER_BYTES);
	virtio_notify(&card, &in);
}
