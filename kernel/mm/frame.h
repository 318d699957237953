/*
 * frame.h - physical memory by the frame (4 KiB), counted by use.
 *
 * Every frame has a reference count: a reference for each page table entry or
 * kernel structure that holds the frame. The last frame_put() frees the frame.
 * All functions need task switches postponed [P], and no function sleeps.
 */
#pragma once

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

/* Take over the memory that boot_info describes. */
void frame_init(void);

/* A frame with one reference, or 0 when memory is exhausted or the running
 * task's user is over the limit. */
paddr_t frame_alloc(enum frame_use use);
paddr_t frame_alloc_zeroed(enum frame_use use);

/* Only some programs get the last frames: see alloc_page() in fault.c. */
#define FRAMES_RESERVED	128
/* Is there memory for so many more pages of a program now? */
bool frame_can_promise(uint32_t pages);

/* Take a reference, or drop a reference; the last drop frees the frame. */
void frame_get(paddr_t pa);
void frame_put(paddr_t pa);
uint32_t frame_refs(paddr_t pa);

/* Count a page of a program under a different use. The running task's user pays
 * from now on, even over the limit: the receiver pays for a gift. */
void frame_set_use(paddr_t pa, enum frame_use use);

/* [P] two words of a frame. The first is for the holder; of FRAME_TABLE both
 * are. */
struct frame_notes {
	paddr_t next;
	struct account *payer;	/* of FRAME_USER, FRAME_FILE, FRAME_BUFFER */
};
struct frame_notes *frame_notes(paddr_t pa);

/* The same by kernel address, for whole-page buffers. NULL when exhausted. */
void *page_alloc(enum frame_use use);
void page_free(void *page);

/* Test builds: let allocation number n from now fail (0: none). Counts frames
 * and pool objects alike. */
extern uint32_t alloc_fail_countdown;
bool alloc_fails_now(void);
static inline bool alloc_should_fail(void)
{
	return alloc_fail_countdown && alloc_fails_now();
}
