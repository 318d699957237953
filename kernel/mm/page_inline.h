/*
 * page_inline.h - one page that is shared, mapped and unmapped, in line for
 * mmap(2) and munmap(2).
 *
 * Programs that talk through memory map a page, use it, and unmap it. So for
 * one page that the kernel may put where it likes there is a straight way:
 * into a space where nothing lies from MMAP_LOWEST_VA on, and out again if no
 * other region was looked for meanwhile. All else goes through space.c.
 */
#pragma once

#include "kernel/abi/errno.h"
#include "kernel/mm/frame_inline.h"
#include "kernel/mm/region.h"

/* A shared page is touched next: bring it now, if there is one. If that fails
 * it is for the fault to say so. */
static inline void region_bring_page(struct region *region)
{
	struct page_source *source = region->source;
	struct space *space = region->space;
	paddr_t pa = source->ops->page(source, region->source_page, true);

	if (UNLIKELY(pa <= PAGE_NO_MEMORY))
		return;
	if (UNLIKELY(arch_map(&space->arch, region->start, pa, region->prot)))
		return;
	frame_get_inline(pa);
	space->pages++;
}

/* Map page `index` of the source, to read and write, shared. Its address, or
 * -ENOMEM; 0: use space_map(). */
static ALWAYS_INLINE long space_map_page(struct space *space,
					 struct page_source *source,
					 uint32_t index)
{
	struct list_node *head = &space->regions.head;
	struct region *last = LIST_ENTRY(head->prev, struct region, node);
	struct region *region;

	if (UNLIKELY(&last->node == head || last->end > MMAP_LOWEST_VA))
		return 0;
	region = region_new(space);
	if (UNLIKELY(!region))
		return -ENOMEM;
	region->space = space;
	region->start = MMAP_LOWEST_VA;
	region->end = MMAP_LOWEST_VA + PAGE_SIZE;
	region->prot = PROT_READ | PROT_WRITE;
	region->flags = REGION_SHARED;
	region->source_page = index;
	region->source_bytes = PAGE_SIZE;
	region_attach(region, source);
	region_insert(space, region, head);
	region_bring_page(region);
	return MMAP_LOWEST_VA;
}

/* Unmap what space_map_page() mapped. False: use space_unmap(). */
static ALWAYS_INLINE bool space_unmap_page(struct space *space,
					   uaddr_t address)
{
	struct region *region = space->recent;
	paddr_t pa;

	if (UNLIKELY(!region || region->start != address ||
		     region->end != address + PAGE_SIZE))
		return false;
	region_changes(space);
	pa = arch_unmap(&space->arch, address);
	if (LIKELY(pa)) {
		space->pages--;
		frame_put_inline(pa);
	}
	region_remove(space, region);
	return true;
}
