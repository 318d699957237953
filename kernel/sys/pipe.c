/* pipe.c - the system call to make a pipe. */
#include "kernel/sys/syscalls.h"

#include "kernel/abi/errno.h"
#include "kernel/ipc/pipe.h"
#include "kernel/obj/descriptor.h"

long sys_pipe2(uaddr_t fds_at, int flags)
{
	struct open_file *ends[2];
	long error;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	error = pipe_create(flags & O_NONBLOCK, &ends[END_READ],
			    &ends[END_WRITE]);
	return error ? error
		     : descriptor_give_pair(ends, flags & O_CLOEXEC, fds_at);
}
