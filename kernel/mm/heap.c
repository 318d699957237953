/*
 * heap.c - pools of equal objects, a page at a time.
 *
 * A page of a pool begins with a header; the rest is objects. The first word of
 * a free object points to the next free object of the same page. Pages with a
 * free object stand in the list pool->partial. A full page stands in no list,
 * and comes back when an object of the page is freed. An empty page stays only
 * while all other pages are full: the next caller would need a page again.
 *
 *	| header | object | payer | object | payer | ...
 *
 * The word behind an object in use points to the account that pays. The pages
 * of a pool belong to all its users, so the objects are charged, not the pages.
 */
#include "kernel/mm/heap.h"

#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"

struct pool_page {
	struct pool_page *next;	/* [P] in pool->partial */
	struct pool_page **link;	/* [P] the pointer to this page */
	struct pool *pool;	/* [const] */
	void *free;		/* [P] first free object, NULL when full */
	uint32_t used;		/* [P] objects in use */
};

static struct pool_page *pool_page_of(void *object)
{
	return (struct pool_page *)ALIGN_DOWN((uintptr_t)object,
					      (uintptr_t)PAGE_SIZE);
}

#define HEADER_BYTES	32	/* keeps objects of 16 and 32 bytes aligned */

_Static_assert(sizeof(struct pool_page) <= HEADER_BYTES || sizeof(void *) > 4,
	       "the header must fit");
_Static_assert(POOL_LARGEST + sizeof(struct account *) ==
	       PAGE_SIZE - HEADER_BYTES, "one object a page");

struct pool *pool_list;

static struct pool size_pools[] = {
	POOL("12", 12), POOL("28", 28), POOL("60", 60), POOL("124", 124),
	POOL("252", 252), POOL("508", 508), POOL("1004", 1004),
	POOL("2028", 2028), POOL("4060", POOL_LARGEST),
};

/* From one object to the next. */
static uint32_t stride_of(const struct pool *pool)
{
	return pool->bytes + sizeof(struct account *);
}

static struct account **payer_of(const struct pool *pool, const void *object)
{
	return (struct account **)((uintptr_t)object + pool->bytes);
}

static void pool_prepare(struct pool *pool)
{
	ASSERT(pool->bytes <= POOL_LARGEST);
	pool->bytes = ALIGN_UP(stride_of(pool), ACCOUNT_UNIT) -
		      sizeof(struct account *);
	pool->units = stride_of(pool) / ACCOUNT_UNIT;
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

/* Free an empty page. */
static void page_drop(struct pool *pool, struct pool_page *page)
{
	page_unlink(page);
	pool->pages--;
	page_free(page);
}

static bool pool_grow(struct pool *pool)
{
	struct pool_page *page = page_alloc(FRAME_HEAP);
	char *object, *end;
	uint32_t stride;

	if (!page)
		return false;
	if (!pool->is_ready)
		pool_prepare(pool);
	stride = stride_of(pool);
	end = (char *)page + PAGE_SIZE - stride;
	page->pool = pool;
	page->used = 0;
	page->free = NULL;
	/* Backwards, so that objects are handed out in ascending order. */
	object = (char *)page + HEADER_BYTES;
	object += (end - object) / stride * stride;
	for (; object > (char *)page; object -= stride) {
		if (object < (char *)page + HEADER_BYTES)
			break;
		*(void **)object = page->free;
		page->free = object;
	}
	page_link(pool, page);
	pool->pages++;
	return true;
}

static bool charge(const struct pool *pool, struct account *account)
{
	if (pool->kind && !account_charge(account, pool->kind, 1))
		return false;
	if (account_charge(account, ACCOUNT_MEMORY, pool->units))
		return true;
	if (pool->kind)
		account_uncharge(account, pool->kind, 1);
	return false;
}

void *pool_alloc_for(struct pool *pool, struct account *account)
{
	struct pool_page *page;
	void *object;

	if (alloc_should_fail())
		return NULL;
	if (!pool->partial && !pool_grow(pool))
		return NULL;
	if (!charge(pool, account))
		return NULL;
	page = pool->partial;
	object = page->free;
	page->free = *(void **)object;
	*payer_of(pool, object) = account;
	page->used++;
	pool->used++;
	if (!page->free)
		page_unlink(page);
	return object;
}

void *pool_alloc_dirty(struct pool *pool)
{
	return pool_alloc_for(pool, account_payer());
}

void *pool_alloc(struct pool *pool)
{
	void *object = pool_alloc_dirty(pool);

	return object ? memset(object, 0, pool->bytes) : NULL;
}

void pool_free(struct pool *pool, void *object)
{
	struct pool_page *page = pool_page_of(object);
	struct account *account = *payer_of(pool, object);

	ASSERT(page->pool == pool && page->used > 0);
	if (!page->free) {
		if (pool->partial && pool->partial->used == 0)
			page_drop(pool, pool->partial);
		page_link(pool, page);
	}
	*(void **)object = page->free;
	page->free = object;
	page->used--;
	pool->used--;
	if (pool->kind)
		account_uncharge(account, pool->kind, 1);
	account_uncharge(account, ACCOUNT_MEMORY, pool->units);
	if (page->used == 0 && (page->next || pool->partial != page))
		page_drop(pool, page);
}

struct account *pool_payer(const void *object)
{
	return *payer_of(pool_page_of((void *)object)->pool, object);
}

static struct pool *pool_for(size_t bytes)
{
	struct pool *pool;

	for (pool = size_pools; pool->bytes < bytes; pool++)
		ASSERT(bytes <= POOL_LARGEST);
	return pool;
}

void *heap_alloc(size_t bytes)
{
	return pool_alloc(pool_for(bytes));
}

void *heap_alloc_dirty(size_t bytes)
{
	return pool_alloc_dirty(pool_for(bytes));
}

void heap_free(void *memory)
{
	if (memory)
		pool_free(pool_page_of(memory)->pool, memory);
}
