/*
 * contents_pages.c - the pages of a regular file, in a tree.
 *
 * The tree of slots grows at the root. The root of a file of one page is the
 * page of bytes. When a file gets a second page, the old root becomes slot 0 of
 * a new root. So finding a page takes as many steps as the tree has levels, and
 * appending costs the same for every length. With 1,024 slots a level, three
 * levels have 4 TiB: the longest file.
 *
 * A long file is freed in parts, from the last page on, so that tasks can
 * switch in between.
 */
#include "kernel/fs/contents.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"

#define SLOT_BITS	10
#define SLOTS		(1u << SLOT_BITS)
#define CUT_SLOTS	800		/* looks at slots: then tasks may
					 * switch */
#define CUT_PAGE	32		/* looks that freeing a page counts */

/* Files and shared memory leave this many frames free. So the shell can still
 * start rm when the file tree is full. Programs do not get the last frames
 * either. */
#define FRAMES_KEPT_FREE	(FRAMES_RESERVED + 64)

/* Pages of slots are low frames, pages of bytes are any. */
static frame_t *slots_of(frame_t frame)
{
	return frame_to_virt(frame);
}

/* The slot for page `index`, in a page `height` levels above the bytes. */
static uint32_t slot_index(uint32_t index, unsigned height)
{
	return (index >> ((height - 1) * SLOT_BITS)) % SLOTS;
}

/* Does a tree of this height have a place for page `index`? */
static bool is_in_reach(uint32_t index, unsigned height)
{
	return index >> (height * SLOT_BITS) == 0;
}

frame_t contents_own(const struct contents *contents, uint32_t index)
{
	unsigned height = contents->height;
	frame_t frame = contents->root;

	if (!is_in_reach(index, height))
		return 0;
	for (; frame && height > 0; height--)
		frame = slots_of(frame)[slot_index(index, height)];
	return frame;
}

uint32_t contents_in_image(const struct contents *contents, uint32_t index)
{
	uint64_t start = (uint64_t)index * PAGE_SIZE;

	if (start >= contents->image_bytes)
		return 0;
	return MIN(contents->image_bytes - start, PAGE_SIZE);
}

frame_t contents_look(const struct contents *contents, uint32_t index)
{
	frame_t frame = contents_own(contents, index);

	if (!frame && contents_in_image(contents, index))
		frame = contents->image + index;
	return frame;
}

uint32_t contents_pages(const struct contents *contents)
{
	uint32_t image_pages = contents_page_count(contents->image_bytes);
	uint32_t pages = image_pages + contents->frames;

	if (contents->frames > 0)
		while (image_pages > 0)
			if (contents_own(contents, --image_pages))
				pages--;
	return pages;
}

frame_t contents_frame(void)
{
	if (frame_count[FRAME_FREE] <= FRAMES_KEPT_FREE)
		return 0;
	return frame_alloc(FRAME_FILE);
}

/* A page without slots in use; 0: no memory. */
static frame_t new_slots(void)
{
	void *page;

	if (frame_count[FRAME_FREE] <= FRAMES_KEPT_FREE)
		return 0;
	page = page_alloc_zeroed(FRAME_FILE);
	return page ? virt_to_frame(page) : 0;
}

/* Raise the tree until page `index` has a place. False: no memory. */
static bool reach(struct contents *contents, uint32_t index)
{
	while (!is_in_reach(index, contents->height)) {
		if (contents->root) {
			frame_t slots = new_slots();

			if (!slots)
				return false;
			slots_of(slots)[0] = contents->root;
			contents->root = slots;
		}
		contents->height++;
	}
	return true;
}

/* Where the frame of page `index` is noted; NULL: no memory. */
static frame_t *make_slot(struct contents *contents, uint32_t index)
{
	frame_t *slot = &contents->root;
	unsigned height;

	contents->pages_end = MAX(contents->pages_end, index + 1);
	if (!reach(contents, index))
		return NULL;
	for (height = contents->height; height > 0; height--) {
		if (!*slot)
			*slot = new_slots();
		if (!*slot)
			return NULL;
		slot = &slots_of(*slot)[slot_index(index, height)];
	}
	return slot;
}

/* A page of the file with the bytes of the boot image, and zeros. */
static frame_t make_page(struct contents *contents, uint32_t index)
{
	frame_t *slot = make_slot(contents, index);
	uint32_t part = contents_in_image(contents, index);
	char *page;

	if (!slot)
		return 0;
	*slot = contents_frame();
	if (!*slot)
		return 0;
	page = frame_open(*slot);
	if (part)
		memcpy(page, frame_to_virt(contents->image + index), part);
	memset(page + part, 0, PAGE_SIZE - part);
	frame_close(*slot);
	contents->frames++;
	return *slot;
}

frame_t contents_make(struct contents *contents, uint32_t index)
{
	frame_t frame = contents_own(contents, index);

	return frame ? frame : make_page(contents, index);
}

int contents_put(struct contents *contents, uint32_t index, frame_t frame)
{
	frame_t *slot = make_slot(contents, index);

	if (!slot)
		return -ENOMEM;
	ASSERT(!*slot);
	contents->bytes = MAX(contents->bytes, (index + 1ull) * PAGE_SIZE);
	frame_get(frame);
	*slot = frame;
	contents->frames++;
	return 0;
}

/* ---- Freeing ------------------------------------------------------------ */

/* [own] One part of the work to shorten a file. */
struct cut {
	uint32_t first;		/* free this page and the pages behind */
	uint32_t end;		/* the pages from here on are free */
	int left;		/* slots that this part may still look at */
};

static bool cut(struct contents *contents, frame_t *slot, unsigned height,
		uint32_t base, struct cut *part);

/* Cut in each slot of a page of slots, from the last slot on. */
static bool cut_slots(struct contents *contents, frame_t *slots,
		      unsigned height, uint32_t base, struct cut *part)
{
	unsigned shift = (height - 1) * SLOT_BITS;
	uint32_t skip = part->first > base ? part->first - base : 0;
	uint32_t last = (part->end - base - 1) >> shift;
	uint32_t at = MIN(last, SLOTS - 1) + 1, start;

	while (at-- > skip >> shift) {
		start = base + (at << shift);
		if (part->left-- <= 0)
			return false;
		if (slots[at] &&
		    !cut(contents, &slots[at], height - 1, start, part))
			return false;
		part->end = start;
	}
	return true;
}

/* Free the pages below the node at *slot. The node is `height` levels above the
 * bytes and starts at page `base`. False: the part has no work left. */
static bool cut(struct contents *contents, frame_t *slot, unsigned height,
		uint32_t base, struct cut *part)
{
	if (height > 0 &&
	    !cut_slots(contents, slots_of(*slot), height, base, part))
		return false;
	if (base < part->first)
		return true;
	if (height == 0) {
		contents->frames--;
		part->left -= CUT_PAGE;
	}
	frame_put(*slot);
	*slot = 0;
	return true;
}

uint32_t contents_cut(struct contents *contents, uint32_t first)
{
	struct cut part = { first, contents->pages_end, CUT_SLOTS };
	bool is_done = !contents->root || part.end <= first ||
		       cut(contents, &contents->root, contents->height, 0,
			   &part);

	if (!contents->root)
		contents->height = 0;
	if (is_done)
		part.end = first;
	contents->pages_end = MIN(contents->pages_end, part.end);
	return part.end;
}
