/*
 * fault.c - a page fault brings in a page of a region.
 *
 *	anonymous, read			the page of zeros, not writable
 *	anonymous, written		a zeroed page
 *	source, read			the source's page, not writable
 *	source, private, written	a copy of the source's page
 *	source, shared			the source's page, writable; of a source
 *					that tracks writes after the first write
 *	copy-on-write, written		a copy, or the same page if this space
 *					is its last holder
 *
 * A shared mapping of one page does not wait for the fault: see space_map().
 *
 * No function here sleeps. A page that comes from a disk is -EAGAIN: then
 * kernel/sys/fault.c waits, where the task can sleep.
 */
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/string.h"
#include "kernel/machine.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/region.h"

#define SMALL_PAGES	256		/* of a program: one MiB */

/* What a program reads where no program has written. The page is a frame of the
 * boot, and is never writable for a program. */
static uint8_t zeros[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

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

	return frame_count_low() >
		       frames + frames_kept_from(space, true) +
		       account_frames_kept(payer) &&
	       account_pages(payer) >= frames;
}

static frame_t alloc_page(const struct space *space, bool is_growth)
{
	if (frame_count[FRAME_FREE] <= frames_kept_from(space, is_growth))
		return 0;
	return frame_alloc(FRAME_USER);
}

/* Map a frame; the space takes over the caller's reference. */
static int map_page(struct space *space, uaddr_t va, frame_t frame, int prot)
{
	if (arch_map(&space->arch, va, frame, prot) != 0) {
		frame_put(frame);
		return -ENOMEM;
	}
	space->pages++;
	return 0;
}

/* Memory that is read before the first write may never be written. */
static int map_zeros(struct space *space, const struct region *region,
		     uaddr_t va)
{
	frame_get(virt_to_frame(zeros));
	return map_page(space, va, virt_to_frame(zeros),
			region->prot & ~PROT_WRITE);
}

static int map_zeroed(struct space *space, const struct region *region,
		      uaddr_t va)
{
	frame_t frame = alloc_page(space, !(region->flags & REGION_STACK));

	if (!frame)
		return -ENOMEM;
	memset(frame_open(frame), 0, PAGE_SIZE);
	frame_close(frame);
	return map_page(space, va, frame, region->prot);
}

/* A private copy of a page: the first `bytes` are copied, the rest is zero. */
static frame_t copy_page(const struct space *space, frame_t from,
			 uint32_t bytes)
{
	frame_t frame = alloc_page(space, false);
	char *page;

	if (!frame)
		return 0;
	bytes = MIN(bytes, PAGE_SIZE);
	page = frame_open(frame);
	memcpy(page, frame_open(from), bytes);
	memset(page + bytes, 0, PAGE_SIZE - bytes);
	frame_close(from);
	frame_close(frame);
	return frame;
}

static int map_from_source(struct space *space, const struct region *region,
			   uaddr_t va, bool is_write)
{
	struct page_source *source = region->source;
	bool is_shared = region->flags & REGION_SHARED;
	bool is_writable = is_shared && (is_write || !source->tracks_writes);
	uint32_t offset = va - region->start;
	uint32_t bytes = region->source_bytes - offset;
	frame_t frame, copy;

	/* A shared mapping gets the page that write(2) changes, even for a
	 * read: the program has to see the changes. */
	frame = source->ops->page(source,
				  region->source_page + offset / PAGE_SIZE,
				  !is_shared ? PAGE_COPY :
				  is_write ? PAGE_WRITE : PAGE_SHARE);
	if (frame == 0)
		return -ENXIO;
	if (frame == PAGE_NO_MEMORY)
		return -ENOMEM;
	if (frame == PAGE_WAIT)
		return -EAGAIN;
	/* If the source ends in the middle of the page, copy the page at once:
	 * the rest must read as zero. */
	if (is_shared || (!is_write && bytes >= PAGE_SIZE)) {
		frame_get(frame);
		return map_page(space, va, frame, region->prot &
				(is_writable ? ~0 : ~PROT_WRITE));
	}
	copy = copy_page(space, frame, bytes);
	return copy ? map_page(space, va, copy, region->prot) : -ENOMEM;
}

frame_t space_zeros(void)
{
	return virt_to_frame(zeros);
}

/* The first write after a read. */
static int replace_zeros(struct space *space, const struct region *region,
			 uaddr_t va)
{
	int error = map_zeroed(space, region, va);

	if (error)
		return error;
	space->pages--;
	frame_put(virt_to_frame(zeros));
	return 0;
}

/* The first write to a page of a source that tracks writes: the source may give
 * a different page, and takes the old one out of all mappings. */
static int ask_again(struct space *space, const struct region *region,
		     uaddr_t va)
{
	space->pages -= arch_unmap_range(&space->arch, va, va + PAGE_SIZE,
					 frame_put);
	return map_from_source(space, region, va, true);
}

/* A page is there, but the page tables did not allow the access. */
static int settle_present(struct space *space, const struct region *region,
			  uaddr_t va, frame_t frame, bool is_write)
{
	bool is_shared = region->flags & REGION_SHARED;
	frame_t copy;

	if (is_write && is_shared && region->source->tracks_writes)
		return ask_again(space, region, va);
	if (!is_write || is_shared || frame_refs(frame) == 1)
		return arch_map(&space->arch, va, frame, region->prot &
				(is_write ? ~0 : ~PROT_WRITE));
	if (frame == virt_to_frame(zeros))
		return replace_zeros(space, region, va);
	copy = copy_page(space, frame, PAGE_SIZE);
	if (!copy)
		return -ENOMEM;
	if (arch_map(&space->arch, va, copy, region->prot) != 0) {
		frame_put(copy);
		return -ENOMEM;
	}
	frame_put(frame);
	return 0;
}

static int settle(struct space *space, const struct region *region,
		  uaddr_t va, bool is_write)
{
	bool writable;
	frame_t frame = arch_lookup(&space->arch, va, &writable);

	if (frame)
		return settle_present(space, region, va, frame, is_write);
	if (region->source && va - region->start < region->source_bytes)
		return map_from_source(space, region, va, is_write);
	return is_write ? map_zeroed(space, region, va)
			: map_zeros(space, region, va);
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

frame_t region_own_page(struct space *space, const struct region *region,
			uaddr_t va)
{
	bool writable;

	ASSERT(!(region->flags & REGION_SHARED));
	if (settle(space, region, va, true) != 0)
		return 0;
	return arch_lookup(&space->arch, va, &writable);
}

bool region_copy_page(struct space *copy, const struct region *region,
		      uaddr_t va)
{
	bool writable;
	frame_t frame = arch_lookup(&region->space->arch, va, &writable);

	if (!frame)
		return true;
	frame = copy_page(copy, frame, PAGE_SIZE);
	return frame && map_page(copy, ALIGN_DOWN(va, PAGE_SIZE), frame,
				 region->prot) == 0;
}
