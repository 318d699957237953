/*
 * region.c - the regions of a space, sorted by address.
 *
 * A change of a part of a region first cuts the region at the borders of the
 * part. So all other code works on whole regions. A tree finds the region of an
 * address, and the space remembers the last region found.
 *
 * mmap() takes the lowest free range. Most mappings are never removed and lie
 * side by side, so space->packed keeps the last region of the first such row:
 * the search for a free range begins there, and passes only regions with free
 * pages in front.
 */
#include "kernel/mm/region.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/string.h"

struct pool region_pool = POOL("region", sizeof(struct region));

struct region *region_search(struct space *space, uaddr_t address)
{
	struct tree_node *node = tree_root(&space->regions);
	struct region *region, *found = NULL;

	while (node) {
		region = CONTAINER_OF(node, struct region, node);
		if (address < region->end) {
			found = region;
			node = node->left;
		} else {
			node = node->right;
		}
	}
	if (found)
		space->recent = found;
	return found;
}

struct region *region_copy(const struct region *region, struct space *space)
{
	struct region *copy;

	copy = region_new(space);
	if (!copy)
		return NULL;
	memcpy(&copy->start, &region->start,
	       sizeof(*copy) - offsetof(struct region, start));
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
	region_insert(space, upper, region_next(region));
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
	struct list_node *node = space->packed, *next;
	uaddr_t at = MMAP_LOWEST_VA, limit;

	for (;; node = next) {
		if (node != &space->regions.list.head)
			at = MAX(at, region_at(node)->end);
		next = node->next;
		limit = next == &space->regions.list.head
			? USER_HIGHEST : region_at(next)->start;
		if (limit > at && limit - at >= bytes)
			return at;
		if (next == &space->regions.list.head)
			return 0;
		if (limit <= at && node == space->packed)
			space->packed = next;
	}
}

bool region_range_is_free(struct space *space, uaddr_t start, uaddr_t end)
{
	const struct region *region = region_above(space, start);

	return !region || region->start >= end;
}

bool region_range_is_mapped(struct space *space, uaddr_t start, uaddr_t end)
{
	const struct region *region;

	REGIONS_IN(region, space, start, end) {
		if (region->start > start)
			return false;
		start = region->end;
	}
	return start >= end;
}
