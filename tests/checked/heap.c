/*
 * heap.c - kernel/mm/heap.c with checks: VARIANT=checked.
 *
 * Behind each object lies a red zone, unless the object fills a page. A freed
 * object is forbidden, and stays in a quarantine while the next QUARANTINE
 * objects are freed: a late use of the object is found, and does not hit a new
 * object at the same place. The counters show the object as free at once.
 *
 * The plain functions of heap.c are below, under names of their own. This file
 * is compiled without the checks, since the list of free objects lies in the
 * objects.
 */
#define pool_alloc		plain_pool_alloc
#define pool_alloc_dirty	plain_pool_alloc_dirty
#define pool_alloc_for		plain_pool_alloc_for
#define pool_free		plain_pool_free
#define heap_alloc		plain_heap_alloc
#define heap_alloc_dirty	plain_heap_alloc_dirty
#define heap_free		plain_heap_free
#include "kernel/mm/heap.c"
#undef pool_alloc
#undef pool_alloc_dirty
#undef pool_alloc_for
#undef pool_free
#undef heap_alloc
#undef heap_alloc_dirty
#undef heap_free

#include "tests/checked/shadow.h"

#define REDZONE		32u	/* keeps objects of 32 bytes aligned */
#define QUARANTINE	256
#define POOLS_MOST	100

void *pool_alloc(struct pool *pool);
void *pool_alloc_dirty(struct pool *pool);
void *pool_alloc_for(struct pool *pool, struct account *account);
void pool_free(struct pool *pool, void *object);
void *heap_alloc(size_t bytes);
void *heap_alloc_dirty(size_t bytes);
void heap_free(void *memory);

/* The bytes that the users of a pool know: pool->bytes has the red zone. */
static struct {
	const struct pool *pool;
	uint32_t bytes;
} known[POOLS_MOST];

static struct {
	struct pool *pool;
	void *object;
} quarantine[QUARANTINE];
static uint32_t quarantined;		/* so far */

static bool is_of_sizes(const struct pool *pool)
{
	return pool >= size_pools &&
	       pool < size_pools + ARRAY_LENGTH(size_pools);
}

static uint32_t with_redzone(uint32_t bytes)
{
	return bytes + REDZONE <= POOL_LARGEST ? bytes + REDZONE : bytes;
}

static uint32_t user_bytes(struct pool *pool)
{
	unsigned n = 0;

	while (known[n].pool && known[n].pool != pool)
		if (++n == POOLS_MOST)
			panic("checked: more than %u pools", POOLS_MOST);
	if (!known[n].pool) {
		known[n].pool = pool;
		known[n].bytes = pool->bytes;
		if (!pool->is_ready && !is_of_sizes(pool))
			pool->bytes = with_redzone(pool->bytes);
	}
	return known[n].bytes;
}

/* Forbid a whole page on the way into the pool, and hand out these bytes. */
static void *allow(struct pool *pool, void *object, uint32_t bytes)
{
	struct pool_page *page;

	if (!object)
		return NULL;
	page = pool_page_of(object);
	if (page->used == 1 && !shadow_of((uintptr_t)page, HEADER_BYTES)) {
		shadow_forbid(page, HEADER_BYTES, SHADOW_HEADER);
		shadow_forbid((char *)page + HEADER_BYTES,
			      PAGE_SIZE - HEADER_BYTES, SHADOW_BEHIND);
	}
	shadow_forbid(object, stride_of(pool), SHADOW_BEHIND);
	shadow_allow(object, bytes);
	return object;
}

void *pool_alloc_for(struct pool *pool, struct account *account)
{
	uint32_t bytes = user_bytes(pool);

	return allow(pool, plain_pool_alloc_for(pool, account), bytes);
}

void *pool_alloc_dirty(struct pool *pool)
{
	return pool_alloc_for(pool, account_payer());
}

void *pool_alloc(struct pool *pool)
{
	void *object = pool_alloc_dirty(pool);

	return object ? memset(object, 0, user_bytes(pool)) : NULL;
}

/* The object counts as free and is charged to no account. */
static void uncount(struct pool *pool, void *object)
{
	struct account *account = *payer_of(pool, object);

	pool->used--;
	if (pool->kind)
		account_uncharge(account, pool->kind, 1);
	account_uncharge(account, ACCOUNT_MEMORY, pool->units);
	*payer_of(pool, object) = &account_root;
}

/* What the plain function takes back, root has for a moment. */
static void let_go(unsigned n)
{
	struct pool *pool = quarantine[n].pool;

	if (!pool)
		return;
	pool->used++;
	account_root.used[ACCOUNT_MEMORY] += pool->units;
	if (pool->kind)
		account_root.used[pool->kind]++;
	plain_pool_free(pool, quarantine[n].object);
	quarantine[n].pool = NULL;
}

/* NULL, or why the pool cannot take the object back. */
static const char *objection(const struct pool *pool, void *object)
{
	const struct pool_page *page = pool_page_of(object);
	uint32_t distance = (char *)object - (char *)page - HEADER_BYTES;

	if (shadow_of((uintptr_t)object, 1) == SHADOW_FREED)
		return "freed before";
	if (page->pool != pool)
		return "of a different pool";
	return distance >= PAGE_SIZE || distance % stride_of(pool) != 0
		? "no object" : NULL;
}

void pool_free(struct pool *pool, void *object)
{
	unsigned n = quarantined++ % QUARANTINE;
	const char *why = objection(pool, object);

	if (why)
		panic("checked: free of 0x%x in pool %s: %s",
		      (unsigned)(uintptr_t)object, pool->name, why);
	let_go(n);
	uncount(pool, object);
	shadow_forbid(object, stride_of(pool), SHADOW_FREED);
	quarantine[n].pool = pool;
	quarantine[n].object = object;
}

void *heap_alloc_dirty(size_t bytes)
{
	struct pool *pool = size_pools;

	ASSERT(bytes <= POOL_LARGEST);
	while (pool->bytes < with_redzone(bytes))
		pool++;
	return allow(pool, plain_pool_alloc_dirty(pool), bytes);
}

void *heap_alloc(size_t bytes)
{
	void *memory = heap_alloc_dirty(bytes);

	return memory ? memset(memory, 0, bytes) : NULL;
}

void heap_free(void *memory)
{
	if (memory)
		pool_free(pool_page_of(memory)->pool, memory);
}
