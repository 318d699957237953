/*
 * heap.c - pools of equal objects, a page at a time.
 *
 * How a page of a pool looks stands in heap_inline.h. An empty page is returned
 * at once unless it is the pool's last one, which spares the next caller the
 * trip.
 */
#include "kernel/mm/heap_inline.h"

#include "kernel/lib/string.h"

#define HEADER_BYTES	32	/* keeps objects of 16 and 32 bytes aligned */

_Static_assert(sizeof(struct pool_page) <= HEADER_BYTES || sizeof(void *) > 4,
	       "the header must fit");
_Static_assert(POOL_LARGEST == PAGE_SIZE - HEADER_BYTES, "one object a page");

struct pool *pool_list;

static struct pool size_pools[] = {
	POOL("16", 16), POOL("32", 32), POOL("64", 64), POOL("128", 128),
	POOL("256", 256), POOL("512", 512), POOL("1008", 1008),
	POOL("2032", 2032), POOL("4064", POOL_LARGEST),
};

static void pool_prepare(struct pool *pool)
{
	ASSERT(pool->bytes <= POOL_LARGEST);
	pool->bytes = MAX(ALIGN_UP(pool->bytes, 16u), 16u);
	pool->next = pool_list;
	pool_list = pool;
	pool->is_ready = true;
}

static void page_link(struct pool *pool, struct pool_page *page)
{
	page->next = pool->partial;
	page->link = &pool->partial;
	if (page->next)
		page->next->link = &page->next;
	pool->partial = page;
}

static void page_unlink(struct pool_page *page)
{
	*page->link = page->next;
	if (page->next)
		page->next->link = page->link;
}

static bool pool_grow(struct pool *pool)
{
	struct pool_page *page = page_alloc(FRAME_HEAP);
	char *object, *end = (char *)page + PAGE_SIZE - pool->bytes;

	if (!page)
		return false;
	page->pool = pool;
	page->used = 0;
	page->free = NULL;
	/* Backwards, so that objects are handed out in ascending order. */
	object = (char *)page + HEADER_BYTES;
	object += (end - object) / pool->bytes * pool->bytes;
	for (; object > (char *)page; object -= pool->bytes) {
		if (object < (char *)page + HEADER_BYTES)
			break;
		*(void **)object = page->free;
		page->free = object;
	}
	page_link(pool, page);
	pool->pages++;
	return true;
}

SLOW_PATH void pool_page_is_full(struct pool_page *page)
{
	page_unlink(page);
}

SLOW_PATH void *pool_alloc_slowly(struct pool *pool)
{
	if (!pool->is_ready)
		pool_prepare(pool);
	if (alloc_should_fail())
		return NULL;
	if (!pool->partial && !pool_grow(pool))
		return NULL;
	return pool_take(pool);
}

void *pool_alloc_dirty(struct pool *pool)
{
	return pool_alloc_in_line(pool);
}

void *pool_alloc(struct pool *pool)
{
	void *object = pool_alloc_dirty(pool);

	return object ? memset(object, 0, pool->bytes) : NULL;
}

/* The page was full, or is empty now. */
SLOW_PATH void pool_page_changes(struct pool_page *page, bool was_full)
{
	struct pool *pool = page->pool;

	if (was_full)
		page_link(pool, page);
	if (page->used > 0 || pool->pages == 1)
		return;
	page_unlink(page);
	pool->pages--;
	page_free(page);
}

void pool_free(struct pool *pool, void *object)
{
	pool_free_in_line(pool, object);
}

void *heap_alloc(size_t bytes)
{
	struct pool *pool;

	for (pool = size_pools; pool->bytes < bytes; pool++)
		ASSERT(bytes <= POOL_LARGEST);
	return pool_alloc(pool);
}

void heap_free(void *memory)
{
	if (memory)
		pool_free(pool_page_of(memory)->pool, memory);
}
