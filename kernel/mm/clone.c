/*
 * clone.c - fork's copy of an address space.
 *
 * Fork copies the list of regions and the page tables, not the pages. Private
 * pages become read-only on both sides, with one reference more, and the first
 * write copies the page (fault.c). Shared pages do not change. The page of the
 * stack that fork returns to is copied at once: both sides write there next.
 */
#include "kernel/abi/errno.h"
#include "kernel/mm/region.h"

static int clone_regions(struct space *copy, struct space *space)
{
	struct region *region, *twin;

	LIST_FOR_EACH(region, &space->regions, node) {
		twin = region_copy(region, copy);
		if (!twin)
			return -ENOMEM;
		region_insert(copy, twin, &copy->regions.head);
		if (region->flags & REGION_LENT) {
			region_take_back(twin);
		} else if (region->flags & REGION_SHARED) {
			region_protect(region, region->start, region->end);
			region_protect(twin, twin->start, twin->end);
		}
	}
	return 0;
}

struct space *space_clone(struct space *space, uaddr_t stack)
{
	/* Page tables, and the pages that both processes write at once. */
	uint32_t needed = 8 + space->pages / 256;
	struct space *copy;
	int error;

	if (!space_may_grow(space, needed))
		return NULL;
	copy = space_create();
	if (!copy)
		return NULL;
	copy->heap_start = space->heap_start;
	copy->heap_end = space->heap_end;
	copy->is_vital = false;
	error = space_copy_first(copy, space, stack);
	if (!error)
		error = arch_space_copy(&copy->arch, &space->arch,
					&copy->pages);
	if (!error)
		error = clone_regions(copy, space);
	arch_flush_tlb();	/* our own pages have become read-only */
	if (!error)
		return copy;
	space_destroy(copy);
	return NULL;
}
