/*
 * paging.h - page tables with PAE: three levels of 512 (4, 512, 512) entries.
 */
#pragma once

#include "kernel/lib/types.h"

#define STACK_AREA_VA		0xf0000000u	/* kernel stacks with guards */
#define STACK_AREA_BYTES	0x04000000u
#define WINDOW_VA		0xf4000000u	/* windows on high frames */
#define APIC_VA			0xfee00000u	/* local APIC, as physical */

#define LARGE_BYTES		0x200000u	/* a page of a directory */

#define PTE_PRESENT	0x001ull
#define PTE_WRITABLE	0x002ull
#define PTE_USER	0x004ull
#define PTE_UNCACHED	0x018ull
#define PTE_LARGE	0x080ull
#define PTE_GLOBAL	0x100ull
#define PTE_NO_EXECUTE	(1ull << 63)
#define PTE_TABLE	0xfffff000u	/* tables lie below 4 GiB */

extern uint64_t kernel_directory[512];
extern uint64_t kernel_pointers[4];

static inline uint64_t frame_entry(frame_t frame)
{
	return (uint64_t)frame << 12;
}

static inline frame_t entry_frame(uint64_t entry)
{
	return (uint32_t)(entry >> 12) & 0xffffff;
}

/* Drop the translation of va from the TLB. */
static inline void invalidate(uint32_t va)
{
	__asm__ volatile("invlpg (%0)" :: "r"(va) : "memory");
}

/* The entry of a directory for this address. */
static inline unsigned directory_index(uint32_t va)
{
	return va >> 21 & 511;
}

/* Once at boot, with the frames known: give each page of the kernel the rights
 * that the page needs. */
void kernel_half_init(void);
/* The page-table entry of a kernel address behind the direct map; NULL: no
 * memory for the table, which then stays for ever. */
uint64_t *kernel_page_entry(uint32_t va);
/* Once at boot: the table of the windows, if there are high frames. */
void frame_window_init(void);
/* Once at boot, before the first address space. */
void paging_init(void);
/* Is va in the guard below a kernel stack? For the panic's first line. */
bool paging_is_stack_guard(uint32_t va);
