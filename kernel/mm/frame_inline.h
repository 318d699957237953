/*
 * frame_inline.h - the records of frames, for who counts a page at a time.
 *
 * Only frame.c, the page tables, whose loops they are in, and the mapping of
 * one page need this: all others use frame.h.
 */
#pragma once

#include "kernel/lib/refs.h"
#include "kernel/mm/frame.h"

struct frame {
	uint32_t refs;			/* [P] */
	uint32_t use;			/* [P] enum frame_use */
	struct frame_notes notes;	/* [P] free: next on the stack */
};

extern struct frame *frames;		/* by frame number */
extern paddr_t frame_end_pa;		/* first address behind the last */

static inline struct frame *frame_of(paddr_t pa)
{
	ASSERT(pa < frame_end_pa);
	return &frames[pa / PAGE_SIZE];
}

/* The last reference has gone. */
void frame_end(paddr_t pa);

static inline void frame_get_inline(paddr_t pa)
{
	ASSERT(frame_of(pa)->refs > 0);
	frame_of(pa)->refs++;
}

static inline void frame_put_inline(paddr_t pa)
{
	if (UNLIKELY(refs_drop(&frame_of(pa)->refs)))
		frame_end(pa);
}
