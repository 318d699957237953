/*
 * frame.c - kernel/mm/frame.c with checks: VARIANT=checked.
 *
 * A frame without a user is forbidden. A use of the memory through an old
 * pointer is then a panic and not a change of a different user's page. High
 * frames have no addresses of their own and no shadow.
 */
#define frame_init	plain_frame_init
#define frame_alloc	plain_frame_alloc
#define frame_put	plain_frame_put
#define page_alloc	plain_page_alloc
#define page_alloc_zeroed plain_page_alloc_zeroed
#define page_free	plain_page_free
#include "kernel/mm/frame.c"
#undef frame_init
#undef frame_alloc
#undef frame_put
#undef page_alloc
#undef page_alloc_zeroed
#undef page_free

#include "tests/checked/shadow.h"

void frame_init(void);
frame_t frame_alloc(enum frame_use use);
void frame_put(frame_t frame);
void *page_alloc(enum frame_use use);
void *page_alloc_zeroed(enum frame_use use);
void page_free(void *page);

void frame_init(void)
{
	plain_frame_init();
	shadow_forbid(frame_to_virt(first),
		      (boot_info.low.end - first) * PAGE_SIZE,
		      SHADOW_FREE_FRAME);
}

static frame_t allow(frame_t frame)
{
	if (frame && frame < DIRECT_FRAMES)
		shadow_allow(frame_to_virt(frame), PAGE_SIZE);
	return frame;
}

frame_t frame_alloc(enum frame_use use)
{
	return allow(plain_frame_alloc(use));
}

void frame_put(frame_t frame)
{
	bool is_last = frame_refs(frame) == 1;

	plain_frame_put(frame);
	if (is_last && frame < DIRECT_FRAMES)
		shadow_forbid(frame_to_virt(frame), PAGE_SIZE,
			      SHADOW_FREE_FRAME);
}

void *page_alloc(enum frame_use use)
{
	frame_t frame = allow(alloc(&low, use));

	return frame ? frame_to_virt(frame) : NULL;
}

void *page_alloc_zeroed(enum frame_use use)
{
	void *page = page_alloc(use);

	return page ? memset(page, 0, PAGE_SIZE) : NULL;
}

void page_free(void *page)
{
	frame_put(virt_to_frame(page));
}
