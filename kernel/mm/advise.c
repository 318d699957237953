/*
 * advise.c - madvise(2) and mincore(2): drop pages, and look which are there.
 *
 * A dropped page comes again as at the first access: zeros, or the bytes of the
 * file. What a shared mapping has written stays in the file.
 */
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/sched_point.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/region.h"

#define PART_BYTES	0x40000u	/* then tasks may switch */

/* Lent pages have no other place than the page tables of their owner. */
static bool has_lent(struct space *space, uaddr_t start, uaddr_t end)
{
	const struct region *region;

	REGIONS_IN(region, space, start, end)
		if (region->flags & REGION_LENT)
			return true;
	return false;
}

int space_drop(struct space *space, uaddr_t address, size_t bytes)
{
	uaddr_t end = address + ALIGN_UP(bytes, PAGE_SIZE), stop;
	int error = space_check(space, address, bytes);

	for (; !error && address < end; address = stop) {
		stop = address + MIN(end - address, PART_BYTES);
		if (has_lent(space, address, stop))
			return -EINVAL;
		space->pages -= arch_unmap_range(&space->arch, address, stop,
						 frame_put);
		sched_point();
	}
	return error;
}

bool space_has_page(struct space *space, uaddr_t address)
{
	bool writable;

	return arch_lookup(&space->arch, address, &writable) != 0;
}
