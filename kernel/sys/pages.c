/* pages.c - the system calls to grant pages and to revoke a grant. */
#include "kernel/sys/syscalls.h"

#include "kernel/abi/errno.h"
#include "kernel/ipc/pages.h"
#include "kernel/obj/descriptor.h"

long sys_page_grant(uaddr_t address, size_t bytes, int prot)
{
	struct open_file *file;
	long fd = pages_grant(address, bytes, prot, &file);

	if (fd < 0)
		return fd;
	fd = descriptor_install(file, 0, false);
	if (fd < 0) {
		pages_revoke(file);
		file_put(file);
	}
	return fd;
}

long sys_page_revoke(int fd)
{
	struct open_file *file = descriptor_file(fd);

	return file ? pages_revoke(file) : -EBADF;
}
