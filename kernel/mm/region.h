/*
 * region.h - the list of regions of a space: what space.c and fault.c share.
 */
#pragma once

#include "kernel/mm/space.h"

/* The region that holds address, or NULL. */
struct region *region_find(struct space *space, uaddr_t address);
/* A copy of the region's fields, linked nowhere, with its own reference of the
 * source. NULL: no memory. */
struct region *region_copy(const struct region *region);
void region_free(struct region *region);
/* Link by address; joins with a neighbour that continues it. */
void region_insert(struct space *space, struct region *region);
/* Make address a border: a region across it is cut in two. -ENOMEM. */
int region_split(struct space *space, uaddr_t address);
/* Lowest free range of so many bytes from MMAP_LOWEST_VA up, or 0. */
uaddr_t region_find_gap(struct space *space, size_t bytes);
bool region_range_is_free(struct space *space, uaddr_t start, uaddr_t end);
/* A zeroed region. NULL: no memory. */
struct region *region_new(void);
