/*
 * frame.c - physical memory by the frame.
 *
 * Every frame has a small record. Free frames form a stack: the last frame
 * freed is the next frame allocated, since its bytes are most likely in the
 * cache. Frames never used are not on the stack: frame_alloc() takes them from
 * fresh_pa upwards. So the records need no initialising, and a large machine
 * boots as fast as a small machine.
 *
 * Frames below first_pa (the kernel image, the initrd) have records too: pages
 * of the initrd are mapped into programs and are counted like all pages, but
 * the reference of the boot keeps these frames from ever being freed.
 */
#include "kernel/mm/frame.h"

#include "arch/arch.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/refs.h"
#include "kernel/lib/string.h"

uint32_t frame_count[FRAME_USES];	/* [P] */
const char *const frame_use_name[FRAME_USES] = {
	"free", "boot", "heap", "stack", "table", "user", "file", "buffer",
};
uint32_t alloc_fail_countdown;

struct frame {
	uint32_t refs;			/* [P] */
	uint32_t use;			/* [P] enum frame_use */
	struct frame_notes notes;	/* [P] free: next on the stack */
};

static struct frame *frames;		/* [const] by frame number */
static paddr_t frame_end_pa;		/* [const] first address behind all */
static paddr_t first_pa;		/* [const] first frame to allocate */
static paddr_t fresh_pa;		/* [P] from here on never used */
static paddr_t free_head;		/* [P] stack of free frames */

static struct frame *frame_of(paddr_t pa)
{
	ASSERT(pa < frame_end_pa);
	return &frames[pa / PAGE_SIZE];
}

/* Frames outside the free range belong to the boot for ever. */
static void frame_init_boot(paddr_t start, paddr_t end)
{
	paddr_t pa;

	for (pa = start; pa < end; pa += PAGE_SIZE) {
		frames[pa / PAGE_SIZE].refs = 1;
		frames[pa / PAGE_SIZE].use = FRAME_BOOT;
	}
}

void frame_init(void)
{
	paddr_t start = boot_info.free_start_pa;
	uint32_t bytes;

	frame_end_pa = ALIGN_DOWN(boot_info.free_end_pa, PAGE_SIZE);
	bytes = frame_end_pa / PAGE_SIZE * sizeof(struct frame);
	if (frame_end_pa < start || frame_end_pa - start < bytes + (1u << 20))
		panic("too little memory: give the machine at least 8 MiB");
	frames = phys_to_virt(start);
	first_pa = fresh_pa = ALIGN_UP(start + bytes, PAGE_SIZE);
	frame_init_boot(0, first_pa);
	frame_count[FRAME_BOOT] = (first_pa - 0x100000) / PAGE_SIZE;
	frame_count[FRAME_FREE] = (frame_end_pa - first_pa) / PAGE_SIZE;
	account_init(frame_count[FRAME_FREE]);
}

bool alloc_fails_now(void)
{
	return --alloc_fail_countdown == 0;
}

/* Frames of the kernel's own structures are charged where the structure is
 * known: heap.c the objects, task.c the stacks, the machine the page tables. */
static bool is_charged(enum frame_use use)
{
	return use >= FRAME_USER;
}

/* The caches of the machine count as free, and their frames are not here. */
static bool is_exhausted(const struct account *payer)
{
	return frame_count[FRAME_FREE] <= payer->frames_kept ||
	       (!free_head && fresh_pa == frame_end_pa);
}

static paddr_t take_free(void)
{
	paddr_t pa = free_head;

	if (pa) {
		free_head = frame_of(pa)->notes.next;
		return pa;
	}
	pa = fresh_pa;
	fresh_pa += PAGE_SIZE;
	return pa;
}

paddr_t frame_alloc(enum frame_use use)
{
	struct account *payer = account_payer();
	struct frame *frame;
	paddr_t pa;

	if (alloc_should_fail() || is_exhausted(payer))
		return 0;
	if (is_charged(use) &&
	    !account_charge(payer, ACCOUNT_MEMORY, PAGE_SIZE))
		return 0;
	pa = take_free();
	frame = frame_of(pa);
	frame->refs = 1;
	frame->use = use;
	frame->notes.payer = payer;
	frame_count[FRAME_FREE]--;
	frame_count[use]++;
	return pa;
}

paddr_t frame_alloc_zeroed(enum frame_use use)
{
	paddr_t pa = frame_alloc(use);

	if (pa)
		memset(phys_to_virt(pa), 0, PAGE_SIZE);
	return pa;
}

bool frame_can_promise(uint32_t pages)
{
	const struct account *payer = account_payer();

	return frame_count[FRAME_FREE] >=
		       pages + FRAMES_RESERVED + payer->frames_kept &&
	       account_has_room(payer, ACCOUNT_MEMORY, pages * PAGE_SIZE);
}

void frame_get(paddr_t pa)
{
	ASSERT(frame_of(pa)->refs > 0);
	frame_of(pa)->refs++;
}

void frame_put(paddr_t pa)
{
	struct frame *frame = frame_of(pa);
	enum frame_use use;

	if (!refs_drop(&frame->refs))
		return;
	ASSERT(pa >= first_pa);
	use = frame->use;
	frame_count[use]--;
	frame_count[FRAME_FREE]++;
	frame->use = FRAME_FREE;
	frame->notes.next = free_head;
	free_head = pa;
	if (is_charged(use))
		account_uncharge(frame->notes.payer, ACCOUNT_MEMORY, PAGE_SIZE);
}

uint32_t frame_refs(paddr_t pa)
{
	return frame_of(pa)->refs;
}

void frame_set_use(paddr_t pa, enum frame_use use)
{
	struct frame *frame = frame_of(pa);
	struct account *payer = account_payer();

	ASSERT(is_charged(frame->use) && is_charged(use));
	frame_count[frame->use]--;
	frame_count[use]++;
	frame->use = use;
	payer->used[ACCOUNT_MEMORY] += PAGE_SIZE;
	account_uncharge(frame->notes.payer, ACCOUNT_MEMORY, PAGE_SIZE);
	frame->notes.payer = payer;
}

struct frame_notes *frame_notes(paddr_t pa)
{
	return &frame_of(pa)->notes;
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
