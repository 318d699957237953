/*
 * heap.h - kernel memory in pools of equal objects, counted by kind.
 *
 * A pool hands out objects of one size from pages of its own; a page without
 * objects goes back to the frame allocator. heap_alloc() picks a pool by size.
 * Nothing in the kernel needs more than a page in one piece. Behind each object
 * stands the account that pays for it (account.h). All functions
 * need task switches postponed [P], and no function sleeps. Memory comes
 * zeroed, so that no stale byte can reach a user.
 */
#pragma once

#include "kernel/lib/types.h"
#include "kernel/mm/account.h"

struct pool_page;

struct pool {
	const char *name;	/* [const] */
	uint32_t bytes;		/* [P] of one object; rounded at first use */
	uint32_t units;		/* [P] of memory, for one object */
	enum account_kind kind;	/* [const] an object counts as one of these */
	uint32_t used;		/* [P] objects in use */
	uint32_t pages;		/* [P] pages held */
	struct pool_page *partial;	/* [P] pages with a free object */
	struct pool *next;	/* [P] all pools, for the counters */
	bool is_ready;		/* [P] false until the first use */
};

/* The largest object that a pool can hold. */
#define POOL_LARGEST		(4064 - sizeof(struct account *))

#define POOL(text, size)	{ .name = (text), .bytes = (size) }
/* A pool of objects that the accounts count: an ACCOUNT_ kind. */
#define POOL_COUNTED(text, size, what) \
	{ .name = (text), .bytes = (size), .kind = (what) }

/* A zeroed object, or NULL when memory is exhausted or the account that pays
 * now is over a limit. */
void *pool_alloc(struct pool *pool);
/* An object with old bytes, for a caller that writes every byte at once. */
void *pool_alloc_dirty(struct pool *pool);
/* The same as pool_alloc_dirty(), and this account pays. */
void *pool_alloc_for(struct pool *pool, struct account *account);
void pool_free(struct pool *pool, void *object);
/* The account that pays for an object of any pool, or from heap_alloc(). */
struct account *pool_payer(const void *object);

/* bytes up to POOL_LARGEST; NULL as for pool_alloc(). heap_free(NULL) does
 * nothing. */
void *heap_alloc(size_t bytes);
/* The same with old bytes. */
void *heap_alloc_dirty(size_t bytes);
void heap_free(void *memory);

/* All pools that were ever used, linked through next. */
extern struct pool *pool_list;
