/*
 * stacks.c - kernel stacks, each above a page that is never mapped.
 *
 * The area is cut into slots of four pages; the upper two are the stack. A
 * stack that overflows touches the unmapped page below and ends in a double
 * fault, with a clear message, instead of in a neighbour's data. A few freed
 * stacks stay mapped, for the next fork.
 */
#include "arch/arch.h"
#include "arch/i686/cpu.h"
#include "arch/i686/paging.h"
#include "kernel/mm/frame.h"

#define SLOT_BYTES	(4 * PAGE_SIZE)
#define SLOTS		(STACK_AREA_BYTES / SLOT_BYTES)
#define STACK_PAGES	(KERNEL_STACK_BYTES / PAGE_SIZE)
#define CACHE_MOST	8

/* The word at the base of a cached or free slot's list. */
static uint16_t next_free[SLOTS];	/* [P] slot number + 1 of the next */
static uint16_t free_head;		/* [P] unmapped slots, used before */
static uint16_t fresh;			/* [P] from here on never used */
static void *cache[CACHE_MOST];		/* [P] mapped stacks */
static unsigned cache_count;

static uint32_t slot_base(unsigned slot)
{
	return STACK_AREA_VA + slot * SLOT_BYTES + SLOT_BYTES -
	       KERNEL_STACK_BYTES;
}

static void unmap_stack(uint32_t base, unsigned pages)
{
	uint64_t *entry;
	unsigned i;

	for (i = 0; i < pages; i++) {
		entry = kernel_page_entry(base + i * PAGE_SIZE);
		frame_put(entry_frame(*entry));
		*entry = 0;
		invalidate(base + i * PAGE_SIZE);
	}
}

static bool map_stack(uint32_t base)
{
	uint64_t *entry;
	void *page;
	unsigned i;

	for (i = 0; i < STACK_PAGES; i++) {
		entry = kernel_page_entry(base + i * PAGE_SIZE);
		page = entry ? page_alloc(FRAME_STACK) : NULL;
		if (!page) {
			unmap_stack(base, i);
			return false;
		}
		*entry = virt_to_phys(page) | PTE_PRESENT | PTE_WRITABLE |
			 PTE_GLOBAL;
		if (cpu_features.no_execute)
			*entry |= PTE_NO_EXECUTE;
	}
	return true;
}

/* A cached frame counts as free, but its record keeps the old use. */
static void count_cached(int stacks)
{
	frame_count[FRAME_FREE] += stacks * (int)STACK_PAGES;
	frame_count[FRAME_STACK] -= stacks * (int)STACK_PAGES;
}

static void slot_free(unsigned slot)
{
	next_free[slot] = free_head;
	free_head = slot + 1;
}

void *arch_stack_alloc(void)
{
	unsigned slot;

	if (cache_count > 0 && !alloc_should_fail()) {
		count_cached(-1);
		return cache[--cache_count];
	}
	if (free_head) {
		slot = free_head - 1;
		free_head = next_free[slot];
	} else if (fresh < SLOTS) {
		slot = fresh++;
	} else {
		return NULL;
	}
	if (!map_stack(slot_base(slot))) {
		slot_free(slot);
		return NULL;
	}
	return (void *)slot_base(slot);
}

void arch_stack_free(void *base)
{
	if (cache_count < CACHE_MOST) {
		count_cached(1);
		cache[cache_count++] = base;
		return;
	}
	unmap_stack((uintptr_t)base, STACK_PAGES);
	slot_free(((uintptr_t)base - STACK_AREA_VA) / SLOT_BYTES);
}

bool paging_is_stack_guard(uint32_t va)
{
	return va >= STACK_AREA_VA && va < STACK_AREA_VA + STACK_AREA_BYTES &&
	       (va & (SLOT_BYTES - 1)) < SLOT_BYTES - KERNEL_STACK_BYTES;
}
