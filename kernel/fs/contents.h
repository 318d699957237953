/*
 * contents.h - the bytes of a regular file, page by page.
 *
 * A page of a file has three kinds: the file's own frame; a page of the boot
 * image, which is never changed; or a hole, which reads as zeros. All own
 * frames hang in a tree of pages of slots. So a large file needs no allocation
 * larger than a page, and a file of one page needs no slots at all.
 *
 * Bytes behind the end, in the last own frame, are zero. All functions need
 * [P]; none sleeps.
 */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/lib/types.h"

/* In bytes: the pages of three levels of slots. */
#define CONTENTS_LARGEST	((off_t)PAGE_SIZE << 30)

/* [P] */
struct contents {
	frame_t root;		/* a page of bytes or of slots, or 0 */
	uint8_t height;		/* levels of slots; 0: root is page 0 */
	uint64_t bytes;		/* the length of the file */
	uint32_t pages_end;	/* no own page or slots from here on */
	uint32_t frames;	/* own frames with bytes, without slots */
	frame_t image;		/* bytes from the boot image, frame by frame, */
	uint32_t image_bytes;	/* for pages without an own frame */
};

/* Let the contents be `bytes` bytes of the boot image from this frame on. */
void contents_set_image(struct contents *contents, frame_t image,
			uint32_t bytes);

/* The file's own frame of page `index`, or 0. */
frame_t contents_own(const struct contents *contents, uint32_t index);
/* The frame to read page `index` from; 0: a hole. */
frame_t contents_look(const struct contents *contents, uint32_t index);
/* Make page `index` an own frame of the file, with the same bytes; 0 when there
 * is no memory. */
frame_t contents_make(struct contents *contents, uint32_t index);
/* Let the frame be page `index`, which has no frame; the file takes a
 * reference to the frame. 0 or -ENOMEM. */
int contents_put(struct contents *contents, uint32_t index, frame_t frame);

/* A frame with old bytes, to be a page; 0 when there is no memory. */
frame_t contents_frame(void);
/* How many bytes of page `index` are in the boot image. */
uint32_t contents_in_image(const struct contents *contents, uint32_t index);
/* Free pages from the last one down to page `first`. The result is `first`, or
 * is larger: the pages from there on are free, and tasks may switch. */
uint32_t contents_cut(struct contents *contents, uint32_t first);

/* The pages that so many bytes need. */
static inline uint32_t contents_page_count(uint64_t bytes)
{
	return (bytes + PAGE_SIZE - 1u) / PAGE_SIZE;
}

/* Pages with bytes: own frames and pages of the boot image, but no holes. */
uint32_t contents_pages(const struct contents *contents);

/* Set the length. Pages behind the new end are freed, added bytes read as
 * zeros. 0, or when growing -ENOSPC or -EDQUOT (the user is over the limit).
 * 1: a long file became a part shorter; call again after a
 * sched_point(). */
int contents_resize(struct contents *contents, uint64_t bytes);

/* How bytes leave or enter a page: user memory or the kernel's. Returns 0, or
 * -EFAULT. */
typedef int contents_copy(void *page_bytes, uintptr_t other, size_t bytes);

extern contents_copy contents_to_user;
extern contents_copy contents_to_kernel;
extern contents_copy contents_from_user;
extern contents_copy contents_from_kernel;

/*
 * The count of copied bytes: less at the end of the file, when no frame is
 * free, or at a bad address. -ENOSPC, -EDQUOT, -EFAULT, -EFBIG only if no byte
 * was copied.
 */
ssize_t contents_read(struct contents *contents, uint64_t position,
		      uintptr_t to, size_t bytes, contents_copy *copy);
ssize_t contents_write(struct contents *contents, uint64_t position,
		       uintptr_t from, size_t bytes, contents_copy *copy);
