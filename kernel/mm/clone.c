/*
 * clone.c - a copy of an address space for fork, made in parts.
 *
 * Fork copies the regions and the page tables, not the pages. Private
 * pages become read-only on both sides, with one reference more, and the first
 * write copies the page (fault.c). Shared pages do not change. Lent pages, and
 * the page of the stack that fork returns to, are copied at once.
 *
 * Between two parts different tasks run, also threads of the process that
 * forks. No lock keeps these threads from changing the space. Instead a part
 * takes the regions and the page tables of its addresses together. So the copy
 * is right whatever happens between the parts: each part of the copy has the
 * regions, the rights and the pages of the parent at one moment. When a region
 * changes in the middle, its copy ends there, and a copy of the new region
 * begins. A source knows the region of the copy before the copy has a page of
 * the source.
 */
#include "kernel/mm/region.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/sched_point.h"

/* The work of a part, in entries of page tables. */
#define PART_WORK	120
#define REGION_WORK	8		/* to copy the region itself */
#define LENT_WORK	32		/* to copy a page of bytes */

/* Let the twin, which ends the list of the copy, end at this address. */
static void cut_end(struct region *twin, uaddr_t end)
{
	twin->end = end;
	twin->source_bytes = MIN(twin->source_bytes, end - twin->start);
}

/* Is the twin, up to its end, the copy of this region? */
static bool is_twin(const struct region *twin, const struct region *region)
{
	bool is_lent = region->flags & REGION_LENT;
	unsigned lent_flags = REGION_LENT | REGION_SHARED;
	uint32_t skip = (twin->start - region->start) / PAGE_SIZE;

	if (twin->end != region->end || twin->prot != region->prot ||
	    twin->start < region->start)
		return false;
	if (is_lent)
		return !twin->source &&
		       twin->flags == (region->flags & ~lent_flags);
	return twin->flags == region->flags &&
	       twin->source == region->source &&
	       (!twin->source ||
		twin->source_page == region->source_page + skip);
}

/* Let the copy have this region from `at` on. -ENOMEM. */
static int make_twin(struct space *copy, const struct region *region,
		     uaddr_t at)
{
	struct region *twin = region_at(copy->regions.list.head.prev);

	if (!list_is_empty(&copy->regions.list) && twin->end > at) {
		if (is_twin(twin, region))
			return 0;
		cut_end(twin, at);
	}
	twin = region_copy(region, copy);
	if (!twin)
		return -ENOMEM;
	if (region->start < at)
		region_cut_front(twin, at);
	region_insert(copy, twin, NULL);
	if (region->flags & REGION_LENT)
		region_take_back(twin);
	return 0;
}

/* Copy lent pages from *at on, and move *at. */
static int copy_lent(struct space *copy, const struct region *region,
		     struct arch_copy *part, uaddr_t *at)
{
	for (; *at < region->end && part->left > 0; *at += PAGE_SIZE) {
		if (!region_copy_page(copy, region, *at))
			return -ENOMEM;
		part->left -= MIN(part->left, LENT_WORK);
	}
	return 0;
}

/* Copy a region from *at on, and its pages while the part lasts; move *at. */
static int copy_region(struct space *copy, const struct region *region,
		       struct arch_copy *part, uaddr_t *at, uaddr_t stack)
{
	int error = make_twin(copy, region, *at);

	if (error)
		return error;
	part->left -= MIN(part->left - 1, REGION_WORK);
	if (region->flags & REGION_HEAP)
		copy->heap_end = region->space->heap_end;
	if (region->flags & REGION_LENT)
		return copy_lent(copy, region, part, at);
	part->is_shared = region->flags & REGION_SHARED;
	/* Both processes write to this page next. Without memory for a copy,
	 * both spaces fault later. */
	if (*at == stack && !part->is_shared && region->prot & PROT_WRITE)
		region_copy_page(copy, region, stack);
	return arch_copy_pages(part, at, stack > *at
			       ? MIN(stack, region->end) : region->end);
}

/* Copy a part from *at on, and move *at. -EAGAIN: there is more. */
static int copy_part(struct space *copy, struct space *space, uaddr_t *at,
		     uaddr_t stack)
{
	struct arch_copy part = {
		.to = &copy->arch, .from = &space->arch, .left = PART_WORK,
	};
	struct region *region = region_above(space, *at);
	int error = 0;

	while (region && part.left > 0 && !error) {
		*at = MAX(*at, region->start);
		error = copy_region(copy, region, &part, at, stack);
		if (*at >= region->end)
			region = region_next(region);
	}
	copy->pages += part.copied;
	arch_flush_tlb();		/* our own pages became read-only */
	return error || !region ? error : -EAGAIN;
}

struct space *space_clone(struct space *space, uaddr_t stack)
{
	/* Page tables, and the pages that both processes write at once. */
	uint32_t needed = 8 + space->pages / 256;
	struct space *copy;
	uaddr_t at = 0;
	int error;

	if (!space_may_grow(space, needed))
		return NULL;
	copy = space_create();
	if (!copy)
		return NULL;
	copy->heap_start = space->heap_start;
	copy->arguments = space->arguments;
	copy->arguments_end = space->arguments_end;
	copy->heap_end = space->heap_end;
	stack = ALIGN_DOWN(stack, PAGE_SIZE);
	while ((error = copy_part(copy, space, &at, stack)) == -EAGAIN)
		sched_point();
	if (!error)
		return copy;
	space_destroy(copy);
	return NULL;
}
