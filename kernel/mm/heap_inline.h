/*
 * heap_inline.h - taking an object from its pool and giving it back, in line:
 * for what each mmap() and munmap() does.
 *
 * A page of a pool begins with a header; the rest is objects. A free object's
 * first word points to the next free one of the same page. Pages with a free
 * object hang in pool->partial; full ones hang nowhere and come back when one
 * of their objects is freed.
 */
#pragma once

#include "kernel/lib/assert.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"

struct pool_page {
	struct pool_page *next;	/* in pool->partial, */
	struct pool_page **link;	/* and the pointer that points here */
	struct pool *pool;
	void *free;		/* first free object, NULL when full */
	uint32_t used;
};

static inline struct pool_page *pool_page_of(void *object)
{
	return (struct pool_page *)ALIGN_DOWN((uintptr_t)object,
					      (uintptr_t)PAGE_SIZE);
}

/* heap.c: what happens seldom. */
void *pool_alloc_slowly(struct pool *pool);
void pool_page_is_full(struct pool_page *page);
void pool_page_changes(struct pool_page *page, bool was_full);

/* Of the first page that has one: there is such a page. */
static inline void *pool_take(struct pool *pool)
{
	struct pool_page *page = pool->partial;
	void *object = page->free;

	page->free = *(void **)object;
	page->used++;
	pool->used++;
	if (UNLIKELY(!page->free))
		pool_page_is_full(page);
	return object;
}

static inline void *pool_alloc_in_line(struct pool *pool)
{
	if (UNLIKELY(!pool->partial || alloc_fail_countdown))
		return pool_alloc_slowly(pool);
	return pool_take(pool);
}

static inline void pool_free_in_line(struct pool *pool, void *object)
{
	struct pool_page *page = pool_page_of(object);
	void *next = page->free;

	ASSERT(page->pool == pool && page->used > 0);
	*(void **)object = next;
	page->free = object;
	page->used--;
	pool->used--;
	if (UNLIKELY(!next))
		pool_page_changes(page, true);
	else if (UNLIKELY(page->used == 0))
		pool_page_changes(page, false);
}
