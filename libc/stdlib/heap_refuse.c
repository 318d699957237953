/*
 * heap_refuse.c - malloc() or free() met damage: say what the program did.
 *
 * The mistake may be far from the place that free() sees: a write beyond the
 * end of a block destroys the header of the next block. So the whole heap is
 * checked. The damaged chunk is the first chunk whose size the next chunk does
 * not confirm. If all chunks fit, the program has freed an address that is no
 * block in use.
 */
#include "kernel/abi/crashes.h"
#include "libc/internal.h"
#include "libc/stdlib/heap.h"

static bool is_in(const struct chunk *chunk)
{
	return __heap.first && chunk >= __heap.first &&
	       (const char *)chunk <= __heap.end - SMALLEST - HEADER;
}

/* Can this be a header? Its size must lead to a further header in the heap. */
static bool is_sound(const struct chunk *chunk)
{
	uint32_t size = size_of(chunk);

	return size >= SMALLEST &&
	       size <= __heap.end - HEADER - (const char *)chunk;
}

static bool is_free(const struct chunk *chunk)
{
	return (chunk->size & BITS) == 0 ||
	       (chunk->size & BITS) == (IN_USE | QUICK);
}

static struct chunk *next_in_heap(struct chunk *chunk)
{
	struct chunk *next = after(chunk);

	if (next->size == IN_USE)	/* the end of a row */
		next = (struct chunk *)(uintptr_t)next->by;
	return next > chunk ? next : NULL;
}

/* The first chunk that is damaged; NULL: all chunks fit together. */
static struct chunk *find_damage(void)
{
	struct chunk *chunk = __heap.first;

	for (; is_in(chunk); chunk = next_in_heap(chunk))
		if (!is_sound(chunk) ||
		    after(chunk)->before != size_of(chunk))
			return chunk;
	return NULL;
}

void __heap_refuse_freed(const struct chunk *chunk)
{
	__abort_because(CRASH_USE_AFTER_FREE, chunk->by);
}

static _Noreturn void refuse_damage(const struct chunk *chunk)
{
	if (!is_sound(chunk))
		__abort_because(CRASH_UNDERRUN, chunk->by);
	if (is_free(chunk))
		__heap_refuse_freed(chunk);
	__abort_because(CRASH_OVERRUN, chunk->by);
}

void __heap_refuse(struct chunk *chunk)
{
	struct chunk *damaged;

	if ((uintptr_t)payload_of(chunk) % ALIGNMENT || !is_in(chunk))
		__abort_because(CRASH_NO_BLOCK, 0);
	damaged = find_damage();
	if (damaged)
		refuse_damage(damaged);
	if (is_free(chunk) && chunk->by && is_sound(chunk))
		__abort_because(CRASH_FREED_TWICE, chunk->by);
	__abort_because(CRASH_NO_BLOCK, 0);
}
