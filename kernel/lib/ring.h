/*
 * ring.h - a ring of bytes between one producer and one consumer.
 *
 * The counters only grow; their difference is the fill level. An interrupt may
 * produce while a task consumes, because the producer alone writes tail, and
 * the consumer alone writes head.
 */
#pragma once

#include "kernel/lib/types.h"

#define RING_BYTES	4096	/* a power of two */

struct ring {
	volatile uint32_t head;		/* [P] next to take */
	volatile uint32_t tail;		/* [I] next free place */
	uint8_t bytes[RING_BYTES];	/* [I] */
};

static inline uint32_t ring_fill(const struct ring *ring)
{
	return ring->tail - ring->head;
}

static inline bool ring_is_empty(const struct ring *ring)
{
	return ring->tail == ring->head;
}

static inline bool ring_is_full(const struct ring *ring)
{
	return ring_fill(ring) == RING_BYTES;
}

/* False when there is no room; the byte is then dropped. */
static inline bool ring_put(struct ring *ring, uint8_t byte)
{
	if (ring_is_full(ring))
		return false;
	ring->bytes[ring->tail % RING_BYTES] = byte;
	ring->tail++;
	return true;
}

/* The oldest byte, or -1 when the ring is empty. */
static inline int ring_get(struct ring *ring)
{
	int byte;

	if (ring_is_empty(ring))
		return -1;
	byte = ring->bytes[ring->head % RING_BYTES];
	ring->head++;
	return byte;
}
