/*
 * heap.h - kernel memory in pools of equal objects, counted by kind.
 *
 * A pool hands out objects of one size from pages of its own; a page without
 * objects goes back to the frame allocator. heap_alloc() picks a pool by size.
 * Nothing in the kernel needs more than a page in one piece. All functions
 * need task switches postponed [P], and no function sleeps. Memory comes
 * zeroed, so that no stale byte can reach a user.
 */
#pragma once

#include "kernel/lib/types.h"

struct pool_page;

struct pool {
	const char *name;	/* [const] */
	uint32_t bytes;		/* [P] of one object; rounded at first use */
	uint32_t used;		/* [P] objects in use */
	uint32_t pages;		/* [P] pages held */
	struct pool_page *partial;	/* [P] pages with a free object */
	struct pool *next;	/* [P] all pools, for the counters */
	bool is_ready;		/* [P] false until the first use */
};

/* The largest object that a pool can hold. */
#define POOL_LARGEST		4064

#define POOL(text, size)	{ .name = (text), .bytes = (size) }

/* A zeroed object, or NULL when memory is exhausted. */
void *pool_alloc(struct pool *pool);
/* An object with old bytes, for a caller that writes every byte at once. */
void *pool_alloc_dirty(struct pool *pool);
void pool_free(struct pool *pool, void *object);

/* bytes up to POOL_LARGEST; NULL when exhausted. heap_free(NULL) does
 * nothing. */
void *heap_alloc(size_t bytes);
void heap_free(void *memory);

/* All pools that were ever used, linked through next. */
extern struct pool *pool_list;
