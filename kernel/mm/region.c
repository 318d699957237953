/*
 * region.c - the list of regions of a space, sorted by address.
 *
 * A change of a part of a region first cuts the region at the borders of the
 * part. So all other code works on whole regions. Processes here have few
 * regions: a list is enough, and the space remembers the last region found.
 */
#include "kernel/mm/region.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"

struct pool region_pool = POOL("region", sizeof(struct region));

struct region *region_above(struct space *space, uaddr_t address)
{
	struct region *region = space->recent;

	if (region && address - region->start < region->end - region->start)
		return region;
	LIST_FOR_EACH(region, &space->regions, node)
		if (region->end > address)
			return region;
	return NULL;
}

struct region *region_search(struct space *space, uaddr_t address)
{
	struct region *region = region_above(space, address);

	if (!region || region->start > address)
		return NULL;
	space->recent = region;
	return region;
}

struct region *region_copy(const struct region *region, struct space *space)
{
	struct region *copy;

	copy = region_new(space);
	if (!copy)
		return NULL;
	*copy = *region;
	copy->space = space;
	region_attach(copy, region->source);
	return copy;
}

void region_cut_front(struct region *region, uaddr_t start)
{
	uint32_t bytes = start - region->start;

	region->start = start;
	region->source_page += bytes / PAGE_SIZE;
	region->source_bytes -= MIN(region->source_bytes, bytes);
}

/* Cut a region across the address in two. */
static int cut(struct space *space, struct region *region, uaddr_t address)
{
	struct region *upper = region_copy(region, space);

	if (!upper)
		return -ENOMEM;
	region_cut_front(upper, address);
	region->end = address;
	region->source_bytes = MIN(region->source_bytes,
				   address - region->start);
	list_insert_new(region->node.next, &upper->node);
	space->region_count++;
	return 0;
}

int region_split(struct space *space, uaddr_t start, uaddr_t end)
{
	struct region *region = region_find(space, start);
	int error = 0;

	if (region && region->start < start)
		error = cut(space, region, start);
	region = region_find(space, end - 1);
	if (!error && region && region->end > end)
		error = cut(space, region, end);
	return error;
}

uaddr_t region_find_gap(struct space *space, size_t bytes)
{
	uaddr_t at = MMAP_LOWEST_VA;
	struct region *region;

	LIST_FOR_EACH(region, &space->regions, node) {
		if (region->end <= at)
			continue;
		if (region->start > at && region->start - at >= bytes)
			return at;
		at = region->end;
	}
	return USER_HIGHEST - at >= bytes ? at : 0;
}

bool region_range_is_free(struct space *space, uaddr_t start, uaddr_t end)
{
	const struct region *region = region_above(space, start);

	return !region || region->start >= end;
}

bool region_range_is_mapped(struct space *space, uaddr_t start, uaddr_t end)
{
	struct region *region;

	while (start < end) {
		region = region_find(space, start);
		if (!region)
			return false;
		start = region->end;
	}
	return true;
}
