/*
 * ring.c - producer and consumer with a ring in shared memory, and no kernel
 * between them.
 *
 *	         head (read so far)      tail (written so far)
 *	           v                       v
 *	  [ ][ ][ ][7][8][9][10][11][12][13][ ][ ][ ]
 *
 * Only the consumer moves head, only the producer moves tail, so no lock is
 * needed. The order needs care: the number must be in its slot before tail
 * moves (release), and tail must be read before the slot (acquire). A process
 * makes a system call only when the ring is full or empty: sched_yield().
 *
 * Lamport, "Proving the correctness of multiprocess programs", 1977.
 */
#include <err.h>
#include <program.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"ring [COUNT]\n"
	"Passes the numbers below COUNT (or 100000) from one process to\n"
	"another through shared memory, and says how often one had to wait.\n";

#define SLOTS	512			/* a power of two */

struct ring {
	atomic_uint head;		/* the consumer's */
	atomic_uint tail;		/* the producer's */
	unsigned slots[SLOTS];
};

static unsigned yields;

static void put(struct ring *ring, unsigned number)
{
	unsigned tail = atomic_load_explicit(&ring->tail,
					     memory_order_relaxed);

	while (tail - atomic_load_explicit(&ring->head, memory_order_acquire) ==
	       SLOTS) {
		yields++;
		sched_yield();
	}
	ring->slots[tail % SLOTS] = number;
	atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
}

static unsigned take(struct ring *ring)
{
	unsigned head = atomic_load_explicit(&ring->head,
					     memory_order_relaxed);
	unsigned number;

	while (atomic_load_explicit(&ring->tail, memory_order_acquire) ==
	       head) {
		yields++;
		sched_yield();
	}
	number = ring->slots[head % SLOTS];
	atomic_store_explicit(&ring->head, head + 1, memory_order_release);
	return number;
}

static int consume(struct ring *ring, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		unsigned number = take(ring);

		if (number != i)
			errx(1, "%u came in place of %u", number, i);
	}
	printf("consumer: %u numbers in order, waited %u times\n", count,
	       yields);
	return finish(0);
}

int main(int argc, char **argv)
{
	unsigned count = 100000;
	struct ring *ring;
	int status;
	pid_t child;

	argv = parse_no_options(argc, argv, help);
	if (*argv && argv[1])
		usage('?', help);
	if (*argv)
		count = parse_number(*argv, 0, 1000000000, "number");
	/* Shared: the parent sees the writes of the child. */
	ring = mmap(NULL, sizeof(*ring), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (ring == MAP_FAILED)
		err(1, "mmap");
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (child == 0)
		return consume(ring, count);
	for (unsigned i = 0; i < count; i++)
		put(ring, i);
	if (waitpid(child, &status, 0) < 0)
		err(1, "waitpid");
	printf("producer: waited %u times\n", yields);
	return finish(status ? 1 : 0);
}
