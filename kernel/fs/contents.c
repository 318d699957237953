/*
 * contents.c - the bytes of a regular file, page by page.
 *
 * The tree of slots grows at the root. The root of a file of one page is the
 * page of bytes. When a file gets a second page, the old root becomes slot 0 of
 * a new root. So finding a page takes as many steps as the tree has levels, and
 * appending costs the same for every length. With 1,024 slots a level, three
 * levels have 4 TiB: the longest file.
 */
#include "kernel/fs/contents.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "kernel/mm/account.h"
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

void contents_set_image(struct contents *contents, frame_t image,
			uint32_t bytes)
{
	ASSERT(!contents->root);
	contents->image = image;
	contents->image_bytes = bytes;
	contents->bytes = bytes;
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

/* Bytes of page `index` in the boot image. */
static uint32_t image_part(const struct contents *contents, uint32_t index)
{
	uint64_t start = (uint64_t)index * PAGE_SIZE;

	if (start >= contents->image_bytes)
		return 0;
	return MIN(contents->image_bytes - start, PAGE_SIZE);
}

frame_t contents_look(const struct contents *contents, uint32_t index)
{
	frame_t frame = contents_own(contents, index);

	if (!frame && image_part(contents, index))
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

static frame_t new_frame(void)
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

/* The errno when there is no memory. */
static int no_room(void)
{
	return account_error(ACCOUNT_MEMORY, ACCOUNT_PAGE, -EDQUOT, -ENOSPC);
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
	uint32_t part = image_part(contents, index);
	char *page;

	if (!slot)
		return 0;
	*slot = new_frame();
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

/* Zero the rest of the page with byte `from`, if the page is the file's own. */
static void clear_tail(struct contents *contents, uint64_t from)
{
	uint32_t offset = from % PAGE_SIZE;
	frame_t frame = offset ? contents_own(contents, from / PAGE_SIZE) : 0;

	if (frame)
		frame_clear(frame, offset, PAGE_SIZE);
}

/*
 * The file is about to grow. Behind the file's end, the last page of the boot
 * image holds different data, and a program may have written into a mapping of
 * the file's own last page. The grown file must show zeros there. 0,
 * -ENOSPC or -EDQUOT.
 */
static int prepare_growth(struct contents *contents)
{
	uint32_t last = contents->bytes / PAGE_SIZE;

	if (contents->bytes % PAGE_SIZE == 0)
		return 0;
	if (image_part(contents, last) && !contents_make(contents, last))
		return no_room();
	clear_tail(contents, contents->bytes);
	return 0;
}

/* In parts, from the last page on. Pages lie behind the end as well: a write to
 * a bad address leaves such a page. */
static int shrink(struct contents *contents, uint64_t bytes)
{
	uint32_t first = contents_page_count(bytes);
	struct cut part = { first, contents->pages_end, CUT_SLOTS };
	bool is_done = !contents->root || part.end <= first ||
		       cut(contents, &contents->root, contents->height, 0,
			   &part);

	if (!contents->root)
		contents->height = 0;
	contents->pages_end = is_done ? MIN(contents->pages_end, first)
				      : part.end;
	if (!is_done)
		bytes = MIN(contents->bytes, (uint64_t)part.end * PAGE_SIZE);
	contents->bytes = bytes;
	contents->image_bytes = MIN(contents->image_bytes, bytes);
	clear_tail(contents, bytes);
	return !is_done;
}

int contents_resize(struct contents *contents, uint64_t bytes)
{
	if (bytes > contents->bytes) {
		int error = prepare_growth(contents);

		if (error)
			return error;
		contents->bytes = bytes;
		return 0;
	}
	return shrink(contents, bytes);
}

int contents_to_user(void *page_bytes, uintptr_t other, size_t bytes)
{
	return page_bytes ? copy_to_user(other, page_bytes, bytes)
			  : clear_user(other, bytes);
}

int contents_to_kernel(void *page_bytes, uintptr_t other, size_t bytes)
{
	if (page_bytes)
		memcpy((void *)other, page_bytes, bytes);
	else
		memset((void *)other, 0, bytes);
	return 0;
}

int contents_from_user(void *page_bytes, uintptr_t other, size_t bytes)
{
	return copy_from_user(page_bytes, other, bytes);
}

int contents_from_kernel(void *page_bytes, uintptr_t other, size_t bytes)
{
	memcpy(page_bytes, (const void *)other, bytes);
	return 0;
}

ssize_t contents_read(struct contents *contents, uint64_t position,
		      uintptr_t to, size_t bytes, contents_copy *copy)
{
	size_t done = 0;

	if (position >= contents->bytes)
		return 0;
	bytes = MIN(bytes, contents->bytes - position);
	while (done < bytes) {
		uint32_t offset = position % PAGE_SIZE;
		size_t part = MIN(bytes - done, PAGE_SIZE - offset);
		frame_t frame = contents_look(contents, position / PAGE_SIZE);
		char *page = frame ? (char *)frame_open(frame) + offset : NULL;
		int error = copy(page, to + done, part);

		frame_close(frame);
		if (error)
			return done ? (ssize_t)done : error;
		done += part;
		position += part;
	}
	return done;
}

/* A write to `position` broke off at a bad address. Bytes behind the end of the
 * file must be zero, so remove the bytes that were copied before the error. */
static void hide_behind_end(struct contents *contents, frame_t frame,
			    uint64_t position)
{
	uint64_t from = MAX(position, contents->bytes);

	if (from / PAGE_SIZE == position / PAGE_SIZE)
		frame_clear(frame, from % PAGE_SIZE, PAGE_SIZE);
}

/* Let this frame, which a write has filled, be page `index`. The copy may have
 * faulted on a mapping of this very page, and so made the page: then the bytes
 * move to the page. */
static int add_page(struct contents *contents, uint32_t index, frame_t frame)
{
	frame_t page = contents_own(contents, index);

	if (!page)
		return contents_put(contents, index, frame) ? no_room() : 0;
	memcpy(frame_open(page), frame_open(frame), PAGE_SIZE);
	frame_close(frame);
	frame_close(page);
	return 0;
}

/* Write at most to the end of a page; the bytes written, or an errno. A new
 * page that the write fills is not cleared, and is no page of the file before
 * the write has filled it. */
static ssize_t write_part(struct contents *contents, uint64_t position,
			  uintptr_t from, size_t bytes, contents_copy *copy)
{
	uint32_t offset = position % PAGE_SIZE, index = position / PAGE_SIZE;
	size_t part = MIN(bytes, PAGE_SIZE - offset);
	bool is_new = part == PAGE_SIZE && !contents_own(contents, index);
	frame_t frame = is_new ? new_frame() : contents_make(contents, index);
	int error;

	if (!frame)
		return no_room();
	error = copy((char *)frame_open(frame) + offset, from, part);
	frame_close(frame);
	if (is_new) {
		if (!error)
			error = add_page(contents, index, frame);
		frame_put(frame);
	} else if (error) {
		hide_behind_end(contents, frame, position);
	}
	if (error)
		return error;
	contents->bytes = MAX(contents->bytes, position + part);
	return part;
}

ssize_t contents_write(struct contents *contents, uint64_t position,
		       uintptr_t from, size_t bytes, contents_copy *copy)
{
	size_t done = 0;

	if (bytes == 0)
		return 0;
	if (position >= (uint64_t)CONTENTS_LARGEST)
		return -EFBIG;
	bytes = MIN(bytes, CONTENTS_LARGEST - position);
	if (position > contents->bytes && prepare_growth(contents))
		return no_room();
	while (done < bytes) {
		ssize_t part = write_part(contents, position + done,
					  from + done, bytes - done, copy);

		if (part < 0)
			return done ? (ssize_t)done : part;
		done += part;
	}
	return done;
}
