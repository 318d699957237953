/*
 * frame.h - physical memory by the frame (4 KiB), counted by use.
 *
 * The kernel has addresses for the low frames only, below DIRECT_FRAMES. What
 * the kernel itself uses comes from page_alloc(): low frames, by address. The
 * memory of programs and files comes from frame_alloc(): any frame, by number.
 * frame_open() gives the kernel an address of such a frame for a moment.
 *
 * Every frame has a reference count: a reference for each page table entry or
 * kernel structure that holds the frame. The last frame_put() frees the frame.
 * All functions need task switches postponed [P], and no function sleeps.
 */
#pragma once

#include "arch/arch.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/types.h"
#include "kernel/mm/account.h"

enum frame_use {
	FRAME_FREE,
	FRAME_BOOT,		/* kernel image and initrd */
	FRAME_HEAP,		/* pools of kernel structures */
	FRAME_STACK,		/* kernel stacks */
	FRAME_TABLE,		/* page tables */
	FRAME_USER,		/* private memory of processes */
	FRAME_FILE,		/* contents of files, shared pages */
	FRAME_BUFFER,		/* bytes on their way: pipes, messages */
	FRAME_USES
};

/* Frames in each use now; FRAME_FREE counts the free frames. */
extern uint32_t frame_count[FRAME_USES];
extern const char *const frame_use_name[FRAME_USES];
/* [const] the frames of the machine, low and high */
extern uint32_t frame_total;

/* Take over the memory that boot_info describes. */
void frame_init(void);

/* A frame with one reference, or 0 when memory is exhausted or the running
 * task's user is over the limit. The bytes are old: write each before a program
 * can read it. */
frame_t frame_alloc(enum frame_use use);

/* The same for the kernel itself, by address: a low frame. NULL: none. */
void *page_alloc(enum frame_use use);
void *page_alloc_zeroed(enum frame_use use);
void page_free(void *page);

/* Free frames for the kernel itself: low frames. */
uint32_t frame_count_low(void);

/* Only some programs get the last frames: see alloc_page() in fault.c. */
#define FRAMES_RESERVED	128
/* Is there memory for so many more pages of a program now? */
bool frame_can_promise(uint32_t pages);

/* Take a reference, or drop a reference; the last drop frees the frame. */
void frame_get(frame_t frame);
void frame_put(frame_t frame);
uint32_t frame_refs(frame_t frame);

/* Count a page of a program under a different use. The running task's user pays
 * from now on, even over the limit: the receiver pays for a gift. */
void frame_set_use(frame_t frame, enum frame_use use);

/* ---- The bytes of a frame ------------------------------------------------ */

static inline void *frame_to_virt(frame_t low)
{
	return phys_to_virt(low * PAGE_SIZE);
}

static inline frame_t virt_to_frame(const void *va)
{
	return virt_to_phys(va) / PAGE_SIZE;
}

/* The bytes of any frame, until the close. The frame opened last is closed
 * first, and no sched_point() may come in between. */
static inline void *frame_open(frame_t frame)
{
	return frame < DIRECT_FRAMES ? frame_to_virt(frame)
				     : arch_window_open(frame);
}

static inline void frame_close(frame_t frame)
{
	if (frame >= DIRECT_FRAMES)
		arch_window_close();
}

/* Zero the bytes of a frame from `start` on, up to `end`. */
void frame_clear(frame_t frame, uint32_t start, uint32_t end);

/* ---- Memory in the record of a frame ------------------------------------- */

/* A list of frames with one reference each needs no memory: this word of a
 * frame holds the next frame. The word takes the place of the count, so take a
 * frame off the list before any other use. */
frame_t *frame_next(frame_t frame);
/* Take the first frame off its list: the next frame. */
frame_t frame_unlink(frame_t frame);

/* Eight bytes for the holder of a page of FRAME_TABLE. They take the place of
 * the record: end the notes before page_free(). */
#define PAGE_NOTES_BYTES	8
void *page_notes(frame_t frame);
void page_end_notes(frame_t frame, enum frame_use use);

/* ---- Test builds --------------------------------------------------------- */

/* Let allocation number n from now fail (0: none). Counts frames and pool
 * objects alike. */
extern uint32_t alloc_fail_countdown;
bool alloc_fails_now(void);
static inline bool alloc_should_fail(void)
{
	return alloc_fail_countdown && alloc_fails_now();
}
