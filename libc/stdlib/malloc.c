/*
 * malloc.c - memory in pieces of any size.
 *
 * Small blocks that the program frees go to quick lists, a list for each
 * size: the next malloc() of this size takes the block freed last. The
 * neighbours do not join such a chunk. After 1,000 calls of free(), and before
 * the heap grows, the quick lists are emptied. All other chunks come from
 * heap.c, and return there.
 *
 * Very large blocks are mappings of their own, which go back to the kernel at
 * once. So are large blocks of calloc(): the pages of a mapping are zero.
 *
 * Both sizes are stored twice, by a chunk and its neighbour, and free() looks
 * at all of them: a write behind the end of a block, a pointer that malloc()
 * never gave and a second free() end the program there. heap_refuse.c then
 * finds out what the program did.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "libc/internal.h"
#include "libc/stdlib/heap.h"

#define LARGE		(4u << 20)	/* a mapping of its own from here */
#define LARGE_ZEROS	(128u << 10)	/* the same, of calloc() */
#define PAGE		4096u

#define QUICK_LISTS	33		/* of 0, 16, 32, ... 512 bytes */
#define QUICK_LARGEST	((QUICK_LISTS - 1) * ALIGNMENT)
#define QUICK_FREES_MOST	1000	/* then all quick lists are emptied */

/* Where the program has called a function of this file. */
#define CALLER	((uintptr_t)__builtin_return_address(0))

static struct chunk *quick[QUICK_LISTS];
static int quick_frees;			/* since all lists were empty */
static unsigned lock;			/* of the heap and the lists */

void __malloc_hold(bool holds);

/* fork() keeps all threads out meanwhile. */
void __malloc_hold(bool holds)
{
	if (holds)
		__lock(&lock);
	else
		__unlock(&lock);
}

/* ---- Quick lists -------------------------------------------------------- */

/* The chunk of this size freed last, or NULL. */
static struct chunk *take_quick(uint32_t size)
{
	struct chunk **list, *chunk;

	if (size > QUICK_LARGEST)
		return NULL;
	list = &quick[size / ALIGNMENT];
	chunk = *list;
	if (!chunk)
		return NULL;
	if (chunk->size != (size | IN_USE | QUICK))
		__heap_refuse_freed(chunk);
	*list = __heap_next(chunk);
	chunk->size = size | IN_USE;
	return chunk;
}

/* All chunks of the quick lists join their neighbours. */
static void empty_quick_lists(void)
{
	struct chunk *chunk, *next;
	int list;

	for (list = 0; list < QUICK_LISTS; list++) {
		for (chunk = quick[list]; chunk; chunk = next) {
			next = __heap_next(chunk);
			__heap_release(chunk);
		}
		quick[list] = NULL;
	}
	quick_frees = 0;
}

static void put_quick(struct chunk *chunk)
{
	uint32_t size = size_of(chunk);
	struct chunk **list = &quick[size / ALIGNMENT];

	if (*list) {
		__heap_next(*list);	/* did the program write there? */
		(*list)->prev = chunk;
	}
	chunk->size = size | IN_USE | QUICK;
	chunk->next = *list;
	*list = chunk;
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

	if (bytes > PTRDIFF_MAX) {
		errno = ENOMEM;
		return NULL;
	}
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
		__heap_refuse(chunk);
}

/* Take a block back, and keep which function gave it; the lock is held. */
static inline void give_back(struct chunk *chunk, uintptr_t caller)
{
	if (size_of(chunk) <= QUICK_LARGEST) {
		chunk->by = caller;
		put_quick(chunk);
		if (++quick_frees == QUICK_FREES_MOST)
			empty_quick_lists();
	} else if (chunk->size & MAPPED) {
		unmap_block(chunk);
	} else {
		chunk->by = caller;
		__heap_release(chunk);
		__heap_shrink();
	}
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
	if ((uintptr_t)payload_of(chunk) % ALIGNMENT)
		return false;
	if ((chunk->size & BITS) != IN_USE)
		return (chunk->size & BITS) == (MAPPED | IN_USE);
	return size_of(chunk) >= SMALLEST &&
	       (char *)after(chunk) < __heap.end &&
	       after(chunk)->before == size_of(chunk) &&
	       (!chunk->before || size_of(before(chunk)) == chunk->before);
}

/* The chunk of a block handed in by a program. */
static struct chunk *checked(void *payload)
{
	struct chunk *chunk = chunk_of(payload);

	if (!is_right(chunk))
		__heap_refuse(chunk);
	return chunk;
}

/* Usable bytes of a block. */
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

/* A chunk out of the lists of heap.c, or NULL; the lock is held. */
static struct chunk *take(uint32_t size)
{
	struct chunk *chunk = __heap_take(size);

	if (!chunk) {
		empty_quick_lists();
		chunk = __heap_take(size);
	}
	if (!chunk && __heap_grow(size))
		chunk = __heap_take(size);
	return chunk;
}

void *malloc(size_t bytes)
{
	struct chunk *chunk;
	uint32_t size;

	if (bytes >= LARGE)
		return mark(map_block(bytes, ALIGNMENT), CALLER);
	size = chunk_size(bytes);
	__lock(&lock);
	chunk = take_quick(size);
	if (!chunk)
		chunk = take(size);
	__unlock(&lock);
	if (!chunk)
		return NULL;
	chunk->by = CALLER;
	return payload_of(chunk);
}

void free(void *memory)
{
	if (!memory)
		return;
	__lock(&lock);
	give_back(checked(memory), CALLER);
	__unlock(&lock);
}

void *calloc(size_t count, size_t size)
{
	size_t bytes;
	void *memory;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	if (bytes >= LARGE_ZEROS)
		return mark(map_block(bytes, ALIGNMENT), CALLER);
	memory = malloc(bytes);
	if (memory)
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
	__heap_unlink(next);
	__heap_set_size(chunk, size_of(chunk) + size_of(next), IN_USE);
	return true;
}

/* In place, if possible; the lock is held. */
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
	__heap_trim(chunk, size);
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
	struct chunk *front = take(chunk_size(bytes + alignment + SMALLEST));
	struct chunk *chunk;
	char *memory, *aligned;
	uint32_t gap;

	if (!front)
		return NULL;
	memory = payload_of(front);
	aligned = (char *)ROUND_UP((uintptr_t)memory, alignment);
	if (aligned != memory && (size_t)(aligned - memory) < SMALLEST)
		aligned += alignment;
	chunk = chunk_of(aligned);
	if (aligned != memory) {
		gap = (uint32_t)(aligned - memory);
		__heap_set_size(chunk, size_of(front) - gap, IN_USE);
		__heap_set_size(front, gap, 0);
		front->by = 0;
		__heap_release(front);
	}
	__heap_trim(chunk, chunk_size(bytes));
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
