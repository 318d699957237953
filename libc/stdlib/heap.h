/*
 * heap.h - how the heap of malloc() lies in memory.
 *
 * The heap is a row of chunks. Each chunk has a header of three words, then the
 * block that the program uses:
 *
 *	| before | by | size+bits | block ...    | before | by | size+bits | ...
 *	^ chunk                   ^ malloc()     ^ the next chunk
 *	                            gives this
 *
 * A chunk holds its own size and the size of the chunk before it (Knuth's
 * boundary tags). So a freed chunk finds both neighbours. `by` says which
 * function allocated the block, or freed it: the crash report names it.
 *
 * `before` lies first, where a write beyond the end of the block before reaches
 * it; the size lies last, where a write before the own start reaches it.
 *
 * Sizes are multiples of 16, and a header ends at such a multiple, so every
 * block is aligned to 16. A row ends with a chunk of size 0 that is always in
 * use. If the program moves the break itself, a new row begins behind the gap;
 * `by` of the old row's end then leads to the new row.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROUND_UP(n, to)	(((n) + (to) - 1) / (to) * (to))

#define ALIGNMENT	16u
#define HEADER		offsetof(struct chunk, next)
#define SMALLEST	ROUND_UP(sizeof(struct chunk), ALIGNMENT)

#define IN_USE		1u
#define MAPPED		2u		/* a mapping; before: bytes in front */
#define QUICK		4u		/* with IN_USE: freed, not joined yet */
#define BITS		15u

struct chunk {
	uint32_t before;		/* bytes of the chunk before, or 0 */
	uint32_t by;			/* the caller of malloc() or free(), by
					 * its return address; 0: neither */
	uint32_t size;			/* bytes, header included, and bits */
	struct chunk *next, *prev;	/* only while it is free */
} __attribute__((may_alias));

struct heap {
	struct chunk *first;		/* NULL: there is no heap yet */
	char *end;			/* behind the last row's end chunk */
};

static inline uint32_t size_of(const struct chunk *chunk)
{
	return chunk->size & ~BITS;
}

static inline struct chunk *after(struct chunk *chunk)
{
	return (struct chunk *)((char *)chunk + size_of(chunk));
}

static inline struct chunk *before(struct chunk *chunk)
{
	return (struct chunk *)((char *)chunk - chunk->before);
}

static inline void *payload_of(struct chunk *chunk)
{
	return (char *)chunk + HEADER;
}

static inline struct chunk *chunk_of(void *payload)
{
	return (struct chunk *)((char *)payload - HEADER);
}

extern struct heap __heap;

/* heap.c; the lock of malloc.c is held. */

/* A free chunk, now in use and cut to this size; NULL: the heap must grow. */
struct chunk *__heap_take(uint32_t size);
/* Add a free chunk for this size; false: the kernel has no memory (ENOMEM). */
bool __heap_grow(uint32_t size);
/* Join a chunk with free neighbours, and list it. */
void __heap_release(struct chunk *chunk);
/* Take a free chunk out of its list. */
void __heap_unlink(struct chunk *chunk);
/* Keep the first bytes of a used chunk, and release the rest, if the rest is
 * large enough for a chunk. */
void __heap_trim(struct chunk *chunk, uint32_t size);
/* Set the size here and in the next chunk. */
void __heap_set_size(struct chunk *chunk, uint32_t size, uint32_t bits);
/* Give the free end of the heap back to the kernel, when the end is long. After
 * a move of the break by the program, the end stays. */
void __heap_shrink(void);

/* heap_refuse.c */

/* End the program: free() or realloc() was asked to take this chunk, which is
 * no chunk in use. The report says what the program did. */
_Noreturn void __heap_refuse(struct chunk *chunk);
/* The same: the program has written to this chunk, which is free. */
_Noreturn void __heap_refuse_freed(const struct chunk *chunk);

static inline bool __heap_holds(const struct chunk *chunk)
{
	return chunk >= __heap.first && (const char *)chunk < __heap.end;
}

/* The next in the list of a free chunk. A program that still uses a freed block
 * often writes there. */
static inline struct chunk *__heap_next(const struct chunk *chunk)
{
	if (chunk->next && (!__heap_holds(chunk->next) ||
			    chunk->next->prev != chunk))
		__heap_refuse_freed(chunk);
	return chunk->next;
}
