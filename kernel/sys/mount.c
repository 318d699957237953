/*
 * mount.c - the system calls on whole file systems.
 */
#include "kernel/sys/path.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/mount.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"

#define WORD_BYTES	32	/* of a source or a type */

static long mount_at(const struct place *place, void *call)
{
	return tree_mount(place, call);
}

/* Only root mounts: a file system brings its own owners and modes. */
long sys_mount(uaddr_t user_source, uaddr_t path, uaddr_t user_type,
	       unsigned flags, uaddr_t data)
{
	char source[WORD_BYTES], type[WORD_BYTES];
	struct mount_call call = { source, type, flags & MS_RDONLY };
	ssize_t length;

	if (flags & ~MS_RDONLY || data)
		return -EINVAL;
	if (!user_is_root(process_current()))
		return -EPERM;
	length = copy_string_from_user(source, user_source, sizeof(source));
	if (length >= 0)
		length = copy_string_from_user(type, user_type, sizeof(type));
	if (length < 0)
		return length;
	return path_call(AT_FDCWD, path, true, mount_at, &call);
}

static long unmount_at(const struct place *place, void *out)
{
	return place->node ? tree_unmount(place->node, out) : -ENOENT;
}

/* No path leads to the file system any more when its last bytes are written. */
long sys_umount(uaddr_t path)
{
	struct file_system *fs;
	long result;

	if (!user_is_root(process_current()))
		return -EPERM;
	while ((result = path_call(AT_FDCWD, path, true, unmount_at, &fs)) > 0)
		sched_point();
	return result ? result : fs_unmount(fs);
}

static long statvfs_at(const struct place *place, void *status)
{
	return place->node ? fs_statvfs(place->node->fs, status) : -ENOENT;
}

long sys_statvfs(uaddr_t path, uaddr_t user_status)
{
	struct statvfs status;
	long error = path_call(AT_FDCWD, path, true, statvfs_at, &status);

	return error ? error : copy_to_user(user_status, &status,
					    sizeof(status));
}

/* [own] */
struct status_call {
	int fd;
	struct statvfs status;
};

/* An object outside of the tree counts as a part of the root's. */
static long attempt_fstatvfs(void *context)
{
	struct status_call *call = context;
	const struct node *node = node_of_descriptor(call->fd);

	return fs_statvfs(node ? node->fs : &memory_root, &call->status);
}

long sys_fstatvfs(int fd, uaddr_t user_status)
{
	struct status_call call = { .fd = fd };
	long error;

	if (!descriptor_file(fd))
		return -EBADF;
	error = fs_try(attempt_fstatvfs, &call);
	return error ? error : copy_to_user(user_status, &call.status,
					    sizeof(call.status));
}
