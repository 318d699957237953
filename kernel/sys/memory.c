/* memory.c - the system calls of memory: brk, mmap, munmap, mprotect. */
#include "kernel/mm/space.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"

#define PROTECTIONS	(PROT_READ | PROT_WRITE | PROT_EXEC)
#define MAP_FLAGS	(MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS)

/* The end of the heap, or the new one; libc makes sbrk() of it. */
long sys_brk(uaddr_t end)
{
	struct space *space = process_current()->space;

	return end ? space_set_brk(space, end) : (long)space->heap_end;
}

/* May the file behind fd be mapped so? Gives where its pages come from. */
static int find_source(int fd, int prot, int flags, struct page_source **source,
		       unsigned *region_flags)
{
	struct open_file *file = descriptor_file(fd);

	if (!file)
		return -EBADF;
	if (!file->object->ops->map)
		return -ENODEV;
	if (!file_can_read(file))
		return -EACCES;
	if (flags & MAP_SHARED && !file_can_write(file)) {
		if (prot & PROT_WRITE)
			return -EACCES;
		*region_flags |= REGION_READ_ONLY;
	}
	return file->object->ops->map(file, source);
}

long sys_mmap(uaddr_t address, size_t bytes, int prot, int flags, int fd,
	      off_t offset)
{
	unsigned region_flags = flags & MAP_SHARED ? REGION_SHARED : 0;
	struct page_source *source = NULL;
	uint32_t source_bytes = 0;
	int error;

	if (prot & ~PROTECTIONS || flags & ~MAP_FLAGS)
		return -EINVAL;
	if (!(flags & MAP_SHARED) == !(flags & MAP_PRIVATE))
		return -EINVAL;
	if (bytes == 0 || offset < 0 || offset % PAGE_SIZE != 0)
		return -EINVAL;
	if (bytes > USER_HIGHEST - USER_LOWEST)
		return -ENOMEM;
	if (!(flags & MAP_ANONYMOUS)) {
		if ((uint32_t)offset + bytes < bytes)
			return -EOVERFLOW;
		error = find_source(fd, prot, flags, &source, &region_flags);
		if (error)
			return error;
		source_bytes = ALIGN_UP(bytes, PAGE_SIZE);
	} else if (flags & MAP_SHARED) {
		return -ENOTSUP;
	}
	return space_map(process_current()->space, ALIGN_DOWN(address, flags &
			 MAP_FIXED ? 1u : PAGE_SIZE), bytes, prot,
			 region_flags, flags & MAP_FIXED, source,
			 offset / PAGE_SIZE, source_bytes);
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
