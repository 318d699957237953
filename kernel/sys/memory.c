/*
 * memory.c - the system calls of memory: brk, mmap, munmap, mprotect, msync.
 *
 * Shared anonymous memory is a file without a name: forks and mappings share
 * the file like any file, and the last unmapping frees the file.
 */
#include "kernel/mm/space.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/fs/node.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"

#define PROTECTIONS	(PROT_READ | PROT_WRITE | PROT_EXEC)
#define MAP_KIND	(MAP_SHARED | MAP_PRIVATE)
#define MAP_FLAGS	(MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS)

/* 0 when the heap now ends at `end`; with an `end` of 0, the end of the heap.
 * */
long sys_brk(uaddr_t end)
{
	struct space *space = process_current()->space;
	long result;

	if (!end)
		return space->heap_end;
	if (end > space->heap_end && end - space->heap_start >
	    process_limit(process_current(), RLIMIT_DATA))
		return -ENOMEM;
	result = space_set_brk(space, end);
	return result < 0 ? result : 0;
}

/* Map memory without a file. */
static long map_anonymous(struct mapping *mapping)
{
	struct space *space = process_current()->space;
	struct node *node;
	long result;

	if (!(mapping->flags & REGION_SHARED))
		return space_map(space, mapping);
	node = node_create(S_IFREG | 0600);
	if (!node)
		return -ENOMEM;
	mapping->source = node_source(node);
	mapping->source_bytes = ALIGN_UP(mapping->bytes, PAGE_SIZE);
	contents_resize(&node->contents, mapping->source_bytes);
	result = space_map(space, mapping);
	node_put(node);
	return result;
}

/* The rights that the region can never get, from the limit of the file. */
static unsigned limit_flags(int limit)
{
	return (limit & PROT_WRITE ? 0 : REGION_READ_ONLY) |
	       (limit & PROT_EXEC ? 0 : REGION_NO_EXEC);
}

/* The descriptor keeps the source alive until space_map() keeps it: nothing
 * here sleeps before. */
static long map_file(struct open_file *file, struct mapping *mapping,
		     uint32_t page)
{
	bool is_shared = mapping->flags & REGION_SHARED;
	struct page_source *source = object_source(file->object);
	int limit, error = 0;

	if (!source && !file->object->ops->map)
		return -ENODEV;
	if (!file_can_read(file))
		return -EACCES;
	if (!source)
		error = file->object->ops->map(file, &source);
	if (error)
		return error;
	if (!source && is_shared && mapping->prot & PROT_WRITE &&
	    !file_can_write(file))
		return -EACCES;
	if (!source)			/* /dev/zero: like no file at all */
		return map_anonymous(mapping);
	limit = source->limit;
	if (is_shared && !file_can_write(file))
		limit &= ~PROT_WRITE;
	if (mapping->prot & ~limit)
		return -EACCES;
	if (limit != PROTECTIONS)
		mapping->flags |= limit_flags(limit);
	mapping->source = source;
	mapping->source_page = page;
	mapping->source_bytes = ALIGN_UP(mapping->bytes, PAGE_SIZE);
	if (source->ops->touch)
		source->ops->touch(source, false);
	return space_map(process_current()->space, mapping);
}

static int check_mmap(size_t bytes, int prot, int flags, uint32_t page)
{
	if (prot & ~PROTECTIONS || flags & ~MAP_FLAGS)
		return -EINVAL;
	if ((flags & MAP_KIND) != MAP_SHARED && (flags & MAP_KIND) !=
	    MAP_PRIVATE)
		return -EINVAL;
	if (bytes - 1 >= USER_HIGHEST - USER_LOWEST)
		return bytes ? -ENOMEM : -EINVAL;
	if (flags & MAP_ANONYMOUS)
		return 0;
	return bytes / PAGE_SIZE >= UINT32_MAX - page ? -EOVERFLOW : 0;
}

long sys_mmap(uaddr_t address, size_t bytes, int prot, int flags, int fd,
	      uint32_t page)
{
	struct mapping mapping = {
		.address = address, .bytes = bytes, .prot = prot,
		.flags = flags & MAP_SHARED ? REGION_SHARED : 0,
		.is_fixed = flags & MAP_FIXED,
	};
	int error = check_mmap(bytes, prot, flags, page);
	struct open_file *file;

	if (error)
		return error;
	if (!mapping.is_fixed)		/* the address is only a hint */
		mapping.address = ALIGN_DOWN(address, PAGE_SIZE);
	if (flags & MAP_ANONYMOUS)
		return map_anonymous(&mapping);
	file = descriptor_file(fd);
	if (!file)
		return -EBADF;
	return map_file(file, &mapping, page);
}

long sys_munmap(uaddr_t address, size_t bytes)
{
	return space_unmap(process_current()->space, address, bytes);
}

long sys_mprotect(uaddr_t address, size_t bytes, int prot)
{
	if (prot & ~PROTECTIONS)
		return -EINVAL;
	return space_protect(process_current()->space, address, bytes, prot);
}

/* Advice that drops nothing needs no work: pages come with the first access. */
long sys_madvise(uaddr_t address, size_t bytes, int advice)
{
	struct space *space = process_current()->space;

	if (advice == MADV_DONTNEED)
		return space_drop(space, address, bytes);
	if (advice < MADV_NORMAL || advice > MADV_WILLNEED)
		return -EINVAL;
	return space_check(space, address, bytes);
}

#define PRESENT_PART	128u		/* pages; then tasks may switch */

long sys_mincore(uaddr_t address, size_t bytes, uaddr_t to)
{
	struct space *space = process_current()->space;
	uint32_t pages = ALIGN_UP(bytes, PAGE_SIZE) / PAGE_SIZE, i, part;
	int error = space_check(space, address, bytes);
	uint8_t present[PRESENT_PART];

	for (; !error && pages > 0; pages -= part) {
		part = MIN(pages, PRESENT_PART);
		for (i = 0; i < part; i++, address += PAGE_SIZE)
			present[i] = space_has_page(space, address);
		error = copy_to_user(to, present, part);
		to += part;
		sched_point();
	}
	return error;
}

/* [own] */
struct syncing {
	uaddr_t at;			/* up to here all is on the disk */
	uaddr_t end;
	uint32_t until;			/* of node_ops.sync */
};

static long attempt_sync(void *context)
{
	struct syncing *range = context;
	int error = space_sync(process_current()->space, &range->at,
			       range->end, &range->until);

	return error || range->at >= range->end ? error : fs_again();
}

/* A shared mapping and the file are the same pages. The file has been modified,
 * if the program could write; a file on a disk is written back. */
long sys_msync(uaddr_t address, size_t bytes, int flags)
{
	struct syncing range = { address, address + bytes, 0 };
	int error;

	if (flags & ~(MS_ASYNC | MS_SYNC | MS_INVALIDATE))
		return -EINVAL;
	if (flags & MS_ASYNC && flags & MS_SYNC)
		return -EINVAL;
	error = flags & (MS_ASYNC | MS_SYNC)
		? space_touch(process_current()->space, address, bytes)
		: space_check(process_current()->space, address, bytes);
	return error || !(flags & MS_SYNC) ? error
					   : fs_try(attempt_sync, &range);
}
