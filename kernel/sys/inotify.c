/* inotify.c - the system calls of inotify: notices of changes of files. */
#include "kernel/fs/inotify.h"

#include "kernel/abi/errno.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/path.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"

#define WATCH_FLAGS	(IN_ALL_EVENTS | IN_ONLYDIR | IN_DONT_FOLLOW | \
			 IN_EXCL_UNLINK | IN_MASK_CREATE | IN_MASK_ADD | \
			 IN_ONESHOT)

long sys_inotify_init1(int flags)
{
	if (flags & ~(IN_NONBLOCK | IN_CLOEXEC))
		return -EINVAL;
	return descriptor_open(inotify_create(),
			       O_RDONLY | (flags & IN_NONBLOCK),
			       flags & IN_CLOEXEC);
}

/* [own] */
struct watching {
	int fd;
	uint32_t mask;
};

/* The walk along the path may have waited for a disk, so the descriptor is
 * looked up here. */
static long watch_place(const struct place *place, void *context)
{
	const struct watching *watching = context;
	struct open_file *file = descriptor_file(watching->fd);
	int error;

	if (!file)
		return -EBADF;
	if (!inotify_is(file))
		return -EINVAL;
	if (!place->node)
		return -ENOENT;
	if (watching->mask & IN_ONLYDIR && !node_is_directory(place->node))
		return -ENOTDIR;
	error = node_may(process_current(), place->node, R_OK);
	return error ? error : inotify_watch(file, place->node,
					     watching->mask);
}

long sys_inotify_add_watch(int fd, uaddr_t path, uint32_t mask)
{
	struct watching watching = { fd, mask };

	if (!(mask & IN_ALL_EVENTS) || mask & ~WATCH_FLAGS ||
	    (mask & IN_MASK_ADD && mask & IN_MASK_CREATE))
		return -EINVAL;
	if (!descriptor_file(fd))
		return -EBADF;
	return path_call(AT_FDCWD, path, !(mask & IN_DONT_FOLLOW), watch_place,
			 &watching);
}

long sys_inotify_rm_watch(int fd, int wd)
{
	struct open_file *file = descriptor_file(fd);

	if (!file)
		return -EBADF;
	return inotify_is(file) ? inotify_unwatch(file, wd) : -EINVAL;
}
