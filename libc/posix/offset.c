/* offset.c - the system calls that get or give an off_t as words. */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "libc/syscall.h"

#define PAGE	4096

off_t lseek(int fd, off_t offset, int whence)
{
	off_t position;

	if (__sys_lseek(fd, (uint32_t)offset, (uint32_t)(offset >> 32),
			whence, &position) < 0)
		return -1;
	return position;
}

/* The kernel counts the offset in pages. */
void *mmap(void *address, size_t bytes, int prot, int flags, int fd,
	   off_t offset)
{
	if (flags & MAP_ANONYMOUS)
		offset = 0;
	if (offset < 0 || offset % PAGE) {
		errno = EINVAL;
		return MAP_FAILED;
	}
	if (offset / PAGE > UINT32_MAX) {
		errno = EOVERFLOW;
		return MAP_FAILED;
	}
	return __sys_mmap(address, bytes, prot, flags, fd,
			  (uint32_t)(offset / PAGE));
}
