/*
 * region.h - the list of regions of a space: what space.c and fault.c share.
 *
 * In line is what each mmap() and munmap() does.
 */
#pragma once

#include "kernel/mm/heap.h"
#include "kernel/mm/space.h"

#define REGIONS_MOST	1024		/* of one space */

extern struct pool region_pool;

/* What addresses mean has changed, or is about to. */
static inline void region_changes(struct space *space)
{
	if (UNLIKELY(space->knows_words))
		space_forget_words(space);
}

/* The region that holds address, or NULL. Who asked last asks for the same one
 * again, mostly. */
struct region *region_search(struct space *space, uaddr_t address);
static inline struct region *region_find(struct space *space, uaddr_t address)
{
	struct region *recent = space->recent;

	if (recent && address - recent->start < recent->end - recent->start)
		return recent;
	return region_search(space, address);
}

/* A copy of the region's fields for a space, not yet in its list, with its own
 * reference of the source. NULL: no memory. */
struct region *region_copy(const struct region *region, struct space *space);
/* Make address a border: a region across it is cut in two. -ENOMEM. */
int region_split(struct space *space, uaddr_t address);
/* Lowest free range of so many bytes from MMAP_LOWEST_VA up, or 0. */
uaddr_t region_search_gap(struct space *space, size_t bytes);
static inline uaddr_t region_find_gap(struct space *space, size_t bytes)
{
	struct region *last = LIST_ENTRY(space->regions.head.prev,
					 struct region, node);

	if (bytes <= USER_HIGHEST - MMAP_LOWEST_VA &&
	    !list_is_empty(&space->regions) && last->end <= MMAP_LOWEST_VA)
		return MMAP_LOWEST_VA;	/* nothing is mapped there */
	return region_search_gap(space, bytes);
}

bool region_range_is_free(struct space *space, uaddr_t start, uaddr_t end);
/* A region that the caller fills in: only its space is set, and that it has no
 * source. NULL: no memory, or the space has too many already. */
static inline struct region *region_new(struct space *space)
{
	struct region *region = NULL;

	if (space->region_count < REGIONS_MOST)
		region = pool_alloc_dirty(&region_pool);
	if (!region)
		return NULL;
	region->space = space;
	region->source = NULL;
	list_node_init(&region->node);
	list_node_init(&region->viewer);
	return region;
}

/* Link by address, looked for from the end: what is mapped lies behind the
 * program. */
static inline void region_insert(struct space *space, struct region *region)
{
	struct list_node *at = space->regions.head.prev;

	while (at != &space->regions.head &&
	       LIST_ENTRY(at, struct region, node)->start > region->start)
		at = at->prev;
	list_insert_before(at->next, &region->node);
	space->region_count++;
	space->recent = region;
}

/* Let it show the source, which gets a reference and notes it, or nothing. */
static inline void region_attach(struct region *region,
				 struct page_source *source)
{
	region->source = source;
	if (!source)
		return;
	source->ops->get(source);
	list_append(&source->regions, &region->viewer);
}

static inline void region_detach(struct region *region)
{
	struct page_source *source = region->source;

	if (!source)
		return;
	region->source = NULL;
	list_remove(&region->viewer);
	source->ops->put(source);
}

static inline void region_free(struct region *region)
{
	region_detach(region);
	pool_free(&region_pool, region);
}

/* Is the whole range mapped? */
bool region_range_is_mapped(struct space *space, uaddr_t start, uaddr_t end);

/* fault.c: make the page at va present and nobody else's, as the first write
 * to private memory does. Its frame, or 0 when there is no memory. */
paddr_t region_own_page(struct space *space, const struct region *region,
			uaddr_t va);
/* fault.c: before a fork shares all others, give `copy` a copy of the page at
 * va, so that neither space has to fault for it. If that fails, they do. */
void region_copy_page(struct space *copy, struct space *space, uaddr_t va);
