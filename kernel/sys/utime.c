/*
 * utime.c - the system call that sets the times of a file.
 *
 * It names the file in one of two ways: by a path seen from a directory, or by
 * a descriptor alone.
 */
#include "kernel/sys/syscalls.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/fs/node.h"
#include "kernel/obj/descriptor.h"

static bool is_valid_time(const struct timespec *time)
{
	return time->tv_nsec == UTIME_NOW || time->tv_nsec == UTIME_OMIT ||
	       (time->tv_nsec >= 0 && time->tv_nsec < (long)NSEC_PER_SEC);
}

static void set_time(node_time *time, const struct timespec *wanted,
		     node_time now)
{
	/* Later than what 64 bits of nanoseconds hold is cut to that. */
	const time_t latest = INT64_MAX / (int64_t)NSEC_PER_SEC - 1;
	time_t seconds = MIN(MAX(wanted->tv_sec, -latest), latest);

	if (wanted->tv_nsec == UTIME_NOW)
		*time = now;
	else if (wanted->tv_nsec != UTIME_OMIT)
		*time = seconds * (node_time)NSEC_PER_SEC + wanted->tv_nsec;
}

/* The node that fd is open on; NULL if that is not in the tree. */
static struct node *node_of_descriptor(int fd)
{
	struct open_file *file = descriptor_file(fd);

	return file && file->object->ops->stat == node_stat ?
		node_of(file->object) : NULL;
}

/* The node that utimensat() means: path seen from the directory fd, or without
 * a path what fd is open on. */
static int find_timed(int fd, uaddr_t user_path, struct node **out)
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
	error = find_timed(fd, path, &node);
	if (error)
		return error;
	set_time(&node->accessed, &times[0], now);
	set_time(&node->modified, &times[1], now);
	node->changed = now;
	return 0;
}
