/*
 * boot_info.c - translate the facts from a Multiboot 1 loader for the kernel.
 *
 * Only the memory map is trusted. Of the memory that the kernel maps, the
 * kernel uses one run of frames: the largest gap that kernel image and initrd
 * leave in the usable memory at 1 MiB. Above, all ranges are used. Nothing
 * below 1 MiB is ever allocated.
 */
#include "arch/arch.h"
#include "arch/i686/processor.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/string.h"

#define MULTIBOOT_LOADED	0x2badb002u
#define INFO_HAS_COMMAND_LINE	(1u << 2)
#define INFO_HAS_MODULES	(1u << 3)
#define INFO_HAS_MEMORY_MAP	(1u << 6)
#define MEMORY_USABLE		1
#define FRAMES_MOST		(1u << 24)	/* 64 GiB: what PAE can map */

/* [const] written by the loader */
struct multiboot_info {
	uint32_t flags;
	uint32_t mem_lower, mem_upper;
	uint32_t boot_device;
	uint32_t command_line;
	uint32_t module_count, modules;
	uint32_t symbols[4];
	uint32_t map_bytes, map;
};

/* [const] */
struct multiboot_module {
	uint32_t start, end, string, reserved;
};

/* [const] */
struct multiboot_range {
	uint32_t size;			/* of the rest of this entry */
	uint64_t base;
	uint64_t length;
	uint32_t type;
} __attribute__((packed));

struct boot_info boot_info = { .command_line = "" };

static char command_line[4096];

void boot_receive(uint32_t magic, paddr_t info_pa);

/* The end of the usable memory that holds the byte at 1 MiB. */
static paddr_t memory_end(const struct multiboot_info *info)
{
	const char *at = phys_to_virt(info->map);
	const char *end = at + info->map_bytes;
	const struct multiboot_range *range;

	for (; at < end; at += range->size + sizeof(range->size)) {
		range = (const void *)at;
		if (range->type != MEMORY_USABLE || range->base > 0x100000 ||
		    range->base + range->length <= 0x100000)
			continue;
		return MIN(range->base + range->length, DIRECT_BYTES);
	}
	return 0;
}

/* The usable frames from DIRECT_FRAMES on. */
static void find_high_memory(const struct multiboot_info *info)
{
	const char *at = phys_to_virt(info->map);
	const char *end = at + info->map_bytes;
	const struct multiboot_range *range;
	struct frame_range *next = boot_info.high;
	uint64_t start, stop;

	for (; at < end; at += range->size + sizeof(range->size)) {
		range = (const void *)at;
		start = MAX((range->base + PAGE_SIZE - 1) / PAGE_SIZE,
			    DIRECT_FRAMES);
		stop = (range->base + range->length) / PAGE_SIZE;
		if (range->type != MEMORY_USABLE || stop <= start)
			continue;
		if (start >= FRAMES_MOST ||
		    next == boot_info.high + HIGH_RANGES) {
			boot_info.unused_frames += stop - start;
			continue;
		}
		next->start = start;
		next->end = MIN(stop, FRAMES_MOST);
		boot_info.unused_frames += stop - next->end;
		next++;
	}
}

static void choose_free_memory(paddr_t end, paddr_t initrd, paddr_t initrd_end)
{
	paddr_t start = virt_to_phys(kernel_end);

	initrd_end = ALIGN_UP(initrd_end, PAGE_SIZE);
	initrd = ALIGN_DOWN(initrd, PAGE_SIZE);
	if (initrd_end > start && initrd < end) {
		if (initrd - start > end - initrd_end)
			end = initrd;
		else
			start = initrd_end;
	}
	boot_info.low.start = start / PAGE_SIZE;
	boot_info.low.end = end / PAGE_SIZE;
}

/* Called by boot.asm before anything else; prints nothing. */
void boot_receive(uint32_t magic, paddr_t info_pa)
{
	const struct multiboot_info *info = phys_to_virt(info_pa);
	const struct multiboot_module *module;
	paddr_t initrd = 0, initrd_end = 0, end = 0;

	if (magic != MULTIBOOT_LOADED)
		return;
	if (info->flags & INFO_HAS_COMMAND_LINE) {
		strlcpy(command_line, phys_to_virt(info->command_line),
			sizeof(command_line));
		boot_info.command_line = command_line;
	}
	if (info->flags & INFO_HAS_MODULES && info->module_count > 0) {
		module = phys_to_virt(info->modules);
		initrd = module->start;
		initrd_end = module->end;
		boot_info.initrd = phys_to_virt(initrd);
		boot_info.initrd_bytes = initrd_end - initrd;
	}
	if (info->flags & INFO_HAS_MEMORY_MAP) {
		end = memory_end(info);
		find_high_memory(info);
	}
	choose_free_memory(end, initrd, initrd_end);
}
