/* pipe.c - the system call to make a pipe. */
#include "kernel/sys/syscalls.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/ipc/pipe.h"
#include "kernel/obj/descriptor.h"

long sys_pipe2(uaddr_t fds_at, int flags)
{
	bool close_on_exec = flags & O_CLOEXEC;
	struct open_file *reader, *writer;
	int fds[2];
	long error;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	error = pipe_create(flags & O_NONBLOCK, &reader, &writer);
	if (error)
		return error;
	error = fds[0] = descriptor_install(reader, 0, close_on_exec);
	if (error < 0)
		goto put_files;
	error = fds[1] = descriptor_install(writer, 0, close_on_exec);
	if (error < 0)
		goto close_reader;
	if (copy_to_user(fds_at, fds, sizeof(fds)) == 0)
		return 0;
	error = -EFAULT;
	descriptor_close(fds[1]);
	descriptor_close(fds[0]);
	return error;

close_reader:
	descriptor_close(fds[0]);
	file_put(writer);
	return error;
put_files:
	file_put(reader);
	file_put(writer);
	return error;
}
