/*
 * kernel_half.c - the kernel's part of every address space.
 *
 * boot.asm maps physical memory at KERNEL_BASE in large pages, with all rights.
 * Here code becomes read-only, and data not executable. All address spaces use
 * this one directory.
 */
#include "arch/i686/paging.h"

#include "arch/arch.h"
#include "arch/i686/cpu.h"
#include "arch/i686/processor.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/task/cpu.h"

#define DS_PREFIX	0x3e

/* Replace a large page by small pages: the code, the constants and the data of
 * the kernel need different rights. */
static void refine_large_page(uint32_t va)
{
	uint64_t *entry = &kernel_directory[directory_index(va)];
	uint64_t *table = page_alloc(FRAME_BOOT);
	uint64_t no_execute = cpu_features.no_execute ? PTE_NO_EXECUTE : 0;
	uint32_t page;
	unsigned i;

	for (i = 0; i < 512; i++) {
		page = va + i * PAGE_SIZE;
		table[i] = virt_to_phys((void *)page) | PTE_PRESENT |
			   PTE_GLOBAL;
		if (page >= (uintptr_t)kernel_start &&
		    page < (uintptr_t)kernel_text_end)
			continue;
		table[i] |= no_execute;
		if (page < (uintptr_t)kernel_start ||
		    page >= (uintptr_t)kernel_constants_end)
			table[i] |= PTE_WRITABLE;
	}
	*entry = virt_to_phys(table) | PTE_PRESENT | PTE_WRITABLE;
}

uint64_t *kernel_page_entry(uint32_t va)
{
	uint64_t *directory = &kernel_directory[directory_index(va)];
	void *table;

	if (!*directory) {
		table = page_alloc_zeroed(FRAME_BOOT);
		if (!table)
			return NULL;
		*directory = virt_to_phys(table) | PTE_PRESENT | PTE_WRITABLE;
	}
	return (uint64_t *)phys_to_virt(*directory & PTE_TABLE) +
	       (va >> 12 & 511);
}

/*
 * STAC opens user memory for the kernel, and CLAC closes user memory again. For
 * a processor without these instructions, replace each by three DS prefixes.
 * They belong to the next instruction, which uses DS already or no memory.
 */
static void patch_smap(void)
{
	extern uint8_t *const smap_table_start[], *const smap_table_end[];
	uint8_t *const *place;

	for (place = smap_table_start; place < smap_table_end; place++)
		memset(*place, DS_PREFIX, 3);
}

void kernel_half_init(void)
{
	uint64_t no_execute = cpu_features.no_execute ? PTE_NO_EXECUTE : 0;
	uint32_t va;
	unsigned i;

	if (!cpu_features.smap)
		patch_smap();
	/* The running code keeps its rights at each moment of this loop. */
	for (va = KERNEL_BASE; va < (uintptr_t)kernel_constants_end;
	     va += LARGE_BYTES)
		refine_large_page(va);
	for (i = directory_index(va); i < DIRECT_BYTES / LARGE_BYTES; i++)
		kernel_directory[i] |= no_execute;
	/* The local APIC at its physical address: a separate 2 MiB page. */
	kernel_directory[directory_index(APIC_VA)] =
		ALIGN_DOWN(APIC_VA, LARGE_BYTES) | PTE_PRESENT | PTE_WRITABLE |
		PTE_UNCACHED | PTE_LARGE | PTE_GLOBAL | no_execute;
	arch_cpu()->root_pa = virt_to_phys(kernel_pointers);
	/* A change of CR4 drops the global entries from the TLB; a reload of
	 * CR3 keeps them. */
	__asm__ volatile("mov %%cr4, %%eax\n\t"
			 "and $~0x80, %%eax\n\t"
			 "mov %%eax, %%cr4\n\t"
			 "or $0x80, %%eax\n\t"
			 "mov %%eax, %%cr4" ::: "eax", "memory");
}
