/*
 * sync.c - the system calls that wait until changes are on the disk.
 *
 * After the call, a power cut loses nothing that was written before the call.
 * A file system in memory has nothing to do.
 */
#include "kernel/sys/syscalls.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/node.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/path.h"

/* [own] */
struct syncing {
	struct file_system *fs;
	struct node *node;		/* NULL: all */
	uint32_t until;			/* of node_ops.sync */
};

static long attempt_sync(void *context)
{
	struct syncing *what = context;

	return fs_sync(what->fs, what->node, &what->until);
}

/* No file system may leave the list during a walk, so an attempt is a walk.
 * There is one disk: *until is its own. */
static long attempt_sync_all(void *until)
{
	struct file_system *fs;
	int error = 0, result;

	LIST_FOR_EACH(fs, &file_systems, all) {
		result = fs_sync(fs, NULL, until);
		if (result == -EAGAIN)
			return result;
		error = error ? error : result;
	}
	return error;
}

/* The descriptor of a file, a directory, or, for a whole file system, anything
 * in the file system. */
static long sync_descriptor(int fd, bool is_whole)
{
	struct node *node = node_of_descriptor(fd);
	struct syncing what = { .node = node };
	long error;

	if (!descriptor_file(fd))
		return -EBADF;
	if (!node)
		return -EINVAL;
	what.fs = node->fs;
	if (is_whole)
		what.node = NULL;
	node_get(node);			/* a thread may close fd meanwhile */
	error = fs_try(attempt_sync, &what);
	node_put(node);
	return error;
}

long sync_file(struct open_file *file)
{
	struct syncing what = { .node = node_of_file(file) };

	if (!what.node)
		return 0;
	what.fs = what.node->fs;
	return fs_try(attempt_sync, &what);
}

long sys_fsync(int fd)
{
	return sync_descriptor(fd, false);
}

/* The inode is always written with the bytes. */
long sys_fdatasync(int fd)
{
	return sync_descriptor(fd, false);
}

long sys_syncfs(int fd)
{
	return sync_descriptor(fd, true);
}

long sys_sync(void)
{
	uint32_t until = 0;

	fs_try(attempt_sync_all, &until);
	return 0;
}
