/*
 * region.h - the list of regions of a space: what space.c and fault.c share.
 */
#pragma once

#include "kernel/mm/space.h"

/* What addresses mean has changed, or is about to. */
static inline void region_changes(struct space *space)
{
	if (UNLIKELY(space->knows_words))
		space_forget_words(space);
}

/* The region that holds address, or NULL. */
struct region *region_find(struct space *space, uaddr_t address);
/* A copy of the region's fields for a space, not yet in its list, with its own
 * reference of the source. NULL: no memory. */
struct region *region_copy(const struct region *region, struct space *space);
void region_free(struct region *region);
/* Link by address; joins with a neighbour that continues it. */
void region_insert(struct space *space, struct region *region);
/* Make address a border: a region across it is cut in two. -ENOMEM. */
int region_split(struct space *space, uaddr_t address);
/* Lowest free range of so many bytes from MMAP_LOWEST_VA up, or 0. */
uaddr_t region_find_gap(struct space *space, size_t bytes);
bool region_range_is_free(struct space *space, uaddr_t start, uaddr_t end);
/* A zeroed region. NULL: no memory, or the space has too many already. */
struct region *region_new(struct space *space);
/* Let it show the source, which gets a reference and notes it, or nothing. */
void region_attach(struct region *region, struct page_source *source);
void region_detach(struct region *region);

/* Is the whole range mapped? */
bool region_range_is_mapped(struct space *space, uaddr_t start, uaddr_t end);

/* fault.c: make the page at va present and nobody else's, as the first write
 * to private memory does. Its frame, or 0 when there is no memory. */
paddr_t region_own_page(struct space *space, const struct region *region,
			uaddr_t va);
/* fault.c: before a fork shares all others, give `copy` a copy of the page at
 * va, so that neither space has to fault for it. If that fails, they do. */
void region_copy_page(struct space *copy, struct space *space, uaddr_t va);
