/*
 * path.c - the system calls that change names.
 *
 * The path is fetched from user memory once. Then each attempt finds the place
 * of the path and acts on the place. Nothing sleeps in between, so a check is
 * still true when the call relies on the result. A call that needs a block of a
 * disk waits and makes the attempt again: kernel/fs/attempt.c.
 */
#include "kernel/sys/path.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"

/* ---- From a path to a place ------------------------------------------ */

struct node *node_of_file(const struct open_file *file)
{
	return file->object->ops->stat == node_stat ? node_of(file->object)
						     : NULL;
}

struct node *node_of_descriptor(int fd)
{
	struct open_file *file = descriptor_file(fd);

	return file ? node_of_file(file) : NULL;
}

/* Where a relative path begins; NULL: at the working directory. */
static int starting_point(int fd, const char *path, struct node **start)
{
	*start = NULL;
	if (fd == AT_FDCWD || path[0] == '/')
		return 0;
	if (!descriptor_file(fd))
		return -EBADF;
	*start = node_of_descriptor(fd);
	return *start && node_is_directory(*start) ? 0 : -ENOTDIR;
}

static int find(int fd, const char *path, bool follow, struct place *place)
{
	struct node *start;
	int error = starting_point(fd, path, &start);

	if (error)
		return error;
	return follow ? path_follow(start, path, place)
		      : path_find(start, path, place);
}

/* [own] */
struct path_attempt {
	int fd;
	bool follow;
	const char *path;
	path_action *act;
	void *context;
};

static long attempt_path(void *context)
{
	const struct path_attempt *attempt = context;
	struct place place;
	int error = find(attempt->fd, attempt->path, attempt->follow, &place);

	return error ? error : attempt->act(&place, attempt->context);
}

long path_call(int fd, uaddr_t user_path, bool follow, path_action *act,
	       void *context)
{
	char path[PATH_MAX];
	struct path_attempt attempt = { fd, follow, path, act, context };
	ssize_t length = copy_string_from_user(path, user_path, PATH_MAX);

	sched_point();			/* the copy and the walk can be long */
	return length < 0 ? length : fs_try(attempt_path, &attempt);
}

/* ---- New names ------------------------------------------------------- */

static long create(const struct place *place, void *context)
{
	mode_t mode = *(const mode_t *)context;
	struct node *node;

	if (place->node)
		return -EEXIST;
	if (place->has_slash && (mode & S_IFMT) != S_IFDIR)
		return -ENOENT;
	return tree_create(place, mode, &node);
}

static mode_t without_umask(mode_t mode)
{
	return mode & 0777u & ~process_current()->umask;
}

long sys_mkdirat(int fd, uaddr_t path, mode_t mode)
{
	mode = S_IFDIR | (mode & S_ISVTX) | without_umask(mode);
	return path_call(fd, path, false, create, &mode);
}

/* Devices are made by drivers, sockets by bind(). */
long sys_mknodat(int fd, uaddr_t path, mode_t mode, dev_t device)
{
	mode_t type = mode & S_IFMT ? mode & S_IFMT : S_IFREG;

	if (type != S_IFIFO && type != S_IFREG)
		return type == S_IFCHR || type == S_IFBLK ? -EPERM : -EINVAL;
	if (device)
		return -EINVAL;
	mode = type | without_umask(mode);
	return path_call(fd, path, false, create, &mode);
}

static long make_symlink(const struct place *place, void *target)
{
	if (place->node)
		return -EEXIST;
	return place->has_slash ? -ENOENT : tree_symlink(place, target);
}

/* Two paths would take a quarter of the kernel stack: one comes from the
 * heap. */
long sys_symlinkat(uaddr_t user_target, int fd, uaddr_t path)
{
	char *target = heap_alloc(PATH_MAX);
	long result;

	if (!target)
		return -ENOMEM;
	result = copy_string_from_user(target, user_target, PATH_MAX);
	if (result == 0)
		result = -ENOENT;
	sched_point();			/* each copy can be long */
	if (result > 0)
		result = path_call(fd, path, false, make_symlink, target);
	heap_free(target);
	return result;
}

/* [own] */
struct link_read {
	uaddr_t buffer;
	size_t bytes;
};

static long read_link(const struct place *place, void *context)
{
	const struct link_read *read = context;
	struct node *link = place->node;
	size_t length;
	int error = 0;

	if (!link || link->kind != NODE_LINK)
		return link ? -EINVAL : -ENOENT;
	if (!link->target)
		error = link->fs->ops->read_link(link);
	if (error)
		return error;
	length = MIN(strlen(link->target), read->bytes);
	return copy_to_user(read->buffer, link->target, length) ? -EFAULT
								: (long)length;
}

long sys_readlinkat(int fd, uaddr_t path, uaddr_t buffer, size_t bytes)
{
	struct link_read read = { buffer, bytes };

	if (bytes == 0)
		return -EINVAL;
	return path_call(fd, path, false, read_link, &read);
}

/* ---- Two paths ------------------------------------------------------- */

/* [own] */
struct pair {
	int fds[2];
	bool follow;			/* a symbolic link as the first */
	int (*act)(const struct place *from, const struct place *to);
	char *paths[2];
};

static long attempt_pair(void *context)
{
	const struct pair *pair = context;
	struct place from, to;
	int error = find(pair->fds[0], pair->paths[0], pair->follow, &from);

	if (!error && !from.node)
		error = -ENOENT;
	if (!error)
		error = find(pair->fds[1], pair->paths[1], false, &to);
	return error ? error : pair->act(&from, &to);
}

static long act_on_pair(struct pair *pair, uaddr_t from, uaddr_t to)
{
	char *paths = heap_alloc(2 * PATH_MAX);
	long result;

	if (!paths)
		return -ENOMEM;
	pair->paths[0] = paths;
	pair->paths[1] = paths + PATH_MAX;
	result = copy_string_from_user(pair->paths[0], from, PATH_MAX);
	if (result >= 0)
		result = copy_string_from_user(pair->paths[1], to, PATH_MAX);
	sched_point();			/* the copies can be long */
	if (result >= 0)
		result = fs_try(attempt_pair, pair);
	heap_free(paths);
	return result;
}

long sys_renameat(int from_fd, uaddr_t from, int to_fd, uaddr_t to)
{
	struct pair pair = { .fds = { from_fd, to_fd }, .act = tree_rename };

	return act_on_pair(&pair, from, to);
}

long sys_linkat(int from_fd, uaddr_t from, int to_fd, uaddr_t to, int flags)
{
	struct pair pair = { .fds = { from_fd, to_fd }, .act = tree_link,
			     .follow = flags & AT_SYMLINK_FOLLOW };

	if (flags & ~AT_SYMLINK_FOLLOW)
		return -EINVAL;
	return act_on_pair(&pair, from, to);
}

/* ---- Names go -------------------------------------------------------- */

static long remove_name(const struct place *place, void *flags)
{
	return *(int *)flags & AT_REMOVEDIR ? tree_remove_directory(place)
					    : tree_unlink(place);
}

long sys_unlinkat(int fd, uaddr_t path, int flags)
{
	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	return path_call(fd, path, false, remove_name, &flags);
}

/* ---- The working directory ------------------------------------------- */

static int change_directory(struct node *node)
{
	struct process *process = process_current();
	struct object *old = process->directory;
	int error = node_is_directory(node) ? node_may(process, node, X_OK)
					    : -ENOTDIR;

	if (error)
		return error;
	node_get(node);
	process->directory = node_object(node);
	if (old)
		object_put(old);
	return 0;
}

static long go_to(const struct place *place, void *unused)
{
	(void)unused;
	return place->node ? change_directory(place->node) : -ENOENT;
}

long sys_chdir(uaddr_t path)
{
	return path_call(AT_FDCWD, path, true, go_to, NULL);
}

long sys_fchdir(int fd)
{
	struct node *node = node_of_descriptor(fd);

	if (!descriptor_file(fd))
		return -EBADF;
	return node ? change_directory(node) : -ENOTDIR;
}

/* The length of the path with the NUL. */
long sys_getcwd(uaddr_t buffer, size_t bytes)
{
	struct object *directory = process_current()->directory;
	char path[PATH_MAX];
	ssize_t length;

	if (bytes == 0)
		return -EINVAL;
	length = node_path(directory ? node_of(directory) : node_root(), path,
			   MIN(bytes, sizeof(path)));
	if (length < 0)
		return length;
	return copy_to_user(buffer, path, length) ? -EFAULT : length;
}

long sys_umask(mode_t mask)
{
	mode_t old = process_current()->umask;

	process_current()->umask = mask & 0777;
	return old;
}
