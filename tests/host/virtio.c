/*
 * virtio.c - the queues of a virtio device, with a device that lies.
 *
 * The test is the device: it reads the ring `given`, and writes the ring
 * `used`. An honest device gives back each request once, in any order. The
 * other device also gives back numbers beyond the queue, numbers in the middle
 * of a request, and the same number twice. The driver loses no place of the
 * queue, and gets each owner once at the most.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/memory.c tests/host/stub/kernel.c
 */
#include "tests/host/stub/host.h"

#include "kernel/dev/virtio.c"

#define SIZE		64		/* places of the queue */
#define PAGES		128
#define BUFFERS_MOST	4

static uint16_t size_of_queue = SIZE;
static uint32_t queue_frame;
static unsigned wrong;

uint32_t arch_port_read(uint16_t port, unsigned bytes)
{
	(void)bytes;
	return port == QUEUE_SIZE ? size_of_queue : 0;
}

void arch_port_write(uint16_t port, unsigned bytes, uint32_t value)
{
	(void)bytes;
	if (port == QUEUE_FRAME)
		queue_frame = value;
}

bool arch_bus_find(uint16_t vendor, uint16_t kind, struct bus_device *device)
{
	(void)vendor;
	(void)kind;
	(void)device;
	return true;
}

void arch_bus_attach(unsigned irq, struct bus_interrupt *interrupt)
{
	(void)irq;
	(void)interrupt;
}

/* ---- Pages, in an order that the test chooses ---------------------------- */

static uint8_t *memory;
static unsigned order[PAGES], next_page, pages_used;

void *page_alloc(enum frame_use use)
{
	(void)use;
	if (next_page == PAGES)
		return NULL;
	pages_used++;
	return memory + order[next_page++] * PAGE_SIZE;
}

void page_free(void *page)
{
	(void)page;
	pages_used--;
}

static struct virtio device;
static struct virtio_queue queue;

static int begin(void)
{
	memset(&queue, 0, sizeof(queue));
	next_page = pages_used = queue_frame = 0;
	return virtio_queue_init(&device, &queue, 0);
}

static unsigned pages_of_queue(void)
{
	size_t first = ALIGN_UP(SIZE * sizeof(struct virtio_place) +
				sizeof(struct virtio_ring) +
				(SIZE + 1) * sizeof(uint16_t), PAGE_SIZE);

	return (first + PAGE_SIZE) / PAGE_SIZE;
}

static void test_memory(void)
{
	for (unsigned i = 0; i < PAGES; i++)
		order[i] = i;
	is(begin(), 0, "neighbours_make_a_queue");
	is(pages_used, pages_of_queue(), "queue_keeps_pages_it_does_not_need");
	is(queue_frame, virt_to_phys(memory) / PAGE_SIZE,
	   "device_hears_of_a_different_place");
	order[0] = 100;
	order[1] = 50;
	is(begin(), 0, "pages_before_the_row_stop_the_search");
	is(pages_used, pages_of_queue(), "pages_before_the_row_are_kept");
	for (unsigned i = 0; i < PAGES; i++)
		order[i] = PAGES - 1 - i;
	is(begin(), -ENOMEM, "pages_without_neighbours_make_a_queue");
	is(pages_used, 0, "failed_search_keeps_pages");
	size_of_queue = VIRTIO_QUEUE_MOST + 1;
	is(begin(), -ENODEV, "queue_larger_than_the_table_is_used");
	size_of_queue = 0;
	is(begin(), -ENODEV, "queue_without_places_is_used");
	size_of_queue = SIZE;
	for (unsigned i = 0; i < PAGES; i++)
		order[i] = i;
}

/* ---- The device ---------------------------------------------------------- */

/* Requests that the device has seen and not given back, by first place. */
static uint16_t held[SIZE];
static unsigned held_count;
static uint16_t seen;			/* entries of `given` */

static void use(uint32_t place, uint32_t written)
{
	volatile struct used_entry *entry =
		&queue.used->used[queue.used->count % SIZE];

	entry->place = place;
	entry->written = written;
	queue.used->count++;
}

static void look_at_given(void)
{
	while (seen != queue.given->count)
		held[held_count++] = queue.given->given[seen++ % SIZE];
}

static unsigned buffers_of(uint16_t first)
{
	unsigned count = 1;

	for (; queue.places[first].flags & PLACE_HAS_NEXT; count++)
		first = queue.places[first].next;
	return count;
}

/* Give a request back. Its written bytes say how many buffers it had. */
static void finish_one(void)
{
	unsigned at = host_random(held_count);
	uint16_t first = held[at];

	held[at] = held[--held_count];
	use(first, buffers_of(first));
}

static void lie(void)
{
	switch (host_random(3)) {
	case 0:
		use(SIZE + host_random(1000000), 1);
		break;
	case 1:
		use(UINT32_MAX - host_random(3), 1);
		break;
	default:	/* free, or in the middle of a request */
		for (uint32_t place = 0; place < SIZE; place++)
			if (!queue.owner[place]) {
				use(place, 1);
				break;
			}
		break;
	}
}

/* ---- The driver ---------------------------------------------------------- */

static unsigned owners[SIZE];		/* owner i: its buffers; 0: not given */
static unsigned given_count, places_given;

static void note_wrong(bool is_wrong, const char *what)
{
	if (is_wrong && wrong++ < 5)
		printf("# %s\n", what);
}

static void give_one(void)
{
	static uint8_t bytes[BUFFERS_MOST];
	struct virtio_buffer buffers[BUFFERS_MOST];
	unsigned count = host_random(BUFFERS_MOST) + 1, owner = 0;
	int error;

	while (owner < SIZE && owners[owner])
		owner++;
	for (unsigned i = 0; i < count; i++)
		buffers[i] = (struct virtio_buffer){ &bytes[i], 1, i > 0 };
	error = virtio_give(&queue, buffers, count, &owners[owner]);
	note_wrong(error != (places_given + count > SIZE ? -EAGAIN : 0),
		   "room is there, or is not there");
	if (error)
		return;
	owners[owner] = count;
	given_count++;
	places_given += count;
}

static void take_all(void)
{
	uint32_t written;
	unsigned *owner;

	while ((owner = virtio_take(&queue, &written))) {
		note_wrong(*owner == 0, "an owner comes back twice");
		note_wrong(*owner != written, "a different owner comes back");
		places_given -= *owner;
		given_count--;
		*owner = 0;
	}
}

static void run(bool lies)
{
	for (int step = 0; step < 200000; step++) {
		switch (host_random(lies ? 4 : 3)) {
		case 0:
			give_one();
			break;
		case 1:
			look_at_given();
			if (held_count > 0)
				finish_one();
			break;
		case 2:
			take_all();
			break;
		default:
			/* The device may be SIZE entries ahead at most. */
			if ((uint16_t)(queue.used->count - queue.taken) <
			    SIZE - given_count)
				lie();
			take_all();
			break;
		}
		note_wrong(queue.free_count != SIZE - places_given,
			   "a place is lost");
	}
	look_at_given();
	while (held_count > 0)
		finish_one();
	take_all();
	is(given_count, 0, lies ? "lies_hide_a_request"
				: "request_does_not_come_back");
	is(queue.free_count, SIZE, "places_are_lost");
	is(wrong, 0, lies ? "lies_break_the_queue" : "queue_is_in_disorder");
}

int main(void)
{
	memory = host_boot_memory(PAGES * PAGE_SIZE);
	test_memory();
	is(begin(), 0, "queue_begins");
	run(false);
	run(true);
	return tap_done();
}
