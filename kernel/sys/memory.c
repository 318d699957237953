/*
 * memory.c - the system calls of memory: brk, mmap, munmap, mprotect, msync.
 *
 * Shared anonymous memory is a file without a name: forks and mappings share
 * it as they would share any file, and it goes with the last of them.
 */
#include "kernel/mm/space.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/fs/node.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"

#define PROTECTIONS	(PROT_READ | PROT_WRITE | PROT_EXEC)
#define MAP_FLAGS	(MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS)

/* 0 when the heap ends there now; where it ends when asked with 0. */
long sys_brk(uaddr_t end)
{
	struct space *space = process_current()->space;
	long result;

	if (!end)
		return space->heap_end;
	result = space_set_brk(space, end);
	return result < 0 ? result : 0;
}

/* What is mapped: where its pages come from, and the flags of the region. The
 * source, if there is one, comes with a reference. */
struct mapping {
	struct page_source *source;
	unsigned flags;
};

/* May the file be mapped so? */
static int map_file(struct mapping *mapping, int fd, int prot, int flags)
{
	struct open_file *file = descriptor_file(fd);
	int limit, error;

	if (!file)
		return -EBADF;
	if (!file->object->ops->map)
		return -ENODEV;
	if (!file_can_read(file))
		return -EACCES;
	error = file->object->ops->map(file, &mapping->source);
	if (error)
		return error;
	if (!mapping->source)		/* /dev/zero: like no file at all */
		return flags & MAP_SHARED ? -ENODEV : 0;
	limit = mapping->source->limit;
	if (flags & MAP_SHARED && !file_can_write(file))
		limit &= ~PROT_WRITE;
	if (prot & ~limit)
		return -EACCES;
	if (!(limit & PROT_WRITE))
		mapping->flags |= REGION_READ_ONLY;
	if (!(limit & PROT_EXEC))
		mapping->flags |= REGION_NO_EXEC;
	mapping->source->ops->get(mapping->source);
	return 0;
}

static int map_anonymous(struct mapping *mapping, size_t bytes, int flags)
{
	struct node *node;

	if (!(flags & MAP_SHARED))
		return 0;
	node = node_create(S_IFREG | 0600);
	if (!node)
		return -ENOMEM;
	contents_resize(&node->contents, ALIGN_UP(bytes, PAGE_SIZE));
	mapping->source = node_source(node);
	return 0;
}

static int check_mmap(size_t bytes, int prot, int flags, off_t offset)
{
	if (prot & ~PROTECTIONS || flags & ~MAP_FLAGS)
		return -EINVAL;
	if (!(flags & MAP_SHARED) == !(flags & MAP_PRIVATE))
		return -EINVAL;
	if (bytes == 0)
		return -EINVAL;
	if (bytes > USER_HIGHEST - USER_LOWEST)
		return -ENOMEM;
	if (flags & MAP_ANONYMOUS)
		return 0;
	if (offset < 0 || offset % PAGE_SIZE != 0)
		return -EINVAL;
	return (uint32_t)offset + bytes < bytes ? -EOVERFLOW : 0;
}

long sys_mmap(uaddr_t address, size_t bytes, int prot, int flags, int fd,
	      off_t offset)
{
	struct mapping mapping = {
		.flags = flags & MAP_SHARED ? REGION_SHARED : 0,
	};
	bool is_fixed = flags & MAP_FIXED;
	long result = check_mmap(bytes, prot, flags, offset);

	if (result)
		return result;
	if (flags & MAP_ANONYMOUS) {
		offset = 0;
		result = map_anonymous(&mapping, bytes, flags);
	} else {
		result = map_file(&mapping, fd, prot, flags);
	}
	if (result)
		return result;
	if (!is_fixed)
		address = ALIGN_DOWN(address, PAGE_SIZE);
	result = space_map(process_current()->space, address, bytes, prot,
			   mapping.flags, is_fixed, mapping.source,
			   offset / PAGE_SIZE, mapping.source
			   ? ALIGN_UP(bytes, PAGE_SIZE) : 0);
	if (mapping.source)
		mapping.source->ops->put(mapping.source);
	return result;
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

/* A shared mapping and its file are the same pages: there is nothing to do. */
long sys_msync(uaddr_t address, size_t bytes, int flags)
{
	if (flags & ~(MS_ASYNC | MS_SYNC | MS_INVALIDATE))
		return -EINVAL;
	if (flags & MS_ASYNC && flags & MS_SYNC)
		return -EINVAL;
	return space_check(process_current()->space, address, bytes);
}
