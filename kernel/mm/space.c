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

#define PART_BYTES	0x80000u	/* then tasks may switch */
#define PART_REGIONS	32		/* ... when a space ends */

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

/* Take out whole regions; of a region that ends above `end`, the front. A
 * region that begins below `start` is a new mapping of another thread, and
 * stays. */
static void drop_regions(struct space *space, uaddr_t start, uaddr_t end)
{
	struct region *region = region_above(space, start), *after;

	for (; region && region->start < end; region = after) {
		after = region_next(region);
		if (region->start < start)
			continue;
		if (region->end <= end) {
			drop_region(space, region);
			continue;
		}
		space->pages -= arch_unmap_range(&space->arch, region->start,
						 end, frame_put);
		region_unpack(space, region);
		region_cut_front(region, end);
	}
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

static bool range_is_valid(uaddr_t address, size_t bytes)
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
static int rights(int prot)
{
	return prot ? prot | PROT_READ : PROT_NONE;
}

static bool is_free(struct space *space, uaddr_t address, size_t bytes)
{
	return range_is_valid(address, bytes) &&
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
	if (mapping->is_fixed && !range_is_valid(mapping->address, bytes))
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
	region = region_new(space);
	if (!region)
		return -ENOMEM;
	if (mapping->is_fixed) {
		if (region_split(space, address, address + bytes) != 0) {
			pool_free(&region_pool, region);
			return -ENOMEM;
		}
		drop_regions(space, address, address + bytes);
	}
	region->space = space;
	region->start = address;
	region->end = address + bytes;
	region->prot = rights(mapping->prot);
	region->flags = mapping->flags;
	region->source_page = mapping->source_page;
	region->source_bytes = mapping->source_bytes;
	region_attach(region, mapping->source);
	region_insert(space, region, region_above(space, address));
	if (bytes == PAGE_SIZE && region->flags & REGION_SHARED &&
	    region->prot != PROT_NONE)
		bring_page(region);
	return address;
}

/* Tasks may switch between two parts. */
static uaddr_t part_end(uaddr_t start, uaddr_t end)
{
	return end - start > PART_BYTES ? start + PART_BYTES : end;
}

int space_unmap(struct space *space, uaddr_t address, size_t bytes)
{
	uaddr_t end = address + ALIGN_UP(bytes, PAGE_SIZE);

	if (!range_is_valid(address, bytes))
		return -EINVAL;
	if (region_split(space, address, end) != 0)
		return -ENOMEM;
	for (;; sched_point()) {
		uaddr_t stop = part_end(address, end);

		drop_regions(space, address, stop);
		if (stop == end)
			return 0;
		address = stop;
	}
}

int space_check(struct space *space, uaddr_t address, size_t bytes)
{
	if (address % PAGE_SIZE)
		return -EINVAL;
	if (bytes == 0)
		return 0;
	if (!range_is_valid(address, bytes))
		return -ENOMEM;
	return region_range_is_mapped(space, address, address +
				      ALIGN_UP(bytes, PAGE_SIZE))
		? 0 : -ENOMEM;
}

/* May mprotect(2) give the range these rights? */
static bool may_have(struct space *space, uaddr_t start, uaddr_t end, int prot)
{
	unsigned against = (prot & PROT_WRITE ? REGION_READ_ONLY : 0) |
			   (prot & PROT_EXEC ? REGION_NO_EXEC : 0);
	const struct region *region;

	REGIONS_IN(region, space, start, end)
		if (region->flags & against)
			return false;
	return true;
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

/* Give the pages the rights of their regions, in parts. */
static void protect_pages(struct space *space, uaddr_t at, uaddr_t end)
{
	struct region *region;
	uaddr_t stop;

	for (;; sched_point()) {
		region = region_find(space, at);
		stop = part_end(at, end);
		if (region) {
			stop = MIN(stop, region->end);
			protect_in(region, at, stop);
		}
		if (stop == end)
			return;
		at = stop;
	}
}

int space_protect(struct space *space, uaddr_t address, size_t bytes, int prot)
{
	struct region *region;
	uaddr_t end;
	int error = space_check(space, address, bytes);

	if (error || bytes == 0)
		return error;
	end = address + ALIGN_UP(bytes, PAGE_SIZE);
	if (!may_have(space, address, end, prot))
		return -EACCES;
	if (region_split(space, address, end) != 0)
		return -ENOMEM;
	REGIONS_IN(region, space, address, end)
		region->prot = rights(prot);
	protect_pages(space, address, end);
	return 0;
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
