/*
 * virtio.c - the queues of a virtio device.
 *
 * A queue is memory that the driver and the device share, in three parts:
 *
 *	places	a table of descriptors: address and length of a buffer, and
 *		the number of the next place if the request has more buffers
 *	given	a ring: first places of requests, from the driver
 *	used	a ring: the same numbers back, from the device, with the number
 *		of bytes that the device has written
 *
 * Each ring has a counter that only grows, and only one side writes to a ring.
 * So no side ever waits for the other: the driver writes the entry first, and
 * the counter after that. The device interrupts when it has used entries.
 *
 * The device is part of the machine, and the kernel trusts the device's
 * addresses as little as a program's: a number beyond the queue, or a number
 * that was not given, is dropped.
 *
 * The legacy interface needs the three parts in one piece of physical memory.
 * Pages come one by one, so queue_memory() takes pages until a row of
 * neighbours is there; at boot the first pages are neighbours.
 */
#include "kernel/dev/virtio.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"

/* Registers, from the port of the device. */
#define DEVICE_FEATURES	0		/* 4 bytes */
#define DRIVER_FEATURES	4
#define QUEUE_FRAME	8		/* 4: physical address / 4096 */
#define QUEUE_SIZE	12		/* 2 */
#define QUEUE_SELECT	14		/* 2 */
#define QUEUE_NOTIFY	16		/* 2 */
#define STATUS		18		/* 1 */
#define REASON		19		/* 1: of the interrupt, and ends it */
#define CONFIG		20

#define STATUS_RESET	0
#define STATUS_SEEN	1
#define STATUS_DRIVER	2
#define STATUS_READY	4

#define PLACE_HAS_NEXT	1
#define PLACE_IS_FILLED	2

#define ROW_TRIES	64		/* pages to look at for a row */

/* [P] As the device reads it. */
struct virtio_place {
	uint64_t pa;
	uint32_t length;
	uint16_t flags;
	uint16_t next;
};

/* [P] The device writes it. */
struct used_entry {
	uint32_t place;
	uint32_t written;
};

/* [P] One side writes it: the kernel the ring `given`, the device `used`. */
struct virtio_ring {
	uint16_t flags;
	uint16_t count;		/* entries written since the start */
	union {
		uint16_t given[0];
		struct used_entry used[0];
	};
};

static void virtio_interrupt(struct bus_interrupt *interrupt)
{
	struct virtio *device = (struct virtio *)interrupt;

	if (arch_port_read(device->bus.port + REASON, 1))
		device->happened(device);
}

bool virtio_find(struct virtio *device, uint16_t kind, uint32_t features,
		 uint32_t *agreed)
{
	uint16_t port;

	if (!arch_bus_find(VIRTIO_VENDOR, kind, &device->bus))
		return false;
	port = device->bus.port;
	arch_port_write(port + STATUS, 1, STATUS_RESET);
	arch_port_write(port + STATUS, 1, STATUS_SEEN | STATUS_DRIVER);
	*agreed = arch_port_read(port + DEVICE_FEATURES, 4) & features;
	arch_port_write(port + DRIVER_FEATURES, 4, *agreed);
	device->interrupt.run = virtio_interrupt;
	return true;
}

void virtio_start(struct virtio *device)
{
	arch_bus_attach(device->bus.irq, &device->interrupt);
	arch_port_write(device->bus.port + STATUS, 1,
			STATUS_SEEN | STATUS_DRIVER | STATUS_READY);
}

uint8_t virtio_config(const struct virtio *device, unsigned offset)
{
	return arch_port_read(device->bus.port + CONFIG + offset, 1);
}

/* ---- A queue ------------------------------------------------------------ */

/* So many pages in a row, zeroed, or NULL. */
static void *queue_memory(unsigned pages)
{
	char *taken[ROW_TRIES], *start = NULL;
	unsigned count, row = 0, i;

	for (count = 0; count < ROW_TRIES && row < pages; count++) {
		taken[count] = page_alloc(FRAME_BUFFER);
		if (!taken[count])
			break;
		if (row == 0 || taken[count] != start + row * PAGE_SIZE) {
			start = taken[count];
			row = 0;
		}
		row++;
	}
	for (i = 0; i < count; i++)
		if (row < pages || taken[i] < start ||
		    taken[i] >= start + pages * PAGE_SIZE)
			page_free(taken[i]);
	return row < pages ? NULL : memset(start, 0, pages * PAGE_SIZE);
}

int virtio_queue_init(struct virtio *device, struct virtio_queue *queue,
		      unsigned number)
{
	uint16_t port = device->bus.port, i;
	uint32_t used_at, bytes;
	char *memory;

	arch_port_write(port + QUEUE_SELECT, 2, number);
	queue->size = arch_port_read(port + QUEUE_SIZE, 2);
	if (queue->size == 0 || queue->size > VIRTIO_QUEUE_MOST)
		return -ENODEV;
	used_at = ALIGN_UP(queue->size * sizeof(struct virtio_place) +
			   sizeof(struct virtio_ring) +
			   (queue->size + 1) * sizeof(uint16_t), PAGE_SIZE);
	bytes = used_at + sizeof(struct virtio_ring) +
		queue->size * sizeof(struct used_entry) + sizeof(uint16_t);
	memory = queue_memory(ALIGN_UP(bytes, PAGE_SIZE) / PAGE_SIZE);
	if (!memory)
		return -ENOMEM;
	queue->number = number;
	queue->places = (struct virtio_place *)memory;
	queue->given = (struct virtio_ring *)(queue->places + queue->size);
	queue->used = (struct virtio_ring *)(memory + used_at);
	queue->free_count = queue->size;
	for (i = 0; i < queue->size; i++)
		queue->places[i].next = i + 1;
	arch_port_write(port + QUEUE_FRAME, 4,
			virt_to_phys(memory) / PAGE_SIZE);
	return 0;
}

int virtio_give(struct virtio_queue *queue, const struct virtio_buffer *buffers,
		unsigned count, void *owner)
{
	uint16_t first = queue->free, at = first;
	struct virtio_place *place = NULL;
	unsigned i;

	if (count > queue->free_count)
		return -EAGAIN;
	for (i = 0; i < count; i++, at = place->next) {
		place = &queue->places[at];
		place->pa = virt_to_phys(buffers[i].bytes);
		place->length = buffers[i].length;
		place->flags = (buffers[i].is_filled ? PLACE_IS_FILLED : 0) |
			       (i + 1 < count ? PLACE_HAS_NEXT : 0);
	}
	queue->free = at;
	queue->free_count -= count;
	queue->owner[first] = owner;
	queue->given->given[queue->given->count % queue->size] = first;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	queue->given->count++;
	return 0;
}

void virtio_notify(const struct virtio *device,
		   const struct virtio_queue *queue)
{
	arch_port_write(device->bus.port + QUEUE_NOTIFY, 2, queue->number);
}

/* The places of a request that is done are free again. */
static void free_places(struct virtio_queue *queue, uint16_t first)
{
	uint16_t last = first, count = 1;

	while (queue->places[last].flags & PLACE_HAS_NEXT) {
		last = queue->places[last].next;
		count++;
	}
	queue->places[last].next = queue->free;
	queue->free = first;
	queue->free_count += count;
}

void *virtio_take(struct virtio_queue *queue, uint32_t *written)
{
	volatile struct used_entry *entry;
	uint32_t place;
	void *owner;

	while (queue->taken != queue->used->count) {
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		entry = &queue->used->used[queue->taken++ % queue->size];
		place = entry->place;
		*written = entry->written;
		if (place >= queue->size || !queue->owner[place])
			continue;
		owner = queue->owner[place];
		queue->owner[place] = NULL;
		free_places(queue, place);
		return owner;
	}
	return NULL;
}
