/*
 * memory.c - the system calls of memory: brk, mmap, munmap, mprotect, msync.
 *
 * Shared anonymous memory is a file without a name: forks and mappings share
 * it as they would share any file, and it goes with the last of them.
 */
#include "kernel/mm/page_inline.h"

#include "kernel/abi/limits.h"
#include "kernel/fs/node.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"

#define PROTECTIONS	(PROT_READ | PROT_WRITE | PROT_EXEC)
#define MAP_KIND	(MAP_SHARED | MAP_PRIVATE)
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

static uaddr_t wanted_address(uaddr_t address, int flags)
{
	return flags & MAP_FIXED ? address : ALIGN_DOWN(address, PAGE_SIZE);
}

static long map_anonymous(uaddr_t address, size_t bytes, int prot,
				    int flags)
{
	struct space *space = process_current()->space;
	struct node *node;
	long result;

	address = wanted_address(address, flags);
	if (!(flags & MAP_SHARED))
		return space_map(space, address, bytes, prot, 0,
				 flags & MAP_FIXED, NULL, 0, 0);
	node = node_create(S_IFREG | 0600);
	if (!node)
		return -ENOMEM;
	bytes = ALIGN_UP(bytes, PAGE_SIZE);
	contents_resize(&node->contents, bytes);
	result = space_map(space, address, bytes, prot, REGION_SHARED,
			   flags & MAP_FIXED, node_source(node), 0, bytes);
	node_put(node);
	return result;
}

/* What the region may never become, if the file is only good for that. */
static unsigned limit_flags(int limit)
{
	return (limit & PROT_WRITE ? 0 : REGION_READ_ONLY) |
	       (limit & PROT_EXEC ? 0 : REGION_NO_EXEC);
}

/* The descriptor keeps the source alive meanwhile: nothing here sleeps. */
static long map_file(struct open_file *file, uaddr_t address,
		     size_t bytes, int prot, int flags, off_t offset)
{
	bool is_shared = flags & MAP_SHARED;
	unsigned region_flags = is_shared ? REGION_SHARED : 0;
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
	if (!source)			/* /dev/zero: like no file at all */
		return is_shared ? -ENODEV :
			map_anonymous(address, bytes, prot, flags);
	limit = source->limit;
	if (is_shared && !file_can_write(file))
		limit &= ~PROT_WRITE;
	if (prot & ~limit)
		return -EACCES;
	if (limit != PROTECTIONS)
		region_flags |= limit_flags(limit);
	return space_map(process_current()->space,
			 wanted_address(address, flags), bytes, prot,
			 region_flags, flags & MAP_FIXED, source,
			 offset / PAGE_SIZE, ALIGN_UP(bytes, PAGE_SIZE));
}

static int check_mmap(size_t bytes, int prot, int flags, off_t offset)
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
	if ((uint32_t)offset & (INT32_MIN | (PAGE_SIZE - 1)))
		return -EINVAL;		/* negative, or no whole pages */
	return (uint32_t)offset + bytes < bytes ? -EOVERFLOW : 0;
}

static SLOW_PATH long map_anything(uaddr_t address, size_t bytes, int prot,
				   int flags, int fd, off_t offset)
{
	int error = check_mmap(bytes, prot, flags, offset);
	struct open_file *file;

	if (error)
		return error;
	if (flags & MAP_ANONYMOUS)
		return map_anonymous(address, bytes, prot, flags);
	file = descriptor_find(fd);
	if (!file)
		return -EBADF;
	return map_file(file, address, bytes, prot, flags, offset);
}

/* A page of a file that may be written, or 0: it is not as simple as that. */
static inline long map_shared_page(const struct open_file *file, off_t offset)
{
	struct page_source *source;

	if (UNLIKELY(!file || (file->flags & O_ACCMODE) != O_RDWR))
		return 0;
	source = object_source(file->object);
	if (UNLIKELY(!source || source->limit != PROTECTIONS))
		return 0;
	return space_map_page(process_current()->space, source,
			      offset / PAGE_SIZE);
}

long sys_mmap(uaddr_t address, size_t bytes, int prot, int flags, int fd,
	      off_t offset)
{
	long result = 0;

	if (LIKELY(flags == MAP_SHARED && prot == (PROT_READ | PROT_WRITE) &&
		   !address && bytes - 1 < PAGE_SIZE) &&
	    !((uint32_t)offset & (INT32_MIN | (PAGE_SIZE - 1))))
		result = map_shared_page(descriptor_find(fd), offset);
	return LIKELY(result) ? result :
		map_anything(address, bytes, prot, flags, fd, offset);
}

long sys_munmap(uaddr_t address, size_t bytes)
{
	struct space *space = process_current()->space;

	if (LIKELY(bytes - 1 < PAGE_SIZE && space_unmap_page(space, address)))
		return 0;
	return space_unmap(space, address, bytes);
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
