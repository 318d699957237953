/* heap.c - a pool keeps few empty pages, and does not take and free the same
   page again and again. */
#include "kernel/mm/heap.h"

#include "tests/kernel/ktest.h"

#define OBJECTS		4		/* on a page */

static struct pool pool = POOL("ktest", 900);

/* The checked heap keeps freed objects for a while, and needs more pages. */
static bool heap_is_checked(void)
{
	return TIMES_MOST > 1;
}

KTEST(allocation_at_the_edge_of_a_page_takes_a_page_each_time)
{
	void *held[OBJECTS], *next;
	int i;

	if (heap_is_checked())
		return;
	for (i = 0; i < OBJECTS; i++)
		held[i] = pool_alloc(&pool);
	KIS(pool.pages, 1);
	for (i = 0; i < 3; i++) {
		next = pool_alloc(&pool);
		KIS(pool.pages, 2);
		pool_free(&pool, next);
		KIS(pool.pages, 2);
	}
	/* A page has a free object now, so the empty page goes. */
	pool_free(&pool, held[0]);
	KIS(pool.pages, 1);
	for (i = 1; i < OBJECTS; i++)
		pool_free(&pool, held[i]);
	KIS(pool.pages, 1);
	KIS(pool.used, 0);
}

KTEST(empty_pages_of_a_pool_pile_up)
{
	void *held[3 * OBJECTS];
	int i;

	if (heap_is_checked())
		return;
	for (i = 0; i < 3 * OBJECTS; i++)
		held[i] = pool_alloc(&pool);
	KIS(pool.pages, 3);
	for (i = 0; i < 3 * OBJECTS; i++)
		pool_free(&pool, held[i]);
	KIS(pool.pages, 1);
}
