/*
 * region.h - the regions of a space, for the files of mm/ only.
 */
#pragma once

#include "kernel/mm/heap.h"
#include "kernel/mm/space.h"

#define REGIONS_MOST	1024		/* of one space */

extern struct pool region_pool;

/* The region of a node of the list. */
static inline struct region *region_at(struct list_node *node)
{
	return LIST_ENTRY(node, struct region, node.order);
}

static inline bool region_has(const struct region *region, uaddr_t address)
{
	return region && address - region->start < region->end - region->start;
}

/* The first region that ends above the address, or NULL: a search in the tree.
 * The region becomes the recent region of the space. */
struct region *region_search(struct space *space, uaddr_t address);

/* The region that holds address, or NULL. Most searches ask for the region of
 * the search before. */
static inline struct region *region_find(struct space *space, uaddr_t address)
{
	struct region *region = space->recent;

	if (region_has(region, address))
		return region;
	region = region_search(space, address);
	return region && region->start <= address ? region : NULL;
}

/* The first region that ends above address, or NULL. Mostly there is none:
 * programs map upwards. */
static inline struct region *region_above(struct space *space, uaddr_t address)
{
	struct list_node *last = space->regions.list.head.prev;

	if (last == &space->regions.list.head ||
	    region_at(last)->end <= address)
		return NULL;
	return region_has(space->recent, address)
		? space->recent : region_search(space, address);
}

/* The next region above, or NULL. */
static inline struct region *region_next(const struct region *region)
{
	struct list_node *next = region->node.order.next;

	return next == &region->space->regions.list.head ? NULL
							  : region_at(next);
}

/* Each region with a part in [from, to), by address. */
#define REGIONS_IN(region, space, from, to)				\
	for ((region) = region_above((space), (from));			\
	     (region) && (region)->start < (to);			\
	     (region) = region_next(region))

/* A copy of the region's fields for a space, not yet in the space's list, with
 * a new reference of the source. NULL: no memory. */
struct region *region_copy(const struct region *region, struct space *space);
/* Let a region begin later, and its part of the source too. */
void region_cut_front(struct region *region, uaddr_t start);
/* Make both addresses borders: cut a region across one of them in two.
 * -ENOMEM. */
int region_split(struct space *space, uaddr_t start, uaddr_t end);
/* Lowest free range of so many bytes from MMAP_LOWEST_VA up, or 0. */
uaddr_t region_find_gap(struct space *space, size_t bytes);
bool region_range_is_free(struct space *space, uaddr_t start, uaddr_t end);
/* A new region; the caller sets every field. NULL: no memory, or the space has
 * too many regions. */
static inline struct region *region_new(struct space *space)
{
	return space->region_count < REGIONS_MOST
		? pool_alloc_dirty(&region_pool) : NULL;
}

/* Add a new region in front of the region `above`; NULL: at the end. */
static inline void region_insert(struct space *space, struct region *region,
				 struct region *above)
{
	tree_insert(&space->regions, &region->node,
		    above ? &above->node : NULL);
	space->region_count++;
	space->recent = region;
}

/* Connect a region without a source to this source (NULL: none), and take a
 * reference. */
static inline void region_attach(struct region *region,
				 struct page_source *source)
{
	region->source = source;
	if (!source)
		return;
	page_source_get(source);
	list_insert_new(&source->regions.head, &region->viewer);
	source->mappings++;
}

/* Disconnect the region from its source, and drop the reference. */
static inline void region_detach(struct region *region)
{
	struct page_source *source = region->source;

	if (!source)
		return;
	list_remove_last(&region->viewer);
	source->mappings--;
	page_source_put(source);
}

/*
 * Walk through the regions of a source while tasks may switch: the caller holds
 * a reference of the source, and puts a mark, a region without a space, in
 * front of the list (share.c). Move the mark behind the next region; false:
 * there is none. Then the region in front of the mark, or NULL: it has gone.
 */
bool source_pass_view(const struct page_source *source, struct region *mark);
struct region *source_view_before(const struct page_source *source,
				  const struct region *mark);

static inline void region_free(struct region *region)
{
	region_detach(region);
	pool_free(&region_pool, region);
}

/* Pages of the region become free, from its start on. */
static inline void region_unpack(struct space *space, struct region *region)
{
	if (space->packed != &space->regions.list.head &&
	    region->start <= region_at(space->packed)->start)
		space->packed = region->node.order.prev;
}

/* Take a region out of the space and free the region. Its pages are already out
 * of the page tables. */
static inline void region_remove(struct space *space, struct region *region)
{
	region_unpack(space, region);
	tree_remove(&space->regions, &region->node);
	space->region_count--;
	space->recent = NULL;
	region_free(region);
}

/* Whole pages of user space. */
static inline bool region_bytes_are_valid(uaddr_t address, size_t bytes)
{
	return address % PAGE_SIZE == 0 && bytes > 0 &&
	       bytes <= USER_HIGHEST - USER_LOWEST &&
	       user_range_is_valid(address, ALIGN_UP(bytes, PAGE_SIZE));
}

/*
 * The rights of a region with these PROT_ bits. The machine can always read a
 * page that it can write or execute. Without PROT_READ here, a page that waits
 * for its first write would have no rights at all, and a read would fault for
 * ever.
 */
static inline int region_rights(int prot)
{
	return prot ? prot | PROT_READ : PROT_NONE;
}

/* Is the whole range mapped? */
bool region_range_is_mapped(struct space *space, uaddr_t start, uaddr_t end);

/* fault.c: make the page at va present and unshared, as the first write to
 * private memory does. The page's frame, or 0 when there is no memory. */
frame_t region_own_page(struct space *space, const struct region *region,
			uaddr_t va);
/* fault.c: give `copy` a copy of the region's page at va, if there is a page.
 * False: no memory. */
bool region_copy_page(struct space *copy, const struct region *region,
		      uaddr_t va);
/* lend.c: lent memory becomes private again. */
void region_take_back(struct region *region);
