/*
 * libc_malloc.c - the heap under a random load, and misuse that the heap must
 * notice.
 *
 * The break moves in an array here, and foreign code moves the break now and
 * then. Each block is filled with its own pattern. The next check finds blocks
 * that overlap, have moved without their bytes or are not aligned. When all
 * blocks are free again, they must have joined to one chunk per row.
 *
 * A program with wrong use of the heap must die with a message: the test forks
 * a child for each misuse. The sanitizer does not know this heap, so the
 * sanitizer does not interfere.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libc/internal.h"
#include "tests/tap.h"

static char arena[64 << 20] __attribute__((aligned(4096)));
static char *arena_break = arena + 24;	/* not aligned, as _end may be */
static bool no_memory;

/* There is one thread here. */
int __threaded;

void __lock_take(unsigned *word)
{
	*word = 1;
}

void __lock_give(unsigned *word)
{
	*word = 0;
}

static void *our_sbrk(intptr_t bytes)
{
	char *old = arena_break;

	if (no_memory && bytes > 0) {
		errno = ENOMEM;
		return (void *)-1;
	}
	if (bytes > arena + sizeof(arena) - arena_break)
		return (void *)-1;
	arena_break += bytes;
	return old;
}

const char *__program_name(void)
{
	return "test";
}

/* The kernel's report is tried in the guest: tests/shell/crash.sh. */
void __abort_because(unsigned crash, uint32_t place)
{
	(void)crash;
	(void)place;
	abort();
}

#define aligned_alloc	our_aligned_alloc
#define calloc		our_calloc
#define free		our_free
#define malloc		our_malloc
#define posix_memalign	our_posix_memalign
#define realloc		our_realloc
#define reallocarray	our_reallocarray
#define sbrk		our_sbrk
#include "libc/stdlib/heap.c"
#include "libc/stdlib/heap_refuse.c"
#include "libc/stdlib/malloc.c"
#undef malloc
#undef free

#define BLOCKS 400
#define ROUNDS 200000

static struct block {
	unsigned char *memory;
	size_t bytes;
	unsigned char pattern;
} blocks[BLOCKS];

static size_t random_size(void)
{
	if (rand() % 10000 == 0)
		return LARGE + (size_t)(rand() % 100000);
	if (rand() % 200 == 0)
		return LARGE_ZEROS + (size_t)(rand() % 100000);
	return (size_t)rand() % ((size_t)1 << rand() % 14);
}

static bool intact(const struct block *b, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		if (b->memory[i] != b->pattern)
			return false;
	}
	return true;
}

static void fill(struct block *b, unsigned char *memory, size_t bytes)
{
	b->memory = memory;
	b->bytes = bytes;
	b->pattern = (unsigned char)rand();
	memset(memory, b->pattern, bytes);
}

/* One step; false after a failed check. */
static bool step(struct block *b)
{
	size_t bytes = random_size(), alignment = 16;
	unsigned char *memory;

	if (b->memory && rand() % 3 == 0) {
		memory = our_realloc(b->memory, bytes);
		b->memory = memory;
		if (!intact(b, bytes < b->bytes ? bytes : b->bytes))
			return false;
		fill(b, memory, bytes);
	} else if (b->memory) {
		if (!intact(b, b->bytes))
			return false;
		our_free(b->memory);
		b->memory = NULL;
	} else if (rand() % 8 == 0) {
		alignment = (size_t)16 << rand() % 9;
		fill(b, our_aligned_alloc(alignment, bytes), bytes);
	} else if (rand() % 8 == 0) {
		b->memory = our_calloc(bytes, 1);
		b->pattern = 0;
		if (!intact(b, bytes))
			return false;
		fill(b, b->memory, bytes);
	} else {
		fill(b, our_malloc(bytes), bytes);
	}
	return (uintptr_t)b->memory % alignment == 0;
}

static void random_load(void)
{
	int bad = 0, free_chunks = 0, rows = 1;
	char *foreign;

	for (int i = 0; i < ROUNDS; i++) {
		bad += !step(&blocks[rand() % BLOCKS]);
		if (i % 20000 == 10000) {	/* foreign memory */
			foreign = our_sbrk(100);
			memset(foreign, 0x55, 100);
			rows++;
		}
	}
	for (int i = 0; i < BLOCKS; i++) {
		bad += blocks[i].memory && !intact(&blocks[i],
			blocks[i].bytes);
		our_free(blocks[i].memory);
	}
	empty_quick_lists();
	for (int i = 0; i < LISTS; i++) {
		for (struct chunk *c = lists[i]; c; c = c->next)
			free_chunks++;
	}
	is(bad, 0, "blocks_keep_their_bytes_and_alignment");
	ok(free_chunks <= rows, "freed_neighbours_join");
}

static void exhaustion(void)
{
	void *memory;

	errno = 0;
	ok(!our_malloc(PTRDIFF_MAX + (size_t)1) && errno == ENOMEM,
		"malloc_beyond_all_memory_is_ENOMEM");
	errno = 0;
	ok(!our_calloc(SIZE_MAX / 2, 3) && errno == ENOMEM,
		"calloc_product_does_not_wrap");
	memory = our_malloc(100);
	errno = 0;
	ok(!our_reallocarray(memory, SIZE_MAX / 2, 3) && errno == ENOMEM,
		"reallocarray_product_does_not_wrap");
	no_memory = true;
	errno = 0;
	for (int i = 0; i < 10000 && our_malloc(100000); i++)
		;
	ok(errno == ENOMEM, "malloc_without_memory_is_ENOMEM");
	ok(our_realloc(memory, 90000) == NULL || errno == ENOMEM,
		"realloc_without_memory_leaves_the_block");
	no_memory = false;
	ok(our_posix_memalign(&memory, 24, 8) == EINVAL &&
		our_posix_memalign(&memory, 2, 8) == EINVAL,
		"alignment_must_be_a_power_of_two_of_pointers");
}

/* Small freed blocks are kept apart. A larger block is made of them before the
 * heap grows. */
static void small_blocks_join(void)
{
	static void *small[200];
	char *end;

	for (int i = 0; i < 200; i++)
		small[i] = our_malloc(100);
	for (int i = 0; i < 200; i++)
		our_free(small[i]);
	ok(our_malloc(100) == small[199], "freed_last_is_given_first");
	our_free(small[199]);
	end = arena_break;
	no_memory = true;
	ok(our_malloc(200 * 100), "large_block_is_made_of_freed_small_ones");
	no_memory = false;
	ok(arena_break == end, "and_the_heap_does_not_grow");
}

/* A program that has freed much memory gives the end of the heap back. */
static void free_end_goes_back(void)
{
	char *before = arena_break, *blocks_of_a_mebibyte[16];

	for (int i = 0; i < 16; i++)
		blocks_of_a_mebibyte[i] = our_malloc(1 << 20);
	ok(arena_break > before + (15 << 20), "mebibytes_come_from_the_heap");
	for (int i = 0; i < 16; i++)
		our_free(blocks_of_a_mebibyte[i]);
	ok(arena_break < before + (5 << 20), "free_end_of_the_heap_goes_back");
	ok(our_malloc(1 << 20), "heap_works_after_it_has_shrunk");
}

static volatile size_t offset;	/* not known to the compiler */

static void frees_twice(void)
{
	char *block = our_malloc(50);

	our_free(block);
	our_free(block);
}

static void frees_twice_after_joining(void)
{
	char *a = our_malloc(50), *b = our_malloc(50);

	our_free(a);
	our_free(b);
	our_free(b);
}

static void frees_the_middle(void)
{
	our_free((char *)our_malloc(50) + 16);
}

static void frees_an_odd_address(void)
{
	our_free((char *)our_malloc(50) + 1);
}

/* The block fills its chunk, so the byte behind is in the next header. */
static void writes_behind_the_end(void)
{
	size_t bytes = 3 * ALIGNMENT - HEADER + offset;
	char *block = our_malloc(bytes);
	char *next = our_malloc(24);

	block[bytes] = 1;
	our_free(block);
	our_free(next);
}

static void writes_to_freed_memory_and_allocates(void)
{
	char *a = our_malloc(40), *b = our_malloc(40);

	our_free(a);
	our_free(b);
	memset(b, 1, 16);
	our_malloc(40);
}

static void writes_in_front_of_freed_memory(void)
{
	char *a = our_malloc(40);

	our_free(a);
	chunk_of(a)->size = 1;
	our_malloc(40);
}

static void writes_to_freed_memory(void)
{
	char *a = our_malloc(40), *keep = our_malloc(40);
	char *b = our_malloc(40), *end = our_malloc(40);

	our_free(a);
	our_free(b);
	memset(b, 1, 16);
	our_free(keep);
	our_free(end);
}

static void must_die(void (*misuse)(void), const char *name)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		if (!freopen("/dev/null", "w", stderr))
			_exit(1);
		misuse();
		_exit(0);
	}
	waitpid(child, &status, 0);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "%s", name);
}

int main(void)
{
	srand(1);
	random_load();
	small_blocks_join();
	free_end_goes_back();
	exhaustion();
	must_die(frees_twice, "second_free_is_noticed");
	must_die(frees_twice_after_joining, "second_free_of_joined_is_noticed");
	must_die(frees_the_middle, "free_of_a_middle_is_noticed");
	must_die(frees_an_odd_address, "free_of_an_odd_address_is_noticed");
	must_die(writes_behind_the_end, "write_behind_the_end_is_noticed");
	must_die(writes_to_freed_memory, "write_to_freed_memory_is_noticed");
	must_die(writes_to_freed_memory_and_allocates,
		"write_to_freed_memory_is_noticed_by_malloc");
	must_die(writes_in_front_of_freed_memory,
		"write_in_front_of_freed_memory_is_noticed");
	return tap_done();
}
