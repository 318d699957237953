/*
 * share.c - a page in several spaces: the regions of a source.
 *
 * A source keeps a list of its regions, as each region points to its source.
 * When a file is cut short or a grant is revoked, pages of the source go. Then
 * the list names the page tables that still hold the pages. The processes get
 * no message: the next access to such a page faults, the source has no such
 * page any more, and the fault becomes a SIGBUS.
 */
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/sched_point.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/region.h"

#define PART_PAGES	64		/* of a view, then tasks may switch */
#define PART_VIEWS	16u		/* of a page that leaves, at once */

/* ---- Pages that go ------------------------------------------------------ */

struct region *source_view_before(const struct page_source *source,
				  const struct region *mark)
{
	const struct list_node *node = mark->viewer.prev;
	struct region *view;

	for (; node != &source->regions.head; node = node->prev) {
		view = LIST_ENTRY(node, struct region, viewer);
		if (view->space)
			return view;
	}
	return NULL;
}

bool source_pass_view(const struct page_source *source, struct region *mark)
{
	struct list_node *node = mark->viewer.next;

	while (node != &source->regions.head &&
	       !LIST_ENTRY(node, struct region, viewer)->space)
		node = node->next;
	if (node == &source->regions.head)
		return false;
	list_remove(&mark->viewer);
	list_insert_before(node->next, &mark->viewer);
	return true;
}

/* Take pages [first, end) of the source, a part of the region, out of the
 * region's page tables. */
static void unmap_view(struct region *region, uint32_t first, uint32_t end)
{
	uaddr_t at = region->start + (first - region->source_page) * PAGE_SIZE;

	region->space->pages -=
		arch_unmap_range(&region->space->arch, at,
				 at + (end - first) * PAGE_SIZE, frame_put);
}

/* The first page of the source behind the region. */
static uint32_t view_end(const struct region *region)
{
	return region->source_page +
	       ALIGN_UP(region->source_bytes, PAGE_SIZE) / PAGE_SIZE;
}

/*
 * A mark in the list keeps the place of the walk, since regions come and go
 * while tasks switch. A new region comes to the end of the list, so a copy of a
 * region that was not passed will be passed. If the region in front of the mark
 * goes, the walk looks at an older region again, which does no harm: the walk
 * remembers no region while tasks switch.
 */
void source_unmap(struct page_source *source, uint32_t first, uint32_t end,
		  const struct space *except)
{
	struct region mark = { .space = NULL }, *view;
	uint32_t at, stop;

	list_prepend(&source->regions, &mark.viewer);
	while (source_pass_view(source, &mark)) {
		for (at = first;
		     (view = source_view_before(source, &mark)) != NULL;
		     at = stop) {
			at = MAX(at, view->source_page);
			stop = MIN(MIN(end, view_end(view)), at + PART_PAGES);
			if (at >= stop || view->space == except)
				break;
			unmap_view(view, at, stop);
			sched_point();
		}
		sched_point();
	}
	list_remove(&mark.viewer);
}

static void release_view(struct region *region, uint32_t index, frame_t frame)
{
	uint32_t offset = (index - region->source_page) * PAGE_SIZE;
	uaddr_t va = region->start + offset;
	bool writable;

	if (index >= region->source_page && offset < region->source_bytes &&
	    arch_lookup(&region->space->arch, va, &writable) == frame)
		unmap_view(region, index, index + 1);
}

/* [P] The page that is leaving its mappings: one at a time, part by part. */
static struct {
	struct page_source *source;	/* NULL: none */
	uint32_t index;
	frame_t frame;
	struct region mark;		/* the views before it are done */
} leaving;

void source_end(struct page_source *source)
{
	if (leaving.source != source)
		return;
	list_remove(&leaving.mark.viewer);
	leaving.source = NULL;
}

/* The next part. True: that was the last one. */
static bool leave_part(void)
{
	struct page_source *source = leaving.source;
	unsigned left = PART_VIEWS;

	while (source_pass_view(source, &leaving.mark)) {
		release_view(source_view_before(source, &leaving.mark),
			     leaving.index, leaving.frame);
		if (--left == 0)
			return false;
	}
	source_end(source);
	return true;
}

bool source_release(struct page_source *source, uint32_t index, frame_t frame)
{
	bool is_other = leaving.source &&
			(leaving.source != source || leaving.index != index ||
			 leaving.frame != frame);

	if (!leaving.source) {
		leaving.source = source;
		leaving.index = index;
		leaving.frame = frame;
		list_prepend(&source->regions, &leaving.mark.viewer);
	}
	return leave_part() && !is_other;
}

bool source_page_leaves(const struct page_source *source, uint32_t index)
{
	return leaving.source == source && leaving.index == index &&
	       !leave_part();
}

/* ---- The mapping of a whole source --------------------------------------- */

/* Is the region a part of a mapping of the source that began here? */
static bool began_at(const struct region *region,
		     const struct page_source *source, uaddr_t address)
{
	return region->source == source && region->flags & REGION_SHARED &&
	       region->start - region->source_page * PAGE_SIZE == address;
}

struct page_source *space_source_at(struct space *space, uaddr_t address)
{
	const struct region *region = region_find(space, address);

	return region && region->start == address &&
	       began_at(region, region->source, address) ? region->source
							  : NULL;
}

void space_unmap_source(struct space *space, const struct page_source *source,
			uaddr_t address, size_t bytes)
{
	uaddr_t start = address, end = address + ALIGN_UP(bytes, PAGE_SIZE);
	const struct region *region;

	while ((region = region_above(space, address)) && region->start < end) {
		address = region->end;
		if (began_at(region, source, start))
			space_unmap(space, region->start,
				    region->end - region->start);
	}
}

/* ---- Pages that a program has written ----------------------------------- */

int space_sync(struct space *space, uaddr_t *address, uaddr_t end,
	       uint32_t *until)
{
	struct region *region = region_above(space, *address);
	int error = 0;

	if (!region || region->start >= end) {
		*address = end;
		return 0;
	}
	if (region->flags & REGION_SHARED && region->source->ops->sync)
		error = region->source->ops->sync(region->source, until);
	if (!error)
		*address = region->end;
	return error;
}

int space_touch(struct space *space, uaddr_t address, size_t bytes)
{
	int error = space_check(space, address, bytes);
	uaddr_t end = address + bytes;
	struct region *region;

	while (!error && (region = region_above(space, address)) &&
	       region->start < end) {
		address = region->end;
		if (region->flags & REGION_SHARED &&
		    region->prot & PROT_WRITE && region->source->ops->touch)
			region->source->ops->touch(region->source, true);
		sched_point();
	}
	return error;
}
