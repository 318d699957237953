/* socket.c - the system calls of local sockets. */
#include "kernel/ipc/socket.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/socket.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"

#define TYPE_FLAGS	(SOCK_NONBLOCK | SOCK_CLOEXEC)

_Static_assert(SOCK_NONBLOCK == O_NONBLOCK && SOCK_CLOEXEC == O_CLOEXEC,
	       "flags go through as they are");

static int check_kind(int family, int type, int protocol)
{
	if (family != AF_UNIX)
		return -EAFNOSUPPORT;
	if ((type & ~TYPE_FLAGS) != SOCK_STREAM)
		return -EPROTOTYPE;
	return protocol == 0 || protocol == AF_UNIX ? 0 : -EPROTONOSUPPORT;
}

/* Descriptors for both; takes over the files, also on failure. */
static long install(struct open_file *files[2], bool close_on_exec, int fds[2])
{
	long error;

	error = fds[0] = descriptor_install(files[0], 0, close_on_exec);
	if (error < 0) {
		file_put(files[0]);
		file_put(files[1]);
		return error;
	}
	error = fds[1] = descriptor_install(files[1], 0, close_on_exec);
	if (error < 0) {
		descriptor_close(fds[0]);
		file_put(files[1]);
		return error;
	}
	return 0;
}

long sys_socketpair(int family, int type, int protocol, uaddr_t fds_at)
{
	struct open_file *files[2];
	int fds[2];
	long error = check_kind(family, type, protocol);

	if (error)
		return error;
	error = socket_create_pair(type & O_NONBLOCK, files);
	if (error)
		return error;
	error = install(files, type & O_CLOEXEC, fds);
	if (error)
		return error;
	if (copy_to_user(fds_at, fds, sizeof(fds)) == 0)
		return 0;
	descriptor_close(fds[1]);
	descriptor_close(fds[0]);
	return -EFAULT;
}

long sys_shutdown(int fd, int how)
{
	struct open_file *file = descriptor_file(fd);

	if (!file)
		return -EBADF;
	return socket_is(file) ? socket_shut_down(file, how) : -ENOTSOCK;
}
