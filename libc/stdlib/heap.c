/*
 * heap.c - the heap of malloc(): a row of chunks, and lists of free chunks.
 *
 * The heap is a row of chunks: see heap.h. Free chunks hang in lists by size,
 * one list for each multiple of 16 up to 512 and four for each power of two
 * above; a bitmap says which lists are not empty. Within a list of mixed sizes
 * the first chunk that fits is taken. Free neighbours are joined.
 *
 * The heap grows by brk(), at least 64 KiB at a time: pages not touched cost
 * nothing. When much memory at the end is free, the end goes back.
 *
 * The caller holds the lock of malloc.c.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#include "libc/stdlib/heap.h"

#define GROWTH		(64u << 10)
#define FREE_MOST	(4u << 20)	/* at the end of the heap */
#define PAGE		4096u

#define EXACT_LISTS	32		/* of 16, 32, ... 512 bytes */
#define LISTS		64

struct heap __heap;
static struct chunk *lists[LISTS];
static uint64_t filled;			/* bit n: lists[n] is not empty */

/* The list for chunks of this size, 16 to 2^18 and more. */
static int list_of(uint32_t size)
{
	int log, list;

	if (size <= EXACT_LISTS * ALIGNMENT)
		return (int)(size / ALIGNMENT) - 1;
	log = 31 - __builtin_clz(size);		/* 9 for 512 */
	list = EXACT_LISTS + (log - 9) * 4 + (int)(size >> (log - 2) & 3);
	return list < LISTS ? list : LISTS - 1;
}

static void link_chunk(struct chunk *chunk)
{
	int list = list_of(size_of(chunk));

	chunk->prev = NULL;
	chunk->next = lists[list];
	if (chunk->next)
		chunk->next->prev = chunk;
	lists[list] = chunk;
	filled |= (uint64_t)1 << list;
}

void __heap_unlink(struct chunk *chunk)
{
	int list = list_of(size_of(chunk));
	struct chunk *next = __heap_next(chunk);

	if (lists[list] != chunk) {
		if (!__heap_holds(chunk->prev) || chunk->prev->next != chunk)
			__heap_refuse_freed(chunk);
		chunk->prev->next = next;
	} else {
		lists[list] = next;
		if (!next)
			filled &= ~((uint64_t)1 << list);
	}
	if (next)
		next->prev = chunk->prev;
}

void __heap_set_size(struct chunk *chunk, uint32_t size, uint32_t bits)
{
	chunk->size = size | bits;
	after(chunk)->before = size;
}

void __heap_release(struct chunk *chunk)
{
	uint32_t size = size_of(chunk);
	struct chunk *next = after(chunk);

	if (!(next->size & IN_USE)) {
		__heap_unlink(next);
		size += size_of(next);
	}
	if (chunk->before && !(before(chunk)->size & IN_USE)) {
		chunk = before(chunk);
		__heap_unlink(chunk);
		size += size_of(chunk);
	}
	__heap_set_size(chunk, size, 0);
	link_chunk(chunk);
}

void __heap_trim(struct chunk *chunk, uint32_t size)
{
	uint32_t rest = size_of(chunk) - size;
	struct chunk *remainder;

	if (rest < SMALLEST)
		return;
	remainder = (struct chunk *)((char *)chunk + size);
	chunk->size = size | IN_USE;
	remainder->before = size;
	remainder->by = 0;
	__heap_set_size(remainder, rest, 0);
	__heap_release(remainder);
}

static void begin_row(struct chunk *chunk)
{
	if (__heap.first)
		chunk_of(__heap.end)->by = (uintptr_t)chunk;
	else
		__heap.first = chunk;
}

bool __heap_grow(uint32_t size)
{
	char *start = sbrk(0);
	uintptr_t end = (uintptr_t)start + size + 2 * ALIGNMENT + GROWTH;
	struct chunk *chunk, *end_chunk;

	end &= ~(uintptr_t)(PAGE - 1);
	if (end < (uintptr_t)start ||
	    sbrk((intptr_t)(end - (uintptr_t)start)) == (void *)-1)
		return false;
	if (start == __heap.end) {	/* the old end chunk begins the new */
		chunk = chunk_of(start);
	} else {
		chunk = chunk_of(start + ALIGNMENT +
			-(uintptr_t)start % ALIGNMENT);
		chunk->before = 0;
		begin_row(chunk);
	}
	__heap.end = (char *)end;
	end_chunk = chunk_of(__heap.end);
	end_chunk->size = IN_USE;
	end_chunk->by = 0;
	__heap_set_size(chunk, (uint32_t)((char *)end_chunk - (char *)chunk),
			0);
	chunk->by = 0;
	__heap_release(chunk);
	return true;
}

void __heap_shrink(void)
{
	struct chunk *last = before(chunk_of(__heap.end));
	int error = errno;		/* free() keeps errno */
	uintptr_t end;

	if (last->size & IN_USE || size_of(last) <= FREE_MOST ||
	    sbrk(0) != __heap.end)
		return;
	end = ROUND_UP((uintptr_t)last + GROWTH, PAGE);
	__heap_unlink(last);
	if (sbrk((intptr_t)(end - (uintptr_t)__heap.end)) != (void *)-1) {
		__heap.end = (char *)end;
		chunk_of(__heap.end)->size = IN_USE;
		chunk_of(__heap.end)->by = 0;
	}
	errno = error;
	__heap_set_size(last, (uint32_t)(__heap.end - HEADER - (char *)last),
		       0);
	link_chunk(last);
}

struct chunk *__heap_take(uint32_t size)
{
	int list = list_of(size);
	uint64_t candidates = filled >> list << list;

	while (candidates) {
		struct chunk *chunk;

		list = __builtin_ctzll(candidates);
		for (chunk = lists[list]; chunk; chunk = __heap_next(chunk)) {
			if (size_of(chunk) < size)
				continue;
			__heap_unlink(chunk);
			chunk->size |= IN_USE;
			__heap_trim(chunk, size);
			return chunk;
		}
		candidates &= candidates - 1;
	}
	return NULL;
}
