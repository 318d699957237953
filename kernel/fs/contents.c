/*
 * contents.c - the bytes of a regular file: length, read, write.
 *
 * Bytes behind the end are zero in all pages that a program can see: a file
 * that grows must show zeros there. A copy that breaks off at a bad address
 * leaves no trace behind the end.
 */
#include "kernel/fs/contents.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "kernel/mm/account.h"
#include "kernel/mm/frame.h"

void contents_set_image(struct contents *contents, frame_t image,
			uint32_t bytes)
{
	ASSERT(!contents->root);
	contents->image = image;
	contents->image_bytes = bytes;
	contents->bytes = bytes;
}

/* The errno when there is no memory. */
static int no_room(void)
{
	return account_error(ACCOUNT_MEMORY, ACCOUNT_PAGE, -EDQUOT, -ENOSPC);
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
	if (contents_in_image(contents, last) && !contents_make(contents, last))
		return no_room();
	clear_tail(contents, contents->bytes);
	return 0;
}

/* In parts, from the last page on. Pages lie behind the end as well: a write to
 * a bad address leaves such a page. */
static int shrink(struct contents *contents, uint64_t bytes)
{
	uint32_t first = contents_page_count(bytes);
	uint32_t end = contents_cut(contents, first);
	bool is_done = end == first;

	if (!is_done)
		bytes = MIN(contents->bytes, (uint64_t)end * PAGE_SIZE);
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

/* ---- Reading and writing ------------------------------------------------- */

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
	frame_t frame = is_new ? contents_frame()
			       : contents_make(contents, index);
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
