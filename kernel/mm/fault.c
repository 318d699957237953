/*
 * fault.c - a page fault brings in a page of a region.
 *
 *	anonymous, touched first	a zeroed page
 *	source, read			the source's page, not writable
 *	source, private, written	a copy of the source's page
 *	source, shared			the source's page, writable
 *	copy-on-write, written		a copy, or the same page if this space
 *					is its last holder
 *
 * A shared mapping of one page does not wait for the fault: see space_map().
 *
 * No function here sleeps: every page of Parley is in memory already, so a
 * fault in the middle of a copy to a user ends at once.
 */
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/string.h"
#include "kernel/machine.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/region.h"

#define SMALL_PAGES	256		/* of a program: one MiB */

static bool is_allowed(const struct region *region, unsigned access)
{
	if (access & FAULT_WRITE)
		return region->prot & PROT_WRITE;
	if (access & FAULT_EXECUTE)
		return region->prot & PROT_EXEC;
	return region->prot & (PROT_READ | PROT_EXEC | PROT_WRITE);
}

/*
 * The number of free frames that a program may not use. When memory runs out,
 * the kernel first refuses pages that make a large program larger. A large
 * program still gets a copy of a present page, or a page of its stack: the
 * program needs these pages to handle the signal. The last frames are for small
 * programs, which did not use up the memory and should not die. The very last
 * frames are for init and the shells of init, so that a user can end programs.
 */
static uint32_t frames_kept_from(const struct space *space, bool is_growth)
{
	if (space->is_vital)
		return 0;
	if (space->pages < SMALL_PAGES)
		return FRAMES_RESERVED / 4;
	return is_growth ? FRAMES_RESERVED : FRAMES_RESERVED / 2;
}

bool space_may_grow(const struct space *space, uint32_t frames)
{
	const struct account *payer = account_payer();

	return frame_count[FRAME_FREE] >
		       frames + frames_kept_from(space, true) +
		       payer->frames_kept &&
	       account_has_room(payer, ACCOUNT_MEMORY, frames * PAGE_SIZE);
}

static paddr_t alloc_page(const struct space *space, bool is_growth)
{
	if (frame_count[FRAME_FREE] <= frames_kept_from(space, is_growth))
		return 0;
	return frame_alloc(FRAME_USER);
}

/* Map a frame; the space takes over the caller's reference. */
static int map_page(struct space *space, uaddr_t va, paddr_t pa, int prot)
{
	if (arch_map(&space->arch, va, pa, prot) != 0) {
		frame_put(pa);
		return -ENOMEM;
	}
	space->pages++;
	return 0;
}

static int map_zeroed(struct space *space, const struct region *region,
		      uaddr_t va)
{
	paddr_t pa = alloc_page(space, !(region->flags & REGION_STACK));

	if (!pa)
		return -ENOMEM;
	memset(phys_to_virt(pa), 0, PAGE_SIZE);
	return map_page(space, va, pa, region->prot);
}

/* A private copy of a page: the first `bytes` are copied, the rest is zero. */
static paddr_t copy_page(const struct space *space, paddr_t from,
			 uint32_t bytes)
{
	paddr_t pa = alloc_page(space, false);

	if (!pa)
		return 0;
	bytes = MIN(bytes, PAGE_SIZE);
	memcpy(phys_to_virt(pa), phys_to_virt(from), bytes);
	memset((char *)phys_to_virt(pa) + bytes, 0, PAGE_SIZE - bytes);
	return pa;
}

static int map_from_source(struct space *space, const struct region *region,
			   uaddr_t va, bool is_write)
{
	struct page_source *source = region->source;
	bool is_shared = region->flags & REGION_SHARED;
	uint32_t offset = va - region->start;
	uint32_t bytes = region->source_bytes - offset;
	paddr_t pa, copy;

	/* A shared mapping gets the page that write(2) changes, even for a
	 * read: the program has to see the changes. */
	pa = source->ops->page(source, region->source_page + offset / PAGE_SIZE,
			       is_shared);
	if (pa == 0)
		return -ENXIO;
	if (pa == PAGE_NO_MEMORY)
		return -ENOMEM;
	/* If the source ends in the middle of the page, copy the page at once:
	 * the rest must read as zero. */
	if (is_shared || (!is_write && bytes >= PAGE_SIZE)) {
		frame_get(pa);
		return map_page(space, va, pa, region->prot &
				(is_shared ? ~0 : ~PROT_WRITE));
	}
	copy = copy_page(space, pa, bytes);
	return copy ? map_page(space, va, copy, region->prot) : -ENOMEM;
}

/* A page is there, but the page tables did not allow the access. */
static int settle_present(struct space *space, const struct region *region,
			  uaddr_t va, paddr_t pa, bool is_write)
{
	paddr_t copy = pa;

	if (!is_write || region->flags & REGION_SHARED ||
	    frame_refs(pa) == 1)
		return arch_map(&space->arch, va, pa, region->prot &
				(is_write ? ~0 : ~PROT_WRITE));
	copy = copy_page(space, pa, PAGE_SIZE);
	if (!copy)
		return -ENOMEM;
	if (arch_map(&space->arch, va, copy, region->prot) != 0) {
		frame_put(copy);
		return -ENOMEM;
	}
	frame_put(pa);
	return 0;
}

static int settle(struct space *space, const struct region *region,
		  uaddr_t va, bool is_write)
{
	bool writable;
	paddr_t pa = arch_lookup(&space->arch, va, &writable);

	if (pa)
		return settle_present(space, region, va, pa, is_write);
	if (region->source && va - region->start < region->source_bytes)
		return map_from_source(space, region, va, is_write);
	return map_zeroed(space, region, va);
}

int space_fault(struct space *space, uaddr_t address, unsigned access)
{
	uaddr_t va = ALIGN_DOWN(address, PAGE_SIZE);
	struct region *region = region_find(space, va);

	if (!region)
		return -EFAULT;
	if (!is_allowed(region, access))
		return -EACCES;
	return settle(space, region, va, access & FAULT_WRITE);
}

paddr_t region_own_page(struct space *space, const struct region *region,
			uaddr_t va)
{
	bool writable;

	ASSERT(!(region->flags & REGION_SHARED));
	if (settle(space, region, va, true) != 0)
		return 0;
	return arch_lookup(&space->arch, va, &writable);
}

/* Give `copy` a copy of the region's page at va, if the page is present. False:
 * no memory. */
static bool copy_to(struct space *copy, const struct region *region,
		    uaddr_t va)
{
	bool writable;
	paddr_t pa = arch_lookup(&region->space->arch, va, &writable);

	if (!pa)
		return true;
	pa = copy_page(copy, pa, PAGE_SIZE);
	return pa && map_page(copy, ALIGN_DOWN(va, PAGE_SIZE), pa,
			      region->prot) == 0;
}

static bool copy_lent(struct space *copy, const struct region *region)
{
	uaddr_t va;

	for (va = region->start; va < region->end; va += PAGE_SIZE)
		if (!copy_to(copy, region, va))
			return false;
	return true;
}

int space_copy_first(struct space *copy, struct space *space, uaddr_t stack)
{
	const struct region *region = region_find(space, stack);

	if (region && !(region->flags & REGION_SHARED) &&
	    region->prot & PROT_WRITE)
		copy_to(copy, region, stack);
	LIST_FOR_EACH(region, &space->regions, node)
		if (region->flags & REGION_LENT && !copy_lent(copy, region))
			return -ENOMEM;
	return 0;
}
