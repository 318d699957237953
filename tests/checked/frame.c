/*
 * frame.c - kernel/mm/frame.c with checks: VARIANT=checked.
 *
 * A frame without a user is forbidden. A use of the memory through an old
 * pointer is then a panic and not a change of a different user's page.
 */
#define frame_init	plain_frame_init
#define frame_alloc	plain_frame_alloc
#define frame_put	plain_frame_put
#define frame_alloc_zeroed plain_frame_alloc_zeroed
#define page_alloc	plain_page_alloc
#define page_free	plain_page_free
#include "kernel/mm/frame.c"
#undef frame_init
#undef frame_alloc
#undef frame_put
#undef frame_alloc_zeroed
#undef page_alloc
#undef page_free

#include "tests/checked/shadow.h"

void frame_init(void);
paddr_t frame_alloc(enum frame_use use);
paddr_t frame_alloc_zeroed(enum frame_use use);
void frame_put(paddr_t pa);
void *page_alloc(enum frame_use use);
void page_free(void *page);

void frame_init(void)
{
	plain_frame_init();
	shadow_forbid(phys_to_virt(first_pa), frame_end_pa - first_pa,
		      SHADOW_FREE_FRAME);
}

paddr_t frame_alloc(enum frame_use use)
{
	paddr_t pa = plain_frame_alloc(use);

	if (pa)
		shadow_allow(phys_to_virt(pa), PAGE_SIZE);
	return pa;
}

paddr_t frame_alloc_zeroed(enum frame_use use)
{
	paddr_t pa = frame_alloc(use);

	if (pa)
		memset(phys_to_virt(pa), 0, PAGE_SIZE);
	return pa;
}

void frame_put(paddr_t pa)
{
	plain_frame_put(pa);
	if (frame_of(pa)->use == FRAME_FREE)
		shadow_forbid(phys_to_virt(pa), PAGE_SIZE, SHADOW_FREE_FRAME);
}

void *page_alloc(enum frame_use use)
{
	paddr_t pa = frame_alloc(use);

	return pa ? phys_to_virt(pa) : NULL;
}

void page_free(void *page)
{
	frame_put(virt_to_phys(page));
}
