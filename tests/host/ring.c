/*
 * ring.c - the ring of bytes between an interrupt and the kernel.
 */
#include "tests/host/kernel.h"

#include "kernel/lib/ring.h"

static struct ring ring;

/* Put and get in random portions, with counters that wrap around. */
static void test_order(uint32_t start)
{
	uint8_t in = 0, out = 0;
	bool in_order = true;

	ring.head = ring.tail = start;
	for (int round = 0; round < 2000; round++) {
		for (int n = test_random() % 200; n > 0; n--) {
			if (ring_put(&ring, in))
				in++;
		}
		for (int n = test_random() % 200; n > 0; n--) {
			if (!ring_is_empty(&ring))
				in_order &= ring_get(&ring) == out++;
		}
	}
	ok(in_order, "bytes_stay_in_order_from_counter_0x%x", (unsigned)start);
}

static void test_limits(void)
{
	ring.head = ring.tail = 0;
	is(ring_get(&ring), -1, "empty_ring_gives_minus_1");
	for (int i = 0; i < RING_BYTES; i++)
		ring_put(&ring, i);
	ok(ring_is_full(&ring), "ring_holds_ring_bytes");
	ok(!ring_put(&ring, 1), "full_ring_refuses");
	is(ring_fill(&ring), RING_BYTES, "refused_byte_is_not_counted");
	is(ring_get(&ring), 0, "refused_byte_overwrites_nothing");
	ring.head = ring.tail = 0;
	ring_put(&ring, 0xff);
	is(ring_get(&ring), 255, "byte_255_is_not_minus_1");
}

int main(void)
{
	test_limits();
	test_order(0);
	test_order(UINT32_MAX - 100);
	return tap_done();
}
