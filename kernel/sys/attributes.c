/*
 * attributes.c - the system calls that set the attributes of a file: mode,
 * owner, times.
 *
 * A call names the file in two ways: by a path, which may be relative to an
 * open directory, or by a descriptor alone. Here are also stat and access by
 * path.
 */
#include "kernel/sys/path.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
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

/* By descriptor: only a node of the file tree has attributes to change. */
static int find_open(int fd, struct node **out)
{
	if (!descriptor_file(fd))
		return -EBADF;
	*out = node_of_descriptor(fd);
	return *out ? 0 : -EINVAL;
}

static int may_change(const struct node *node)
{
	return node->fs->is_read_only ? -EROFS : 0;
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

static int set_times(struct node *node, const struct timespec *times)
{
	node_time now = node_now();
	int error = may_change(node);

	if (!error)
		error = may_set_times(node, times);
	if (error)
		return error;
	set_time(&node->accessed, &times[0], now);
	set_time(&node->modified, &times[1], now);
	node_was_set(node);
	return 0;
}

static long set_times_at(const struct place *place, void *times)
{
	return place->node ? set_times(place->node, times) : -ENOENT;
}

/* Without a path: the times of the file behind fd. */
long sys_utimensat(int fd, uaddr_t path, uaddr_t user_times, int flags)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_NOW },
				     { .tv_nsec = UTIME_NOW } };
	struct node *node;
	int error;

	if (flags & ~AT_SYMLINK_NOFOLLOW)
		return -EINVAL;
	if (user_times && copy_from_user(times, user_times, sizeof(times)))
		return -EFAULT;
	if (!is_valid_time(&times[0]) || !is_valid_time(&times[1]))
		return -EINVAL;
	if (path)
		return path_call(fd, path, !(flags & AT_SYMLINK_NOFOLLOW),
				 set_times_at, times);
	error = find_open(fd, &node);
	return error ? error : set_times(node, times);
}

/* ---- Mode and owner ----------------------------------------------------- */

static int set_mode(struct node *node, mode_t mode)
{
	int error = may_change(node);

	if (error)
		return error;
	if (!node_is_own(process_current(), node))
		return -EPERM;
	if (node->kind == NODE_LINK)
		return -EOPNOTSUPP;
	if (node_is_regular(node) && !user_is_root(process_current()) &&
	    !user_is_in_group(process_current(), node->gid))
		mode &= ~S_ISGID;
	node->mode = (node->mode & S_IFMT) | (mode & PERMISSIONS);
	node_was_set(node);
	return 0;
}

static long set_mode_at(const struct place *place, void *mode)
{
	return place->node ? set_mode(place->node, *(mode_t *)mode) : -ENOENT;
}

long sys_fchmodat(int fd, uaddr_t path, mode_t mode, int flags)
{
	if (flags & ~AT_SYMLINK_NOFOLLOW)
		return -EINVAL;
	return path_call(fd, path, !flags, set_mode_at, &mode);
}

long sys_fchmod(int fd, mode_t mode)
{
	struct node *node;
	int error = find_open(fd, &node);

	return error ? error : set_mode(node, mode);
}

/* [own] -1 leaves user or group unchanged. */
struct owner {
	uid_t user;
	gid_t group;
};

#define UNCHANGED	((uint32_t)-1)

/* Only root may give a file to another user. The owner may give the file to a
 * group of the process. */
static bool may_give(const struct node *node, const struct owner *owner)
{
	const struct process *process = process_current();

	if (user_is_root(process))
		return true;
	return node_is_own(process, node) &&
	       (owner->user == UNCHANGED || owner->user == node->uid) &&
	       (owner->group == UNCHANGED || owner->group == node->gid ||
		user_is_in_group(process, owner->group));
}

/* A program that gets a new owner or group no longer has their rights. */
static int set_owner(struct node *node, const struct owner *owner)
{
	int error = may_change(node);

	if (error)
		return error;
	if (!may_give(node, owner))
		return -EPERM;
	if (owner->user != UNCHANGED)
		node->uid = owner->user;
	if (owner->group != UNCHANGED)
		node->gid = owner->group;
	node_drop_rights(node);
	node_was_set(node);
	return 0;
}

static long set_owner_at(const struct place *place, void *owner)
{
	return place->node ? set_owner(place->node, owner) : -ENOENT;
}

long sys_fchownat(int fd, uaddr_t path, uid_t user, gid_t group, int flags)
{
	struct owner owner = { user, group };

	if (flags & ~AT_SYMLINK_NOFOLLOW)
		return -EINVAL;
	return path_call(fd, path, !flags, set_owner_at, &owner);
}

long sys_fchown(int fd, uid_t user, gid_t group)
{
	struct owner owner = { user, group };
	struct node *node;
	int error = find_open(fd, &node);

	return error ? error : set_owner(node, &owner);
}

/* ---- Facts -------------------------------------------------------------- */

static long stat_at(const struct place *place, void *status)
{
	return place->node ? node_stat(&place->node->object, status) : -ENOENT;
}

long sys_fstatat(int fd, uaddr_t path, uaddr_t status, int flags)
{
	struct stat result;
	long error;

	if (flags & ~AT_SYMLINK_NOFOLLOW)
		return -EINVAL;
	memset(&result, 0, sizeof(result));
	error = path_call(fd, path, !flags, stat_at, &result);
	return error ? error : copy_to_user(status, &result, sizeof(result));
}

static long access_at(const struct place *place, void *how)
{
	return place->node ? node_may(process_current(), place->node,
				      *(int *)how) : -ENOENT;
}

/* Real and effective user are the same to this call. */
long sys_faccessat(int fd, uaddr_t path, int how, int flags)
{
	if (how & ~(R_OK | W_OK | X_OK) ||
	    flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW))
		return -EINVAL;
	return path_call(fd, path, !(flags & AT_SYMLINK_NOFOLLOW), access_at,
			 &how);
}
