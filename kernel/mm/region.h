/*
 * region.h - the list of regions of a space: what the files of mm/ share.
 */
#pragma once

#include "kernel/mm/heap_inline.h"
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
uaddr_t region_find_gap(struct space *space, size_t bytes);
bool region_range_is_free(struct space *space, uaddr_t start, uaddr_t end);
/* A region that the caller fills in, all of it. NULL: no memory, or the space
 * has too many already. */
static inline struct region *region_new(struct space *space)
{
	return LIKELY(space->region_count < REGIONS_MOST)
		? pool_alloc_in_line(&region_pool) : NULL;
}

/* Link a new one in front of that node of the list. */
static inline void region_insert(struct space *space, struct region *region,
				 struct list_node *at)
{
	list_insert_new(at, &region->node);
	space->region_count++;
	space->recent = region;
}

/* Let it, which shows nothing, show the source (NULL: nothing) and take a
 * reference. */
static inline void region_attach(struct region *region,
				 struct page_source *source)
{
	region->source = source;
	if (!source)
		return;
	++*source->refs;
	list_insert_new(&source->regions.head, &region->viewer);
}

/* No longer. */
static inline void region_detach(struct region *region)
{
	struct page_source *source = region->source;

	if (!source)
		return;
	list_remove_last(&region->viewer);
	if (UNLIKELY(--*source->refs == 0))
		source->ops->end(source);
}

static inline void region_free(struct region *region)
{
	region_detach(region);
	pool_free_in_line(&region_pool, region);
}

/* Take it, whose pages are out of the page tables, off the list. */
static inline void region_remove(struct space *space, struct region *region)
{
	list_remove_last(&region->node);
	space->region_count--;
	space->recent = NULL;
	region_free(region);
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
