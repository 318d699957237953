/*
 * protect.c - mprotect(2): the rights of a range of addresses.
 *
 * A range may have hundreds of regions and thousands of pages, so the work is
 * done in parts. Other threads may change the regions between two parts: each
 * part looks again whether its region may have the rights.
 */
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/sched_point.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/region.h"

#define PART_BYTES	0x80000u	/* then tasks may switch */
#define PART_REGIONS	128		/* ... when regions are looked at */

/* The flags of regions that can never get these rights. */
static unsigned flags_against(int prot)
{
	return (prot & PROT_WRITE ? REGION_READ_ONLY : 0) |
	       (prot & PROT_EXEC ? REGION_NO_EXEC : 0);
}

/* Look at some regions from *at on, and move *at behind them. 0, -ENOMEM (a
 * hole), or -EACCES (a region has one of the flags). */
static int check_part(struct space *space, uaddr_t *at, uaddr_t end,
		      unsigned against)
{
	unsigned left = PART_REGIONS;
	const struct region *region;

	REGIONS_IN(region, space, *at, end) {
		if (left-- == 0)
			return 0;
		if (region->start > *at)
			return -ENOMEM;
		if (region->flags & against)
			return -EACCES;
		*at = region->end;
	}
	return *at >= end ? 0 : -ENOMEM;
}

static int check(struct space *space, uaddr_t address, size_t bytes,
		 unsigned against)
{
	uaddr_t end = address + ALIGN_UP(bytes, PAGE_SIZE);
	int error = 0;

	if (address % PAGE_SIZE)
		return -EINVAL;
	if (bytes == 0)
		return 0;
	if (!region_bytes_are_valid(address, bytes))
		return -ENOMEM;
	while (!error && address < end) {
		error = check_part(space, &address, end, against);
		sched_point();
	}
	return error;
}

int space_check(struct space *space, uaddr_t address, size_t bytes)
{
	return check(space, address, bytes, 0);
}

static bool always(frame_t frame)
{
	(void)frame;
	return true;
}

/* A private page with several holders is copied at the first write. */
static bool is_alone(frame_t frame)
{
	return frame_refs(frame) == 1;
}

static bool never(frame_t frame)
{
	(void)frame;
	return false;
}

/* Give the pages of [start, end), a part of the region, the region's rights. A
 * private page with several holders stays read-only. */
static void protect_in(struct region *region, uaddr_t start, uaddr_t end)
{
	bool (*may_write)(frame_t) = is_alone;

	if (region->flags & REGION_SHARED)
		may_write = region->source->tracks_writes ? never : always;
	arch_protect_range(&region->space->arch, start, end, region->prot,
			   may_write);
}

/* [own] A range that gets new rights. */
struct protection {
	struct space *space;
	uaddr_t start;
	uaddr_t end;
	uaddr_t at;			/* up to here all is done */
	int prot;
};

/* The next region of the range. *found is NULL: there is none any more. A new
 * mapping across a border of the range is cut there. */
static int next_region(const struct protection *range, struct region **found)
{
	struct region *region = region_above(range->space, range->at);
	int error = 0;

	*found = NULL;
	if (!region || region->start >= range->end)
		return 0;
	if (region->start < range->start || region->end > range->end) {
		error = region_split(range->space, range->at, range->end);
		region = region_above(range->space, range->at);
	}
	*found = region;
	return error;
}

static int protect_part(struct protection *range)
{
	struct region *region;
	int error = next_region(range, &region);
	uaddr_t start;

	if (error)
		return error;
	if (!region) {
		range->at = range->end;
		return 0;
	}
	if (region->flags & flags_against(range->prot))
		return -EACCES;
	region->prot = region_rights(range->prot);
	start = MAX(range->at, region->start);
	range->at = start + MIN(region->end - start, PART_BYTES);
	protect_in(region, start, range->at);
	return 0;
}

int space_protect(struct space *space, uaddr_t address, size_t bytes, int prot)
{
	struct protection range = {
		.space = space, .start = address, .at = address,
		.end = address + ALIGN_UP(bytes, PAGE_SIZE), .prot = prot,
	};
	int error = check(space, address, bytes, flags_against(prot));

	if (error || bytes == 0)
		return error;
	if (region_split(space, range.start, range.end) != 0)
		return -ENOMEM;
	for (;; sched_point()) {
		error = protect_part(&range);
		if (error || range.at == range.end)
			return error;
	}
}
