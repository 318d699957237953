/*
 * paging.h - page tables with PAE: three levels of 512 (4, 512, 512) entries.
 */
#pragma once

#include "kernel/lib/types.h"

#define DIRECT_MAP_BYTES	0x30000000u	/* 768 MiB at KERNEL_BASE */
#define STACK_AREA_VA		0xf0000000u	/* kernel stacks with guards */
#define STACK_AREA_BYTES	0x04000000u
#define APIC_VA			0xfee00000u	/* local APIC, as physical */

#define LARGE_BYTES		0x200000u	/* a page of a directory */

#define PTE_PRESENT	0x001ull
#define PTE_WRITABLE	0x002ull
#define PTE_USER	0x004ull
#define PTE_UNCACHED	0x018ull
#define PTE_LARGE	0x080ull
#define PTE_GLOBAL	0x100ull
#define PTE_NO_EXECUTE	(1ull << 63)
#define PTE_FRAME	0xfffff000ull

extern uint64_t kernel_directory[512];
extern uint64_t kernel_pointers[4];

/* The entry of a directory for this address. */
static inline unsigned directory_index(uint32_t va)
{
	return va >> 21 & 511;
}

/* Once at boot, with the frames known: give each page of the kernel the rights
 * that the page needs. */
void kernel_half_init(void);
/* Once at boot, before the first address space. */
void paging_init(void);
/* Is va in the guard below a kernel stack? For the panic's first line. */
bool paging_is_stack_guard(uint32_t va);
