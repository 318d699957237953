/*
 * virtio.h - devices that an emulator offers: requests in shared memory.
 *
 * A driver gives buffers to the device through a queue, and gets each buffer
 * back when the device has read or filled it. All functions need [P], and no
 * function sleeps. Virtual I/O Device (VIRTIO) Version 1.1, "legacy interface".
 */
#pragma once

#include "arch/arch.h"
#include "kernel/lib/types.h"

#define VIRTIO_VENDOR		0x1af4
#define VIRTIO_NETWORK		0x1000	/* the transitional devices */
#define VIRTIO_DISK		0x1001

#define VIRTIO_QUEUE_MOST	256	/* buffers in a queue */

struct virtio_place;
struct virtio_ring;

struct virtio_queue {
	struct virtio_place *places;	/* [P] what the device reads first */
	volatile struct virtio_ring *given;	/* [P] places, to the device */
	volatile struct virtio_ring *used;	/* [P] given back: the device
						   writes */
	uint16_t size;			/* [const] places */
	uint16_t number;		/* [const] of the device's queues */
	uint16_t taken;			/* [P] entries of `used` seen so far */
	uint16_t free;			/* [P] the first free place */
	uint16_t free_count;		/* [P] */
	void *owner[VIRTIO_QUEUE_MOST];	/* [P] by first place: the caller's */
};

struct virtio {
	struct bus_interrupt interrupt;	/* [I] the first field */
	struct bus_device bus;		/* [const] */
	void (*happened)(struct virtio *device);	/* [const] in interrupt
							   context: look at the
							   queues */
};

/* [own] A piece of kernel memory for the device, of at most a page. */
struct virtio_buffer {
	void *bytes;
	uint32_t length;
	bool is_filled;		/* the device writes; else the device reads */
};

/* Find the device and agree on those of `features` that both have; the result
 * is in *agreed. False: there is no such device. */
bool virtio_find(struct virtio *device, uint16_t kind, uint32_t features,
		 uint32_t *agreed);
/* Set up queue `number`. 0, -ENODEV, or -ENOMEM. */
int virtio_queue_init(struct virtio *device, struct virtio_queue *queue,
		      unsigned number);
/* All queues are set up: the device may work. */
void virtio_start(struct virtio *device);
/* A byte of the configuration that this kind of device has. */
uint8_t virtio_config(const struct virtio *device, unsigned offset);

/* Give buffers to the device as one request of `owner` (not NULL): first those
 * the device reads, then those it fills. 0, or -EAGAIN: no room. */
int virtio_give(struct virtio_queue *queue, const struct virtio_buffer *buffers,
		unsigned count, void *owner);
/* Tell the device that requests were given. */
void virtio_notify(const struct virtio *device,
		   const struct virtio_queue *queue);
/* The owner of a request that the device has done, and how many bytes the
 * device has written; NULL: no more now. */
void *virtio_take(struct virtio_queue *queue, uint32_t *written);
