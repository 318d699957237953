/*
 * frame_window.c - windows through which the kernel reaches high frames.
 *
 * The kernel maps the frames below DIRECT_FRAMES for ever, and has no addresses
 * for more. A window is a page of addresses that leads to a high frame for a
 * moment. The open windows are a stack: at most a copy between two high frames,
 * in a page fault, in a copy from or to a high frame of a file or message.
 */
#include "arch/arch.h"
#include "arch/i686/cpu.h"
#include "arch/i686/paging.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/assert.h"
#include "kernel/task/cpu.h"

#define WINDOWS		8

static uint64_t *entries;	/* [const] NULL: no high frames */

void frame_window_init(void)
{
	if (boot_info.high[0].end)
		entries = kernel_page_entry(WINDOW_VA);
}

void *arch_window_open(frame_t frame)
{
	unsigned i = arch_cpu()->windows_open++;
	uint32_t va = WINDOW_VA + i * PAGE_SIZE;

	ASSERT(i < WINDOWS);
	entries[i] = frame_entry(frame) | PTE_PRESENT | PTE_WRITABLE;
	if (cpu_features.no_execute)
		entries[i] |= PTE_NO_EXECUTE;
	invalidate(va);
	return (void *)va;
}

void arch_window_close(void)
{
	ASSERT(arch_cpu()->windows_open > 0);
	arch_cpu()->windows_open--;
}
