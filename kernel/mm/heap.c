/*
 * heap.c - pools of equal objects, a page at a time.
 *
 * A page of a pool begins with a header; the rest is objects. A free object's
 * first word points to the next free one of the same page. Pages with a free
 * object stand in `partial`; full ones stand nowhere and come back when one of
 * their objects is freed. An empty page is returned at once unless it is the
 * pool's last one, which spares the next caller the trip.
 */
#include "kernel/mm/heap.h"

#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"

#define HEADER_BYTES	32	/* keeps objects of 16 and 32 bytes aligned */

struct pool_page {
	struct list_node node;	/* in pool->partial */
	struct pool *pool;
	void *free;		/* first free object, NULL when full */
	uint32_t used;
};

_Static_assert(sizeof(struct pool_page) <= HEADER_BYTES || sizeof(void *) > 4,
	       "the header must fit");
_Static_assert(POOL_LARGEST == PAGE_SIZE - HEADER_BYTES, "one object a page");

struct pool *pool_list;

static struct pool size_pools[] = {
	POOL("16", 16), POOL("32", 32), POOL("64", 64), POOL("128", 128),
	POOL("256", 256), POOL("512", 512), POOL("1008", 1008),
	POOL("2032", 2032), POOL("4064", POOL_LARGEST),
};

static struct pool_page *page_of(void *object)
{
	return (struct pool_page *)ALIGN_DOWN((uintptr_t)object,
					      (uintptr_t)PAGE_SIZE);
}

static void pool_prepare(struct pool *pool)
{
	ASSERT(pool->bytes <= POOL_LARGEST);
	pool->bytes = MAX(ALIGN_UP(pool->bytes, 16u), 16u);
	list_init(&pool->partial);
	pool->next = pool_list;
	pool_list = pool;
	pool->is_ready = true;
}

static struct pool_page *pool_grow(struct pool *pool)
{
	struct pool_page *page = page_alloc(FRAME_HEAP);
	char *object, *end = (char *)page + PAGE_SIZE - pool->bytes;

	if (!page)
		return NULL;
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
	list_node_init(&page->node);
	list_append(&pool->partial, &page->node);
	pool->pages++;
	return page;
}

static SLOW_PATH void *page_is_full(struct pool_page *page, void *last)
{
	list_remove(&page->node);
	return last;
}

/* Of the first page that has one: there is such a page. */
static inline void *take_object(struct pool *pool)
{
	struct pool_page *page = LIST_ENTRY(pool->partial.head.next,
					    struct pool_page, node);
	void *object = page->free;

	page->free = *(void **)object;
	page->used++;
	pool->used++;
	return LIKELY(page->free) ? object : page_is_full(page, object);
}

static SLOW_PATH void *alloc_slowly(struct pool *pool)
{
	if (!pool->is_ready)
		pool_prepare(pool);
	if (alloc_should_fail())
		return NULL;
	if (list_is_empty(&pool->partial) && !pool_grow(pool))
		return NULL;
	return take_object(pool);
}

void *pool_alloc_dirty(struct pool *pool)
{
	if (UNLIKELY(!pool->is_ready || list_is_empty(&pool->partial) ||
		     alloc_fail_countdown))
		return alloc_slowly(pool);
	return take_object(pool);
}

void *pool_alloc(struct pool *pool)
{
	void *object = pool_alloc_dirty(pool);

	return object ? memset(object, 0, pool->bytes) : NULL;
}

/* The page was full, or is empty now. */
static SLOW_PATH void page_changes(struct pool *pool, struct pool_page *page,
				   bool was_full)
{
	if (was_full)
		list_prepend(&pool->partial, &page->node);
	if (page->used > 0 || pool->pages == 1)
		return;
	list_remove(&page->node);
	pool->pages--;
	page_free(page);
}

void pool_free(struct pool *pool, void *object)
{
	struct pool_page *page = page_of(object);
	void *next = page->free;

	ASSERT(page->pool == pool && page->used > 0);
	*(void **)object = next;
	page->free = object;
	page->used--;
	pool->used--;
	if (UNLIKELY(!next || page->used == 0))
		page_changes(pool, page, !next);
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
		pool_free(page_of(memory)->pool, memory);
}
