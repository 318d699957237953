/*
 * attributes.c - the system calls that set the attributes of a file: mode,
 * owner, times.
 *
 * A call names the file in two ways: by a path, which may be relative to an
 * open directory, or by a descriptor alone.
 */
#include "kernel/sys/attributes.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/fs/node.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"

#define PERMISSIONS	07777u

/* ---- Times -------------------------------------------------------------- */

static bool is_valid_time(const struct timespec *time)
{
	return time->tv_nsec == UTIME_NOW || time->tv_nsec == UTIME_OMIT ||
	       (time->tv_nsec >= 0 && time->tv_nsec < (long)NSEC_PER_SEC);
}

static void set_time(node_time *time, const struct timespec *wanted,
		     node_time now)
{
	/* A time beyond 64 bits of nanoseconds is cut to the limit. */
	const time_t latest = INT64_MAX / (int64_t)NSEC_PER_SEC - 1;
	time_t seconds = MIN(MAX(wanted->tv_sec, -latest), latest);

	if (wanted->tv_nsec == UTIME_NOW)
		*time = now;
	else if (wanted->tv_nsec != UTIME_OMIT)
		*time = seconds * (node_time)NSEC_PER_SEC + wanted->tv_nsec;
}

/* ---- The file ----------------------------------------------------------- */

struct node *node_of_descriptor(int fd)
{
	struct open_file *file = descriptor_file(fd);

	return file && file->object->ops->stat == node_stat ?
		node_of(file->object) : NULL;
}

/* The named node: path relative to the directory fd, or without a path the
 * node behind fd. */
static int find_named(int fd, uaddr_t user_path, struct node **out)
{
	char path[PATH_MAX];
	struct node *start = NULL;
	struct place place;
	ssize_t error;

	if (fd != AT_FDCWD && !descriptor_file(fd))
		return -EBADF;
	if (fd != AT_FDCWD)
		start = node_of_descriptor(fd);
	if (!user_path) {
		*out = start;
		return start ? 0 : -EINVAL;
	}
	error = copy_string_from_user(path, user_path, sizeof(path));
	if (error < 0)
		return error;
	if (fd != AT_FDCWD && path[0] != '/' &&
	    (!start || !node_is_directory(start)))
		return -ENOTDIR;
	error = path_find_existing(start, path, &place);
	if (!error)
		*out = place.node;
	return error;
}

/* A process that can write the file may set the times to now; only the owner
 * may set a different time. */
static int may_set_times(const struct node *node, const struct timespec *times)
{
	const struct process *process = process_current();

	if (node_is_own(process, node) ||
	    (times[0].tv_nsec == UTIME_OMIT && times[1].tv_nsec == UTIME_OMIT))
		return 0;
	if (times[0].tv_nsec == UTIME_NOW && times[1].tv_nsec == UTIME_NOW)
		return node_may(process, node, W_OK);
	return -EPERM;
}

long sys_utimensat(int fd, uaddr_t path, uaddr_t user_times, int flags)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_NOW },
				     { .tv_nsec = UTIME_NOW } };
	node_time now = node_now();
	struct node *node;
	int error;

	if (flags)
		return -EINVAL;
	if (user_times && copy_from_user(times, user_times, sizeof(times)))
		return -EFAULT;
	if (!is_valid_time(&times[0]) || !is_valid_time(&times[1]))
		return -EINVAL;
	error = find_named(fd, path, &node);
	if (!error)
		error = may_set_times(node, times);
	if (error)
		return error;
	set_time(&node->accessed, &times[0], now);
	set_time(&node->modified, &times[1], now);
	node->changed = now;
	return 0;
}

/* ---- Mode and owner ----------------------------------------------------- */

/* By descriptor: only a node of the file tree has a mode to change. */
static int find_open(int fd, struct node **out)
{
	if (!descriptor_file(fd))
		return -EBADF;
	*out = node_of_descriptor(fd);
	return *out ? 0 : -EINVAL;
}

static int find_path(uaddr_t path, struct node **out)
{
	return path ? find_named(AT_FDCWD, path, out) : -EFAULT;
}

static int set_mode(struct node *node, mode_t mode)
{
	if (!node_is_own(process_current(), node))
		return -EPERM;
	node->mode = (node->mode & S_IFMT) | (mode & PERMISSIONS);
	node->changed = node_now();
	return 0;
}

long sys_chmod(uaddr_t path, mode_t mode)
{
	struct node *node;
	int error = find_path(path, &node);

	return error ? error : set_mode(node, mode);
}

long sys_fchmod(int fd, mode_t mode)
{
	struct node *node;
	int error = find_open(fd, &node);

	return error ? error : set_mode(node, mode);
}

/* -1 leaves user or group unchanged. Only root may change the owner. */
static int set_owner(struct node *node, uid_t user, gid_t group)
{
	if (!user_is_root(process_current()))
		return -EPERM;
	if ((int32_t)user >= 0)
		node->uid = user;
	if ((int32_t)group >= 0)
		node->gid = group;
	node->changed = node_now();
	return 0;
}

long sys_chown(uaddr_t path, uid_t user, gid_t group)
{
	struct node *node;
	int error = find_path(path, &node);

	return error ? error : set_owner(node, user, group);
}

long sys_fchown(int fd, uid_t user, gid_t group)
{
	struct node *node;
	int error = find_open(fd, &node);

	return error ? error : set_owner(node, user, group);
}
