/*
 * frame.c - physical memory by the frame.
 *
 * Every frame has a record of eight bytes: 64 GiB need 128 MiB of records. Free
 * frames form a stack: the last frame freed is the next frame allocated, since
 * its bytes are most likely in the cache. Frames never used are not on the
 * stack: they come from a range, upwards. So the records need no initialising,
 * and a large machine boots as fast as a small machine.
 *
 * There are two zones. The low frames have addresses in the kernel; the high
 * frames have not. Programs and files get high frames as long as there are any.
 *
 * Frames below the free range (the kernel image, the initrd) have records too:
 * pages of the initrd are mapped into programs and are counted like all pages,
 * but the reference of the boot keeps these frames from ever being freed.
 */
#include "kernel/mm/frame.h"

#include "arch/arch.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/refs.h"
#include "kernel/lib/string.h"

uint32_t frame_count[FRAME_USES];	/* [P] */
const char *const frame_use_name[FRAME_USES] = {
	"free", "boot", "heap", "stack", "table", "user", "file", "buffer",
};
uint32_t frame_total;
uint32_t alloc_fail_countdown;

struct record {
	uint32_t refs;			/* [P] free or listed: next frame */
	uintptr_t owner;		/* [P] use + account that pays */
};

#define USE_MASK	(ALIGN_OF_ACCOUNT - 1)

_Static_assert(FRAME_USES <= ALIGN_OF_ACCOUNT, "they share a word");

struct zone {
	uint32_t free;			/* [P] frames */
	frame_t head;			/* [P] stack of free frames; 0: empty */
	struct frame_range fresh;	/* [P] never used */
};

static struct record *records;		/* [const] by frame number */
static frame_t frames_end;		/* [const] the first without a record */
static frame_t first;			/* [const] first frame to allocate */
static struct zone low, high;
static const struct frame_range *high_next; /* [P] where fresh frames go on */

static struct record *record_of(frame_t frame)
{
	ASSERT(frame < frames_end);
	return &records[frame];
}

static struct account *payer_in(uintptr_t owner)
{
	return (struct account *)(owner & ~(uintptr_t)USE_MASK);
}

/* ---- At boot ------------------------------------------------------------- */

/* The frames of the boot belong to the boot for ever. */
static void init_records(uint32_t bytes)
{
	frame_t frame;

	records = frame_to_virt(boot_info.low.start);
	for (frame = 0; frame < boot_info.low.start; frame++)
		records[frame] = (struct record){ 1, FRAME_BOOT };
	first = boot_info.low.start + ALIGN_UP(bytes, PAGE_SIZE) / PAGE_SIZE;
}

/* High frames without a record are not used. */
static void init_high(void)
{
	struct frame_range *range = boot_info.high;
	uint32_t frames;

	high_next = range;
	for (; range < boot_info.high + HIGH_RANGES; range++) {
		frames = range->end - range->start;
		range->end = MIN(range->end, frames_end);
		range->start = MIN(range->start, range->end);
		high.free += range->end - range->start;
		boot_info.unused_frames += frames - (range->end - range->start);
	}
}

/* All frames get records, as long as half of the low frames are left. */
static uint32_t choose_frames_end(void)
{
	uint32_t most = (boot_info.low.end - boot_info.low.start) / 2 *
			(PAGE_SIZE / sizeof(struct record));
	uint32_t end = boot_info.low.end;
	unsigned i;

	for (i = 0; i < HIGH_RANGES; i++)
		end = MAX(end, boot_info.high[i].end);
	return MIN(end, most);
}

void frame_init(void)
{
	uint32_t least = (1u << 20) / PAGE_SIZE;

	if (boot_info.low.end < boot_info.low.start + least)
		panic("too little memory: give the machine at least 8 MiB");
	frames_end = choose_frames_end();
	if (frames_end < boot_info.low.end)
		panic("too little memory: give the machine at least 8 MiB");
	init_records(frames_end * sizeof(struct record));
	low.fresh = (struct frame_range){ first, boot_info.low.end };
	low.free = boot_info.low.end - first;
	init_high();
	frame_total = boot_info.low.end + high.free;
	frame_count[FRAME_BOOT] = first - 0x100000 / PAGE_SIZE;
	frame_count[FRAME_FREE] = low.free + high.free;
	account_init(low.free, high.free);
}

/* ---- Allocating ---------------------------------------------------------- */

bool alloc_fails_now(void)
{
	return --alloc_fail_countdown == 0;
}

uint32_t frame_count_low(void)
{
	return low.free;
}

/* Frames of the kernel's own structures are charged where the structure is
 * known: heap.c the objects, task.c the stacks, the machine the page tables. */
static bool is_charged(enum frame_use use)
{
	return use >= FRAME_USER;
}

static enum account_kind kind_of(frame_t frame)
{
	return frame < DIRECT_FRAMES ? ACCOUNT_MEMORY : ACCOUNT_HIGH;
}

static frame_t take(struct zone *zone)
{
	frame_t frame = zone->head;

	zone->free--;
	if (!frame)
		return zone->fresh.start++;
	zone->head = record_of(frame)->refs;
	return frame;
}

static frame_t alloc(struct zone *zone, enum frame_use use)
{
	struct account *payer = account_payer();
	struct record *record;
	frame_t frame;

	if (alloc_should_fail() ||
	    (zone == &low && low.free <= account_frames_kept(payer)))
		return 0;
	if (is_charged(use) &&
	    !account_charge(payer, zone == &low ? ACCOUNT_MEMORY : ACCOUNT_HIGH,
			    ACCOUNT_PAGE))
		return 0;
	frame = take(zone);
	record = record_of(frame);
	record->refs = 1;
	record->owner = (uintptr_t)payer | use;
	frame_count[FRAME_FREE]--;
	frame_count[use]++;
	return frame;
}

frame_t frame_alloc(enum frame_use use)
{
	if (!high.free ||
	    !account_has_room(account_payer(), ACCOUNT_HIGH, ACCOUNT_PAGE))
		return alloc(&low, use);
	while (!high.head && high.fresh.start == high.fresh.end)
		high.fresh = *high_next++;
	return alloc(&high, use);
}

void *page_alloc(enum frame_use use)
{
	frame_t frame = alloc(&low, use);

	return frame ? frame_to_virt(frame) : NULL;
}

void *page_alloc_zeroed(enum frame_use use)
{
	void *page = page_alloc(use);

	return page ? memset(page, 0, PAGE_SIZE) : NULL;
}

bool frame_can_promise(uint32_t pages)
{
	const struct account *payer = account_payer();

	return frame_count[FRAME_FREE] >=
		       pages + FRAMES_RESERVED +
		       account_frames_kept(payer) &&
	       account_pages(payer) >= pages;
}

/* ---- References ---------------------------------------------------------- */

void frame_get(frame_t frame)
{
	ASSERT(record_of(frame)->refs > 0);
	record_of(frame)->refs++;
}

static void free_frame(frame_t frame)
{
	struct zone *zone = frame < DIRECT_FRAMES ? &low : &high;
	struct record *record = record_of(frame);
	uintptr_t owner = record->owner;

	ASSERT(frame >= first);
	frame_count[owner & USE_MASK]--;
	frame_count[FRAME_FREE]++;
	record->refs = zone->head;
	zone->head = frame;
	zone->free++;
	if (is_charged(owner & USE_MASK))
		account_uncharge(payer_in(owner), kind_of(frame), ACCOUNT_PAGE);
}

void frame_put(frame_t frame)
{
	if (refs_drop(&record_of(frame)->refs))
		free_frame(frame);
}

void page_free(void *page)
{
	frame_put(virt_to_frame(page));
}

uint32_t frame_refs(frame_t frame)
{
	return record_of(frame)->refs;
}

void frame_set_use(frame_t frame, enum frame_use use)
{
	struct record *record = record_of(frame);
	struct account *payer = account_payer();
	uintptr_t before = record->owner;

	ASSERT(is_charged(before & USE_MASK) && is_charged(use));
	frame_count[before & USE_MASK]--;
	frame_count[use]++;
	record->owner = (uintptr_t)payer | use;
	payer->used[kind_of(frame)] += ACCOUNT_PAGE;
	account_uncharge(payer_in(before), kind_of(frame), ACCOUNT_PAGE);
}

/* ---- The bytes and the record -------------------------------------------- */

void frame_clear(frame_t frame, uint32_t start, uint32_t end)
{
	memset((char *)frame_open(frame) + start, 0, end - start);
	frame_close(frame);
}

frame_t *frame_next(frame_t frame)
{
	return &record_of(frame)->refs;
}

frame_t frame_unlink(frame_t frame)
{
	frame_t next = record_of(frame)->refs;

	record_of(frame)->refs = 1;
	return next;
}

void *page_notes(frame_t frame)
{
	return record_of(frame);
}

void page_end_notes(frame_t frame, enum frame_use use)
{
	*record_of(frame) = (struct record){ 1, use };
}
