/*
 * malloc.c - memory in pieces of any size.
 *
 * The heap is a row of chunks: see heap.h. Free chunks hang in lists by size,
 * one list for each multiple of 16 up to 512 and four for each power of two
 * above; a bitmap says which lists are not empty. Within a list of mixed sizes
 * the first chunk that fits is taken.
 *
 * The heap grows by brk(), at least 64 KiB at a time: pages not touched cost
 * nothing. Requests of 128 KiB and more are mappings of their own, which go
 * back at once.
 *
 * Both sizes are stored twice, by a chunk and its neighbour, and free() looks
 * at all of them: a write behind the end of a block, a pointer that malloc()
 * never gave and a second free() end the program there. heap_refuse.c then
 * finds out what the program did.
 *
 * More than 400 lines, because everything here moves the same words about: a
 * reader wants the rows, the lists and the checks on one page.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "libc/internal.h"
#include "libc/stdlib/heap.h"

#define LARGE		(128u << 10)	/* a mapping of its own from here */
#define GROWTH		(64u << 10)
#define PAGE		4096u

#define EXACT_LISTS	32		/* of 16, 32, ... 512 bytes */
#define LISTS		64

/* Where the program has called a function of this file. */
#define CALLER	((uintptr_t)__builtin_return_address(0))

static struct chunk *lists[LISTS];
static uint64_t filled;			/* bit n: lists[n] is not empty */
static struct heap heap;
static unsigned lock;			/* of all that is here */

void __malloc_hold(bool holds);

/* fork() keeps others out meanwhile. */
void __malloc_hold(bool holds)
{
	if (holds)
		__lock(&lock);
	else
		__unlock(&lock);
}

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

static bool is_ours(const struct chunk *chunk)
{
	return chunk >= heap.first && (const char *)chunk < heap.end;
}

/* The next in its list. A program that still uses a freed block often writes
 * there. */
static struct chunk *next_free(const struct chunk *chunk)
{
	if (chunk->next && (!is_ours(chunk->next) ||
			    chunk->next->prev != chunk))
		__heap_refuse_freed(chunk);
	return chunk->next;
}

static void unlink_chunk(struct chunk *chunk)
{
	int list = list_of(size_of(chunk));
	struct chunk *next = next_free(chunk);

	if (lists[list] != chunk) {
		if (!is_ours(chunk->prev) || chunk->prev->next != chunk)
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

/* Set the size here and in the chunk behind. */
static void set_size(struct chunk *chunk, uint32_t size, uint32_t bits)
{
	chunk->size = size | bits;
	after(chunk)->before = size;
}

/* Join a chunk that is not in use with free neighbours, and list it. */
static void release(struct chunk *chunk)
{
	uint32_t size = size_of(chunk);
	struct chunk *next = after(chunk);

	if (!(next->size & IN_USE)) {
		unlink_chunk(next);
		size += size_of(next);
	}
	if (chunk->before && !(before(chunk)->size & IN_USE)) {
		chunk = before(chunk);
		unlink_chunk(chunk);
		size += size_of(chunk);
	}
	set_size(chunk, size, 0);
	link_chunk(chunk);
}

/* Keep the first bytes of a used chunk, release the rest if it is worth it. */
static void trim(struct chunk *chunk, uint32_t size)
{
	uint32_t rest = size_of(chunk) - size;
	struct chunk *remainder;

	if (rest < SMALLEST)
		return;
	remainder = (struct chunk *)((char *)chunk + size);
	chunk->size = size | IN_USE;
	remainder->before = size;
	remainder->by = 0;
	set_size(remainder, rest, 0);
	release(remainder);
}

static void begin_row(struct chunk *chunk)
{
	if (heap.first)
		chunk_of(heap.end)->by = (uintptr_t)chunk;
	else
		heap.first = chunk;
}

/* Get size bytes more from the kernel, as a free chunk. */
static bool grow(uint32_t size)
{
	char *start = sbrk(0);
	uintptr_t end = (uintptr_t)start + size + 2 * ALIGNMENT + GROWTH;
	struct chunk *chunk, *end_chunk;

	end &= ~(uintptr_t)(PAGE - 1);
	if (end < (uintptr_t)start ||
	    sbrk((intptr_t)(end - (uintptr_t)start)) == (void *)-1)
		return false;
	if (start == heap.end) {	/* the old end chunk begins the new */
		chunk = chunk_of(start);
	} else {
		chunk = chunk_of(start + ALIGNMENT +
			-(uintptr_t)start % ALIGNMENT);
		chunk->before = 0;
		begin_row(chunk);
	}
	heap.end = (char *)end;
	end_chunk = chunk_of(heap.end);
	end_chunk->size = IN_USE;
	end_chunk->by = 0;
	set_size(chunk, (uint32_t)((char *)end_chunk - (char *)chunk), 0);
	chunk->by = 0;
	release(chunk);
	return true;
}

/* A free chunk of at least size bytes out of its list, or NULL. */
static struct chunk *take(uint32_t size)
{
	int list = list_of(size);
	uint64_t candidates = filled >> list << list;

	while (candidates) {
		struct chunk *chunk;

		list = __builtin_ctzll(candidates);
		for (chunk = lists[list]; chunk; chunk = next_free(chunk)) {
			if (size_of(chunk) < size)
				continue;
			unlink_chunk(chunk);
			chunk->size |= IN_USE;
			return chunk;
		}
		candidates &= candidates - 1;
	}
	return NULL;
}

/* ---- Mappings ---------------------------------------------------------- */

/*
 * A large block lies behind its header in pages of its own. The header's
 * `before` is where it lies in the mapping, its size is the mapping's.
 */
static void *map_block(size_t bytes, size_t alignment)
{
	size_t size = ROUND_UP(bytes + ALIGNMENT + alignment, PAGE);
	struct chunk *chunk;
	char *memory;

	memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return NULL;
	chunk = chunk_of((void *)ROUND_UP((uintptr_t)memory + ALIGNMENT,
		alignment));
	chunk->before = (uint32_t)((char *)chunk - memory);
	chunk->size = (uint32_t)size | MAPPED | IN_USE;
	return payload_of(chunk);
}

static void unmap_block(struct chunk *chunk)
{
	char *memory = (char *)chunk - chunk->before;

	if ((uintptr_t)memory % PAGE || munmap(memory, size_of(chunk)) < 0)
		__heap_refuse(&heap, chunk);
}

/* Take a block back, and keep which function gave it; the lock is held. */
static inline void give_back(struct chunk *chunk, uintptr_t caller)
{
	if (chunk->size & MAPPED) {
		unmap_block(chunk);
		return;
	}
	chunk->size = size_of(chunk);
	chunk->by = caller;
	release(chunk);
}

/* Keep which function has allocated the block, or NULL. */
static void *mark(void *memory, uintptr_t caller)
{
	if (memory)
		chunk_of(memory)->by = caller;
	return memory;
}

/* ---- What programs call ------------------------------------------------ */

/* Is this a chunk in use, by all that the sizes around it say? */
static bool is_right(struct chunk *chunk)
{
	if ((uintptr_t)payload_of(chunk) % ALIGNMENT ||
	    !(chunk->size & IN_USE))
		return false;
	if (chunk->size & MAPPED)
		return true;
	return size_of(chunk) >= SMALLEST &&
	       (char *)after(chunk) < heap.end &&
	       after(chunk)->before == size_of(chunk) &&
	       (!chunk->before || size_of(before(chunk)) == chunk->before);
}

/* The chunk of a block that a program hands in. */
static struct chunk *checked(void *payload)
{
	struct chunk *chunk = chunk_of(payload);

	if (!is_right(chunk))
		__heap_refuse(&heap, chunk);
	return chunk;
}

/* Bytes that a program can use in a block. */
static size_t room(struct chunk *chunk)
{
	if (chunk->size & MAPPED)
		return size_of(chunk) - chunk->before - HEADER;
	return size_of(chunk) - HEADER;
}

/* The size of a chunk for this many bytes. */
static uint32_t chunk_size(size_t bytes)
{
	uint32_t size = ROUND_UP((uint32_t)bytes + HEADER, ALIGNMENT);

	return size < SMALLEST ? SMALLEST : size;
}

/* A block of the heap; the lock is held. */
static void *take_or_grow(uint32_t size)
{
	struct chunk *chunk = take(size);

	if (!chunk) {
		if (!grow(size))
			return NULL;
		chunk = take(size);
	}
	trim(chunk, size);
	return payload_of(chunk);
}

void *malloc(size_t bytes)
{
	void *memory;

	if (bytes > PTRDIFF_MAX) {
		errno = ENOMEM;
		return NULL;
	}
	if (bytes >= LARGE)
		return mark(map_block(bytes, ALIGNMENT), CALLER);
	__lock(&lock);
	memory = take_or_grow(chunk_size(bytes));
	__unlock(&lock);
	return mark(memory, CALLER);
}

void free(void *memory)
{
	int error = errno;	/* POSIX: free() keeps it */

	if (!memory)
		return;
	__lock(&lock);
	give_back(checked(memory), CALLER);
	__unlock(&lock);
	errno = error;
}

void *calloc(size_t count, size_t size)
{
	size_t bytes;
	void *memory;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	memory = malloc(bytes);
	if (memory && bytes < LARGE)	/* mappings are zero already */
		memset(memory, 0, bytes);
	return mark(memory, CALLER);
}

/* Make a chunk of the heap larger where it lies, if what follows is free. */
static bool extend(struct chunk *chunk, uint32_t size)
{
	struct chunk *next = after(chunk);

	if (next->size & IN_USE)
		return false;
	if (size_of(chunk) + size_of(next) < size)
		return false;
	unlink_chunk(next);
	set_size(chunk, size_of(chunk) + size_of(next), IN_USE);
	return true;
}

/* Where it lies, if that can be; the lock is held. */
static bool resize(struct chunk *chunk, size_t bytes)
{
	uint32_t size;

	if (chunk->size & MAPPED)
		return bytes <= room(chunk) && bytes > room(chunk) / 2;
	if (bytes >= LARGE)
		return false;
	size = chunk_size(bytes);
	if (size > size_of(chunk) && !extend(chunk, size))
		return false;
	trim(chunk, size);
	return true;
}

void *realloc(void *memory, size_t bytes)
{
	struct chunk *chunk;
	bool fits;
	size_t old;
	void *moved;

	if (!memory)
		return mark(malloc(bytes), CALLER);
	__lock(&lock);
	chunk = checked(memory);
	old = room(chunk);
	fits = resize(chunk, bytes);
	__unlock(&lock);
	if (fits)
		return mark(memory, CALLER);
	moved = malloc(bytes);
	if (!moved)
		return NULL;
	memcpy(moved, memory, bytes < old ? bytes : old);
	__lock(&lock);
	give_back(chunk, CALLER);
	__unlock(&lock);
	return mark(moved, CALLER);
}

void *reallocarray(void *memory, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return mark(realloc(memory, bytes), CALLER);
}

/* Take a block that is too large and release what lies before the first
   aligned place in it. */
static void *align_in_heap(size_t bytes, size_t alignment)
{
	char *memory = take_or_grow(chunk_size(bytes + alignment + SMALLEST));
	struct chunk *chunk, *front;
	char *aligned;

	if (!memory)
		return NULL;
	aligned = (char *)ROUND_UP((uintptr_t)memory, alignment);
	if (aligned != memory && (size_t)(aligned - memory) < SMALLEST)
		aligned += alignment;
	chunk = chunk_of(aligned);
	if (aligned != memory) {
		front = chunk_of(memory);
		set_size(chunk, size_of(front) - (aligned - memory), IN_USE);
		set_size(front, (uint32_t)(aligned - memory), 0);
		front->by = 0;
		release(front);
	}
	trim(chunk, chunk_size(bytes));
	return aligned;
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
	void *memory;

	if (alignment == 0 || alignment & (alignment - 1)) {
		errno = EINVAL;
		return NULL;
	}
	if (alignment <= ALIGNMENT)
		return mark(malloc(bytes), CALLER);
	if (bytes > PTRDIFF_MAX || alignment > PTRDIFF_MAX / 2 ||
	    bytes + alignment > PTRDIFF_MAX) {
		errno = ENOMEM;
		return NULL;
	}
	if (bytes + alignment + SMALLEST >= LARGE)
		return mark(map_block(bytes, alignment), CALLER);
	__lock(&lock);
	memory = align_in_heap(bytes, alignment);
	__unlock(&lock);
	return mark(memory, CALLER);
}

int posix_memalign(void **result, size_t alignment, size_t bytes)
{
	int saved = errno, error;
	void *memory;

	if (alignment < sizeof(void *))
		return EINVAL;
	memory = mark(aligned_alloc(alignment, bytes), CALLER);
	error = memory ? 0 : errno;
	errno = saved;
	if (memory)
		*result = memory;
	return error;
}
