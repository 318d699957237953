/*
 * move.c - pages move out of a space and into a different space.
 *
 * A large message need not be copied. The sender's pages are taken out of the
 * sender's page tables, travel as frames, and are put into the receiver's page
 * tables. Only private memory moves: a shared page, or a page of a file, would
 * come back from its source at the sender's next access. Where pages were taken
 * the region stays, and the next access finds a new zeroed page, as at the
 * first time.
 *
 * Each of the two steps is done as a whole or not at all. The frames of a
 * message are linked by frame_next(), so the list needs no memory.
 */
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/region.h"

/* The start of the region's own memory, behind the pages of a source. */
static uaddr_t own_start(const struct region *region)
{
	if (!region->source)
		return region->start;
	return region->start + ALIGN_UP(region->source_bytes, PAGE_SIZE);
}

static bool is_private(const struct region *region)
{
	return !(region->flags & REGION_SHARED) &&
	       region->prot & PROT_WRITE;
}

bool space_may_take(struct space *space, uaddr_t start, uaddr_t end)
{
	const struct region *region;

	REGIONS_IN(region, space, start, end) {
		if (region->start > start || !is_private(region) ||
		    own_start(region) > start)
			return false;
		start = region->end;
	}
	return start >= end;
}

bool space_may_place(struct space *space, uaddr_t start, uaddr_t end)
{
	const struct region *region;

	REGIONS_IN(region, space, start, end) {
		if (region->start > start || !is_private(region))
			return false;
		start = region->end;
	}
	return start >= end;
}

/* Make each page present and unshared. */
static int own_pages(struct space *space, const struct region *region,
		     uaddr_t va, uaddr_t end)
{
	bool writable;
	frame_t frame;

	for (; va < end; va += PAGE_SIZE) {
		frame = arch_lookup(&space->arch, va, &writable);
		if (frame && writable && frame_refs(frame) == 1)
			continue;
		if (!region_own_page(space, region, va))
			return -ENOMEM;
	}
	return 0;
}

int space_take(struct space *space, uaddr_t start, uaddr_t end,
	       void (*collect)(frame_t frame))
{
	const struct region *region;
	int error = 0;
	uaddr_t va;

	for (va = start; va < end && !error; va = region->end) {
		region = region_find(space, va);
		error = own_pages(space, region, va, MIN(end, region->end));
	}
	if (!error)
		space->pages -= arch_unmap_range(&space->arch, start, end,
						 collect);
	return error;
}

static void keep(frame_t frame)
{
	(void)frame;
}

int space_place(struct space *space, uaddr_t start, uaddr_t end, frame_t frame)
{
	const struct region *region = NULL;
	uaddr_t va;

	space->pages -= arch_unmap_range(&space->arch, start, end, frame_put);
	for (va = start; va < end; va += PAGE_SIZE) {
		if (!region || va >= region->end)
			region = region_find(space, va);
		if (arch_map(&space->arch, va, frame, region->prot) != 0)
			goto take_out;
		space->pages++;
		frame = *frame_next(frame);
	}
	return 0;

take_out:
	space->pages -= arch_unmap_range(&space->arch, start, va, keep);
	return -ENOMEM;
}
