/*
 * space.c - address spaces: map, unmap, protect, the heap. fault.c brings pages
 * in, and clone.c copies a space for fork.
 */
#include "kernel/mm/region.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/sched_point.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"

#define PART_BYTES	0x40000u	/* then tasks may switch */
#define PART_REGIONS	16		/* ... or when so many have ended */

static struct pool space_pool = POOL("space", sizeof(struct space));

struct space *space_create(void)
{
	struct space *space = pool_alloc(&space_pool);

	if (!space)
		return NULL;
	if (arch_space_init(&space->arch) != 0) {
		pool_free(&space_pool, space);
		return NULL;
	}
	tree_init(&space->regions);
	space->packed = &space->regions.list.head;
	return space;
}

static void drop_region(struct space *space, struct region *region)
{
	space->pages -= arch_unmap_range(&space->arch, region->start,
					 region->end, frame_put);
	region_remove(space, region);
}

/* Take out whole regions, at most PART_REGIONS; of a region that ends above
 * `end`, the front. A region that begins below `start` is a new mapping of
 * another thread, and stays. Returns the address up to which all is done. */
static uaddr_t drop_regions(struct space *space, uaddr_t start, uaddr_t end)
{
	struct region *region = region_above(space, start), *after;
	unsigned left = PART_REGIONS;

	for (; region && region->start < end; region = after) {
		after = region_next(region);
		if (region->start < start)
			continue;
		if (left-- == 0)
			return region->start;
		if (region->end <= end) {
			drop_region(space, region);
			continue;
		}
		space->pages -= arch_unmap_range(&space->arch, region->start,
						 end, frame_put);
		region_unpack(space, region);
		region_cut_front(region, end);
	}
	return end;
}

void space_destroy(struct space *space)
{
	struct region *region, *after;
	unsigned freed = 0;

	/* No task uses the space any more, so tasks may switch in between. */
	TREE_FOR_EACH_SAFE(region, after, &space->regions, node) {
		region_free(region);
		if (++freed % PART_REGIONS == 0)
			sched_point();
	}
	space->pages -= arch_space_destroy(&space->arch);
	ASSERT(space->pages == 0);
	pool_free(&space_pool, space);
}

/* ---- Ranges ------------------------------------------------------------- */

static bool is_free(struct space *space, uaddr_t address, size_t bytes)
{
	return region_bytes_are_valid(address, bytes) &&
	       region_range_is_free(space, address, address + bytes);
}

/* The program will use a new shared page next: map the page now, if there is a
 * frame. Without a frame, the page fault reports the error. */
static void bring_page(struct region *region)
{
	struct page_source *source = region->source;
	struct space *space = region->space;
	frame_t frame = source->tracks_writes ? 0 :
		source->ops->page(source, region->source_page, PAGE_WRITE);

	if (frame <= PAGE_WAIT)
		return;
	if (arch_map(&space->arch, region->start, frame, region->prot) != 0)
		return;
	frame_get(frame);
	space->pages++;
}

static int check_mapping(const struct mapping *mapping)
{
	size_t bytes = mapping->bytes;

	if (bytes == 0 || (mapping->is_fixed && mapping->address % PAGE_SIZE))
		return -EINVAL;
	if (bytes > USER_HIGHEST - USER_LOWEST)
		return -ENOMEM;
	if (mapping->is_fixed &&
	    !region_bytes_are_valid(mapping->address, bytes))
		return -ENOMEM;
	/* Refuse memory that is not free even now. Free memory is not reserved:
	 * other programs may still use it up first. */
	if (!mapping->source && mapping->prot & PROT_WRITE &&
	    !(mapping->flags & REGION_STACK) &&
	    !frame_can_promise(ALIGN_UP(bytes, PAGE_SIZE) / PAGE_SIZE))
		return -ENOMEM;
	return 0;
}

/* The address of a new mapping, or 0: no room. */
static uaddr_t choose_address(struct space *space,
			      const struct mapping *mapping)
{
	size_t bytes = ALIGN_UP(mapping->bytes, PAGE_SIZE);

	if (mapping->is_fixed)
		return mapping->address;
	if (mapping->address && is_free(space, mapping->address, bytes))
		return mapping->address;
	return region_find_gap(space, bytes);
}

/* Let this new region be the mapping from `start` to `end`. */
static void put_region(struct space *space, struct region *region,
		       const struct mapping *mapping, uaddr_t start,
		       uaddr_t end)
{
	region->space = space;
	region->start = start;
	region->end = end;
	region->prot = region_rights(mapping->prot);
	region->flags = mapping->flags;
	region->source_page = mapping->source_page;
	region->source_bytes = mapping->source_bytes;
	region_attach(region, mapping->source);
	region_insert(space, region, region_above(space, start));
	if (end - start == PAGE_SIZE && region->flags & REGION_SHARED &&
	    region->prot != PROT_NONE)
		bring_page(region);
}

/* Tasks may switch between two parts. */
static uaddr_t part_end(uaddr_t start, uaddr_t end)
{
	return end - start > PART_BYTES ? start + PART_BYTES : end;
}

/* What is left of the mapping from this address on. */
static struct mapping rest_of(const struct mapping *mapping, uaddr_t start)
{
	uint32_t before = start - mapping->address;
	struct mapping rest = *mapping;

	rest.address = start;
	rest.bytes -= before;
	rest.source_page += before / PAGE_SIZE;
	rest.source_bytes -= MIN(before, rest.source_bytes);
	return rest;
}

/* The region in front, if the mapping goes on as the region does; or NULL. */
static struct region *region_to_grow(struct space *space,
				     const struct mapping *rest)
{
	struct region *region = region_find(space, rest->address - 1);
	uint32_t bytes;

	if (!region || region->end != rest->address ||
	    region->source != rest->source || region->flags != rest->flags ||
	    region->prot != region_rights(rest->prot))
		return NULL;
	bytes = region->end - region->start;
	if (region->source &&
	    (region->source_bytes != bytes ||
	     region->source_page + bytes / PAGE_SIZE != rest->source_page))
		return NULL;
	return region;
}

/* Put a part of the mapping in the place of what is there. Returns the end of
 * the part, or 0: no memory. */
static uaddr_t replace_part(struct space *space, const struct mapping *mapping,
			    uaddr_t start, uaddr_t stop)
{
	struct mapping rest = rest_of(mapping, start);
	struct region *region = NULL, *added = NULL;

	if (start > mapping->address)
		region = region_to_grow(space, &rest);
	if (!region)
		added = region_new(space);
	if (!region && !added)
		return 0;
	if (region_split(space, start, stop) != 0) {
		if (added)
			pool_free(&region_pool, added);
		return 0;
	}
	stop = drop_regions(space, start, stop);
	rest.source_bytes = MIN(rest.source_bytes, stop - start);
	if (added) {
		put_region(space, added, &rest, start, stop);
	} else {
		region->end = stop;
		region->source_bytes += rest.source_bytes;
	}
	return stop;
}

/* A fixed mapping comes in the place of others, part by part: to other threads,
 * each page has the old or the new mapping. */
static int replace(struct space *space, const struct mapping *mapping,
		   uaddr_t end)
{
	struct page_source *source = mapping->source;
	uaddr_t at = mapping->address;

	if (source)
		page_source_get(source);
	for (;; sched_point()) {
		at = replace_part(space, mapping, at, part_end(at, end));
		if (at == 0 || at == end)
			break;
	}
	if (source)
		page_source_put(source);
	return at == end ? 0 : -ENOMEM;
}

long space_map(struct space *space, const struct mapping *mapping)
{
	size_t bytes = ALIGN_UP(mapping->bytes, PAGE_SIZE);
	int error = check_mapping(mapping);
	struct region *region;
	uaddr_t address;

	if (error)
		return error;
	address = choose_address(space, mapping);
	if (!address)
		return -ENOMEM;
	if (mapping->is_fixed &&
	    !region_range_is_free(space, address, address + bytes)) {
		error = replace(space, mapping, address + bytes);
		return error ? error : (long)address;
	}
	region = region_new(space);
	if (!region)
		return -ENOMEM;
	put_region(space, region, mapping, address, address + bytes);
	return address;
}

int space_unmap(struct space *space, uaddr_t address, size_t bytes)
{
	uaddr_t end = address + ALIGN_UP(bytes, PAGE_SIZE);

	if (!region_bytes_are_valid(address, bytes))
		return -EINVAL;
	if (region_split(space, address, end) != 0)
		return -ENOMEM;
	for (;; sched_point()) {
		address = drop_regions(space, address, part_end(address, end));
		if (address == end)
			return 0;
	}
}

/* ---- The heap ----------------------------------------------------------- */

long space_set_brk(struct space *space, uaddr_t end)
{
	uaddr_t old_top = ALIGN_UP(space->heap_end, PAGE_SIZE);
	uaddr_t new_top = ALIGN_UP(end, PAGE_SIZE);
	struct mapping growth = {
		.address = old_top, .bytes = new_top - old_top,
		.prot = PROT_READ | PROT_WRITE, .flags = REGION_HEAP,
		.is_fixed = true,
	};
	struct region *heap;
	long result = 0;

	if (end < space->heap_start || end > MMAP_LOWEST_VA)
		return -ENOMEM;
	if (new_top > old_top &&
	    !frame_can_promise((new_top - old_top) / PAGE_SIZE))
		return -ENOMEM;
	if (new_top < old_top)
		result = space_unmap(space, new_top, old_top - new_top);
	heap = region_find(space, old_top - 1);
	if (new_top > old_top) {
		if (!region_range_is_free(space, old_top, new_top))
			return -ENOMEM;
		if (heap && heap->flags & REGION_HEAP)
			heap->end = new_top;
		else
			result = space_map(space, &growth);
	}
	if (result < 0)
		return result;
	space->heap_end = end;
	return end;
}

/* ---- Reports ------------------------------------------------------------ */

bool space_peek(struct space *space, uaddr_t from, void *to, size_t bytes)
{
	while (bytes > 0) {
		size_t part = MIN(bytes, PAGE_SIZE - from % PAGE_SIZE);
		bool writable;
		frame_t frame = 0;

		if (user_range_is_valid(from, part))
			frame = arch_lookup(&space->arch, from, &writable);
		if (!frame)
			return false;
		memcpy(to, (char *)frame_open(frame) + from % PAGE_SIZE, part);
		frame_close(frame);
		to = (char *)to + part;
		from += part;
		bytes -= part;
	}
	return true;
}

int space_rights(struct space *space, uaddr_t address)
{
	const struct region *region = region_find(space, address);

	return region ? region->prot : -1;
}
