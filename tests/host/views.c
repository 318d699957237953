/*
 * views.c - pages that go out of all mappings, while mappings come and go.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/memory.c tests/host/stub/kernel.c
 * link: kernel/mm/share.c kernel/mm/region.c kernel/lib/tree.c
 *
 * At each chance to switch, other tasks unmap regions, cut regions in two, and
 * fork. A region that goes leaves its memory to the next new region. After
 * source_unmap(), no region but those of the excepted space may show a page
 * that went. A page comes into a region only by a fork, as in the kernel.
 */
#include "tests/host/stub/host.h"

#include "kernel/lib/sched_point.h"
#include "kernel/lib/string.h"
#include "kernel/mm/region.h"

#define REGIONS		6		/* few, so that changes meet */
#define PAGES		200u		/* of the source */
#define SPAN		(PAGES * PAGE_SIZE)
#define RUNS		100000

/* A region, and which of its pages are in the page tables. */
struct view {
	struct region region;		/* first */
	bool is_used;
	bool has[PAGES];		/* by page of the source */
};

static struct view views[REGIONS];
static struct view *unused[REGIONS];	/* the last is used first */
static unsigned unused_count;
static struct page_source source;
static struct region stranger;		/* the mark of a walk at rest */
static struct space spaces[2];
static uint32_t refs, walks, left;
static uint32_t changes;		/* still to come in this run */
static uaddr_t next_start;

/* shmdt(2) does not come here. */
int space_unmap(struct space *space, uaddr_t address, size_t bytes)
{
	(void)space, (void)address, (void)bytes;
	return 0;
}

/* ---- Below and beside share.c -------------------------------------------- */

static struct view *view_at(uaddr_t address)
{
	for (int i = 0; i < REGIONS; i++)
		if (views[i].is_used && views[i].region.start <= address &&
		    address < views[i].region.end)
			return &views[i];
	return NULL;
}

uint32_t arch_unmap_range(struct arch_space *space, uaddr_t from, uaddr_t to,
			  void (*put)(frame_t))
{
	struct view *view = view_at(from);
	uint32_t count = 0;

	(void)space, (void)put;
	for (; from < to; from += PAGE_SIZE) {
		bool *has = &view->has[view->region.source_page +
				       (from - view->region.start) / PAGE_SIZE];

		count += *has;
		*has = false;
	}
	return count;
}

frame_t arch_lookup(struct arch_space *space, uaddr_t va, bool *writable_out)
{
	(void)space, (void)va, (void)writable_out;
	return 0;
}

frame_t region_own_page(struct space *space, const struct region *region,
			uaddr_t va)
{
	(void)space, (void)region, (void)va;
	return 0;
}

int space_check(struct space *space, uaddr_t address, size_t bytes)
{
	(void)space, (void)address, (void)bytes;
	return 0;
}

/* ---- Regions that come and go -------------------------------------------- */

static struct view *new_view(const struct view *from, uint32_t page,
			     uint32_t pages, struct space *space)
{
	struct view *view;

	if (unused_count == 0)
		return NULL;
	view = unused[--unused_count];
	*view = (struct view){ .is_used = true };
	view->region.space = space;
	view->region.source_page = page;
	view->region.source_bytes = pages * PAGE_SIZE;
	view->region.start = next_start += 2 * SPAN;
	view->region.end = view->region.start + pages * PAGE_SIZE;
	for (uint32_t i = page; i < page + pages; i++)
		view->has[i] = !from || from->has[i];
	region_attach(&view->region, &source);
	return view;
}

static void remove_view(struct view *view)
{
	region_detach(&view->region);
	view->is_used = false;
	unused[unused_count++] = view;
}

static uint32_t pages_of(const struct view *view)
{
	return view->region.source_bytes / PAGE_SIZE;
}

/* The upper part goes on as a new region. */
static void split(struct view *view)
{
	uint32_t pages = pages_of(view), keep;

	if (pages < 2)
		return;
	keep = 1 + host_random(pages - 1);
	if (!new_view(view, view->region.source_page + keep, pages - keep,
		      view->region.space))
		return;
	view->region.end = view->region.start + keep * PAGE_SIZE;
	view->region.source_bytes = keep * PAGE_SIZE;
}

/* A walk of a third task comes behind the region, or ends. */
static void toggle_stranger(const struct view *view)
{
	if (list_is_linked(&stranger.viewer))
		list_remove(&stranger.viewer);
	else
		list_insert_before(view->region.viewer.next, &stranger.viewer);
}

static void disturb(void)
{
	struct view *view = &views[host_random(REGIONS)];

	while (!view->is_used) {
		if (unused_count == REGIONS)
			return;
		view = &views[host_random(REGIONS)];
	}
	switch (host_random(6)) {
	case 0:
	case 1:
		remove_view(view);
		break;
	case 2:
		split(view);
		break;
	case 3:
		new_view(view, view->region.source_page, pages_of(view),
			 view->region.space);
		break;
	case 4:
		toggle_stranger(view);
		break;
	default:
		if (pages_of(view) > 1)
			region_cut_front(&view->region, view->region.start +
					 PAGE_SIZE * (1 + host_random(
						pages_of(view) - 1)));
	}
}

/* True: no page of [first, end) is left, but in the excepted space. */
static bool all_went(uint32_t first, uint32_t end, const struct space *except)
{
	for (int i = 0; i < REGIONS; i++) {
		const struct view *view = &views[i];

		if (!view->is_used || view->region.space == except)
			continue;
		for (uint32_t page = MAX(first, view->region.source_page);
		     page < MIN(end, view->region.source_page +
				     pages_of(view)); page++)
			if (view->has[page])
				return false;
	}
	return true;
}

/* The walk of one call. In its chances a second call walks, and no third. */
static void walk(void)
{
	const struct space *except = host_random(2) ? &spaces[0] : NULL;
	uint32_t first = host_random(PAGES);
	uint32_t end = first + host_random(PAGES - first) + 1;

	walks++;
	source_unmap(&source, first, end, except);
	walks--;
	left += !all_went(first, end, except);
}

void sched_point(void)
{
	for (uint32_t i = host_random(4); i > 0 && changes > 0; i--) {
		disturb();
		changes--;
	}
	if (walks == 1 && host_random(20) == 0)
		walk();
}

/* ---- The test ------------------------------------------------------------ */

static void set_up(void)
{
	refs = 1;
	page_source_init(&source, NULL, &refs, PROT_READ);
	unused_count = 0;
	next_start = 0;
	for (int i = REGIONS; i-- > 0;) {
		views[i].is_used = false;
		unused[unused_count++] = &views[i];
	}
	for (uint32_t i = 1 + host_random(REGIONS - 2); i > 0; i--) {
		uint32_t page = host_random(PAGES);

		new_view(NULL, page, 1 + host_random(PAGES - page),
			 &spaces[host_random(2)]);
	}
}

int main(void)
{
	uint32_t unlinked = 0;

	for (int run = 0; run < RUNS; run++) {
		set_up();
		changes = host_random(12);
		walk();
		if (list_is_linked(&stranger.viewer))
			list_remove(&stranger.viewer);
		while (!list_is_empty(&source.regions))
			remove_view(LIST_ENTRY(source.regions.head.next,
					       struct view, region.viewer));
		unlinked += unused_count != REGIONS;
	}
	is(left, 0, "page_stays_mapped_after_it_went");
	is(unlinked, 0, "mark_of_a_walk_stays_in_the_list");
	return tap_done();
}
