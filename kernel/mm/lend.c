/*
 * lend.c - private memory of a process becomes pages of a source, and returns.
 *
 * Lending turns private memory of a process into pages of a source, in place.
 * First each page is made unshared, as a write would do, so that no older fork
 * shares the page. Then the source gets the frames, and the regions belong to
 * the source from now on. Nothing moves, and the process does not notice.
 * Taking back is the reverse, without the copying. A fork copies lent pages at
 * once (fault.c): the owner alone lends them, and a borrower's write must not
 * appear in the child.
 */
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/sched_point.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/region.h"

#define LEND_BYTES	(8 * PAGE_SIZE)	/* then tasks may switch */
#define PART_REGIONS	32u		/* ... when they are taken back */

static int may_lend(const struct region *region, int prot)
{
	if (region->flags & REGION_SHARED)
		return -EPERM;
	return prot & ~region->prot ? -EACCES : 0;
}

static int check_lent(struct space *space, uaddr_t start, uaddr_t end,
		      int prot)
{
	struct region *region;
	int error = 0;

	if (!region_range_is_mapped(space, start, end))
		return -EFAULT;
	REGIONS_IN(region, space, start, end)
		if (!error)
			error = may_lend(region, prot);
	return error;
}

/* From private memory to a view of the source. */
static void lend_region(struct region *region, struct page_source *source,
			uint32_t source_page)
{
	region_detach(region);
	region->flags &= ~(REGION_HEAP | REGION_STACK);
	region->flags |= REGION_SHARED | REGION_LENT;
	region->source_page = source_page;
	region->source_bytes = region->end - region->start;
	region_attach(region, source);
}

/* Parts that lie side by side become one region again. False: the next region
 * is no such part. */
static bool join_next(struct space *space, struct region *region)
{
	struct region *next = region_next(region);

	if (!next || next->start != region->end ||
	    next->source != region->source || next->flags != region->flags ||
	    next->prot != region->prot)
		return false;
	region->end = next->end;
	region->source_bytes += next->source_bytes;
	region_remove(space, next);
	return true;
}

/* Lend [start, end): the source's pages from `source_page` on. */
static int lend_part(struct space *space, uaddr_t start, uaddr_t end,
		     struct page_source *source, uint32_t source_page)
{
	struct region *region;
	int error = region_split(space, start, end);
	uaddr_t va;

	for (va = start; va < end && !error; va += PAGE_SIZE) {
		frame_t frame = region_own_page(space, region_find(space, va),
						va);

		if (!frame)
			return -ENOMEM;
		error = source->ops->give(source, source_page +
					  (va - start) / PAGE_SIZE, frame);
	}
	if (error)
		return error;
	REGIONS_IN(region, space, start, end)
		lend_region(region, source, source_page +
			    (region->start - start) / PAGE_SIZE);
	region = region_find(space, start - PAGE_SIZE);
	if (region && region->source == source)
		join_next(space, region);
	return 0;
}

/* The end of a part; tasks may switch between two parts. */
static uaddr_t lend_end(uaddr_t at, uaddr_t end)
{
	return at + MIN(end - at, LEND_BYTES);
}

static int check_all(struct space *space, uaddr_t at, uaddr_t end, int prot)
{
	int error = 0;

	for (; at < end && !error; at = lend_end(at, end)) {
		error = check_lent(space, at, lend_end(at, end), prot);
		sched_point();
	}
	return error;
}

int space_lend(struct space *space, uaddr_t address, size_t bytes, int prot,
	       struct page_source *source)
{
	uaddr_t end = address + bytes, va = address, stop;
	int error = check_all(space, address, end, prot);

	for (; va < end && !error; va = stop) {
		stop = lend_end(va, end);
		error = check_lent(space, va, stop, prot);
		if (!error)
			error = lend_part(space, va, stop, source,
					  (va - address) / PAGE_SIZE);
		sched_point();
	}
	if (error)
		space_take_back(space, source);
	return error;
}

/* All pages are present: only munmap() could have taken a page. */
void region_take_back(struct region *region)
{
	region_detach(region);
	region->flags &= ~(REGION_SHARED | REGION_LENT);
	region->source = NULL;
	region->source_page = region->source_bytes = 0;
}

/* Take back some of the lent regions from the address on. Returns where to go
 * on, USER_HIGHEST: all is done. */
static uaddr_t take_back_part(struct space *space, uaddr_t at,
			      const struct page_source *source)
{
	unsigned left = PART_REGIONS;
	struct region *region;

	REGIONS_IN(region, space, at, USER_HIGHEST) {
		if (left-- == 0)
			return region->start;
		if (region->source == source && region->flags & REGION_LENT)
			region_take_back(region);
	}
	return USER_HIGHEST;
}

/* Join some of the private regions, as above. */
static uaddr_t join_part(struct space *space, uaddr_t at)
{
	unsigned left = PART_REGIONS;
	struct region *region;

	REGIONS_IN(region, space, at, USER_HIGHEST) {
		while (left > 0 && !region->source && join_next(space, region))
			left--;
		if (left == 0)
			return region->start;
		left--;
	}
	return USER_HIGHEST;
}

void space_take_back(struct space *space, struct page_source *source)
{
	uaddr_t at;

	for (at = 0; at < USER_HIGHEST; sched_point())
		at = take_back_part(space, at, source);
	for (at = 0; at < USER_HIGHEST; sched_point())
		at = join_part(space, at);
}
