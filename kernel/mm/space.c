/*
 * space.c - address spaces: map, unmap, protect, fork, the heap.
 *
 * Fork copies the list of regions and the page tables, not the pages: private
 * pages become read-only on both sides, with one reference more, and the first
 * write copies them (fault.c). Shared pages stay as they are. The page of the
 * stack that fork returns to is copied at once: both sides write to it next.
 */
#include "kernel/mm/page_inline.h"

#include "kernel/abi/limits.h"

void (*space_forget_words)(struct space *space);

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
	list_init(&space->regions);
	space_knows_no_words(space);
	return space;
}

static void drop_region(struct space *space, struct region *region)
{
	region_changes(space);
	space->pages -= arch_unmap_range(&space->arch, region->start,
					 region->end, frame_put);
	region_remove(space, region);
}

/* Take out whole regions within [start, end). */
static void drop_regions(struct space *space, uaddr_t start, uaddr_t end)
{
	struct region *region, *after;

	LIST_FOR_EACH_SAFE(region, after, &space->regions, node) {
		if (region->start >= end)
			break;
		if (region->end <= start)
			continue;
		drop_region(space, region);
	}
}

void space_destroy(struct space *space)
{
	struct region *region, *after;

	region_changes(space);
	LIST_FOR_EACH_SAFE(region, after, &space->regions, node)
		region_free(region);
	space->pages -= arch_space_destroy(&space->arch);
	ASSERT(space->pages == 0);
	pool_free(&space_pool, space);
}

static bool always(paddr_t pa)
{
	(void)pa;
	return true;
}

/* All pages of a region that is shared may be written to after all. */
static void share_region(struct space *space, const struct region *region)
{
	arch_protect_range(&space->arch, region->start, region->end,
			   region->prot, always);
}

static int clone_regions(struct space *copy, struct space *space)
{
	struct region *region, *twin;

	LIST_FOR_EACH(region, &space->regions, node) {
		twin = region_copy(region, copy);
		if (!twin)
			return -ENOMEM;
		region_insert(copy, twin, &copy->regions.head);
		if (region->flags & REGION_SHARED) {
			share_region(space, region);
			share_region(copy, region);
		}
	}
	return 0;
}

struct space *space_clone(struct space *space, uaddr_t stack)
{
	/* Page tables, and the pages that both will write at once. */
	uint32_t needed = 8 + space->pages / 256;
	struct space *copy;
	int error;

	if (!space_may_grow(space, needed))
		return NULL;
	copy = space_create();
	if (!copy)
		return NULL;
	copy->heap_start = space->heap_start;
	copy->heap_end = space->heap_end;
	copy->is_vital = false;
	region_copy_page(copy, space, stack);
	error = arch_space_copy(&copy->arch, &space->arch, &copy->pages);
	if (!error)
		error = clone_regions(copy, space);
	arch_flush_tlb();	/* our own pages have become read-only */
	if (!error)
		return copy;
	space_destroy(copy);
	return NULL;
}

/* ---- Ranges ------------------------------------------------------------- */

static bool range_is_valid(uaddr_t address, size_t bytes)
{
	return address % PAGE_SIZE == 0 && bytes > 0 &&
	       bytes <= USER_HIGHEST - USER_LOWEST &&
	       user_range_is_valid(address, ALIGN_UP(bytes, PAGE_SIZE));
}

/*
 * The rights that a region gets. No page of an i686 can be written or run but
 * not read; without this a page that waits for its first write would have no
 * rights at all, and reading it would fault for ever.
 */
static int rights(int prot)
{
	return prot ? prot | PROT_READ : PROT_NONE;
}

/* Make start and end borders of regions. */
static int split_range(struct space *space, uaddr_t start, uaddr_t end)
{
	int error = region_split(space, start);

	return error ? error : region_split(space, end);
}

static int make_room(struct space *space, uaddr_t start, uaddr_t end)
{
	struct region *last = LIST_ENTRY(space->regions.head.prev,
					 struct region, node);
	int error;

	if (list_is_empty(&space->regions) || last->end <= start)
		return 0;
	error = split_range(space, start, end);
	if (!error)
		drop_regions(space, start, end);
	return error;
}

static bool is_free(struct space *space, uaddr_t address, size_t bytes)
{
	return range_is_valid(address, bytes) &&
	       region_range_is_free(space, address, address + bytes);
}

/* The node of the list in front of which a region at address belongs, looked
 * for from the end: what is mapped lies behind the program. */
static struct list_node *find_place(struct space *space, uaddr_t address)
{
	struct list_node *at = &space->regions.head;

	while (at->prev != &space->regions.head &&
	       LIST_ENTRY(at->prev, struct region, node)->start > address)
		at = at->prev;
	return at;
}

long space_map(struct space *space, uaddr_t address, size_t bytes, int prot,
	       unsigned flags, bool fixed, struct page_source *source,
	       uint32_t source_page, uint32_t source_bytes)
{
	struct region *region;

	if (bytes == 0 || (fixed && address % PAGE_SIZE))
		return -EINVAL;
	if (bytes > USER_HIGHEST - USER_LOWEST ||
	    (fixed && !range_is_valid(address, bytes)))
		return -ENOMEM;
	bytes = ALIGN_UP(bytes, PAGE_SIZE);
	/* What could not be had even now is refused; memory that others touch
	 * before us may still be missing when we do. */
	if (!source && prot & PROT_WRITE && !(flags & REGION_STACK) &&
	    !frame_can_promise(bytes / PAGE_SIZE))
		return -ENOMEM;
	if (!fixed && (!address || !is_free(space, address, bytes)))
		address = region_find_gap(space, bytes);
	if (!address)
		return -ENOMEM;
	region = region_new(space);
	if (!region)
		return -ENOMEM;
	if (fixed && make_room(space, address, address + bytes) != 0) {
		pool_free(&region_pool, region);
		return -ENOMEM;
	}
	region->space = space;
	region->start = address;
	region->end = address + bytes;
	region->prot = rights(prot);
	region->flags = flags;
	region->source_page = source_page;
	region->source_bytes = source_bytes;
	region_attach(region, source);
	region_insert(space, region, find_place(space, address));
	if (bytes == PAGE_SIZE && flags & REGION_SHARED && prot != PROT_NONE)
		region_bring_page(region);
	return address;
}

int space_unmap(struct space *space, uaddr_t address, size_t bytes)
{
	uaddr_t end = address + ALIGN_UP(bytes, PAGE_SIZE);

	if (!range_is_valid(address, bytes))
		return -EINVAL;
	if (split_range(space, address, end) != 0)
		return -ENOMEM;
	drop_regions(space, address, end);
	return 0;
}

/* A private page that others hold too is copied at the first write. */
static bool is_alone(paddr_t pa)
{
	return frame_refs(pa) == 1;
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

	LIST_FOR_EACH(region, &space->regions, node)
		if (region->start < end && region->end > start &&
		    region->flags & against)
			return false;
	return true;
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
	if (split_range(space, address, end) != 0)
		return -ENOMEM;
	LIST_FOR_EACH(region, &space->regions, node) {
		if (region->start < address || region->end > end)
			continue;
		region->prot = rights(prot);
		arch_protect_range(&space->arch, region->start, region->end,
				   region->prot, region->flags & REGION_SHARED
				   ? always : is_alone);
	}
	return 0;
}

/* ---- The heap ----------------------------------------------------------- */

long space_set_brk(struct space *space, uaddr_t end)
{
	uaddr_t old_top = ALIGN_UP(space->heap_end, PAGE_SIZE);
	uaddr_t new_top = ALIGN_UP(end, PAGE_SIZE);
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
			result = space_map(space, old_top, new_top - old_top,
					   PROT_READ | PROT_WRITE, REGION_HEAP,
					   true, NULL, 0, 0);
	}
	if (result < 0)
		return result;
	space->heap_end = end;
	return end;
}
