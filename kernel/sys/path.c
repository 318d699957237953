/*
 * path.c - the system calls that name a file by its path.
 *
 * The path is fetched from user memory once. Then kernel/fs finds the place of
 * the path, and the rest of the call works on this place. Nothing sleeps in
 * between, so a check is still true when the call relies on the result.
 */
#include "kernel/sys/syscalls.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/fs/node.h"
#include "kernel/ipc/fifo.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/attributes.h"
#include "kernel/task/process.h"

#define OPEN_FLAGS	(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | \
			 O_APPEND | O_NONBLOCK | O_DIRECTORY | O_CLOEXEC)
/* The flags that stay with the open file. */
#define KEPT_FLAGS	(O_ACCMODE | O_APPEND | O_NONBLOCK)

#define PERMISSIONS	07777u

/* ---- Paths from user memory ------------------------------------------ */

/* The place of a path in user memory; the bytes are copied to `path`, which has
 * to stay as long as the place is used. */
static int find(uaddr_t user_path, char path[PATH_MAX], struct place *place)
{
	ssize_t length = copy_string_from_user(path, user_path, PATH_MAX);

	return length < 0 ? length : path_find(NULL, path, place);
}

/* The node of a path, which must be there; no reference is taken. */
static int find_node(uaddr_t user_path, struct node **out)
{
	char path[PATH_MAX];
	struct place place;
	int error = find(user_path, path, &place);

	if (error)
		return error;
	*out = place.node;
	return place.node ? 0 : -ENOENT;
}

/* ---- open ------------------------------------------------------------ */

static int access_wanted(int flags)
{
	int how = 0;

	if ((flags & O_ACCMODE) != O_WRONLY)
		how |= R_OK;
	if ((flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC)
		how |= W_OK;
	return how;
}

/* Is the node the program of a process? The pages of a program are mapped, not
 * copied: a write or a truncation would change the running process. */
static bool is_running(const struct node *node)
{
	const struct process *process;

	if (!node_is_regular(node) || list_is_empty(&node->source.regions))
		return false;
	LIST_FOR_EACH(process, &process_list, all)
		if (process->image == &node->object)
			return true;
	return false;
}

static int may_open(const struct node *node, int flags)
{
	int error;

	if (flags & O_CREAT && flags & O_EXCL)
		return -EEXIST;
	if (flags & O_DIRECTORY && !node_is_directory(node))
		return -ENOTDIR;
	if (node_is_directory(node) &&
	    (flags & O_CREAT || access_wanted(flags) & W_OK))
		return -EISDIR;
	error = node_may(process_current(), node, access_wanted(flags));
	if (!error && access_wanted(flags) & W_OK && is_running(node))
		error = -ETXTBSY;
	return error;
}

static int may_create(const struct place *place, int flags)
{
	if (!(flags & O_CREAT))
		return -ENOENT;
	return place->has_slash ? -EISDIR : 0;
}

/* Open an existing node, and make a descriptor. The open of a FIFO may sleep,
 * and the node may be gone afterwards. */
static long open_node(struct node *node, int flags)
{
	struct object *object;
	struct open_file *file;
	long fd = node_open(node, flags, &object);

	if (fd < 0)
		return fd;
	fd = file_open(object, flags & KEPT_FLAGS, &file);
	object_put(object);
	if (fd < 0)
		return fd;
	fd = file_meet(file);
	if (fd == 0)
		fd = descriptor_install(file, 0, flags & O_CLOEXEC);
	if (fd < 0)
		file_put(file);
	return fd;
}

static long open_existing(struct node *node, int flags)
{
	bool has_length = node_is_regular(node);
	long fd = may_open(node, flags);

	if (fd == 0)
		fd = open_node(node, flags);
	if (fd < 0 || !(flags & O_TRUNC) || !has_length)
		return fd;
	node_get(node);			/* a thread may close fd meanwhile */
	while (regular_ops.truncate(node_object(node), 0) > 0)
		sched_point();
	node_put(node);
	return fd;
}

static long open_new(const struct place *place, int flags, mode_t mode)
{
	struct node *node;
	long fd = may_create(place, flags);

	if (fd)
		return fd;
	mode &= PERMISSIONS & ~process_current()->umask;
	fd = tree_create(place, S_IFREG | mode, &node);
	if (fd)
		return fd;
	fd = open_node(node, flags);
	if (fd < 0)
		node_unlink(node);
	return fd;
}

long sys_open(uaddr_t user_path, int flags, mode_t mode)
{
	char path[PATH_MAX];
	struct place place;
	int error;

	if (flags & ~OPEN_FLAGS || (flags & O_ACCMODE) == O_ACCMODE)
		return -EINVAL;
	if (flags & O_CREAT && flags & O_DIRECTORY)
		return -EINVAL;
	error = find(user_path, path, &place);
	if (error)
		return error;
	if (place.node)
		return open_existing(place.node, flags);
	return open_new(&place, flags, mode);
}

/* ---- The names ------------------------------------------------------- */

long sys_mkdir(uaddr_t user_path, mode_t mode)
{
	char path[PATH_MAX];
	struct place place;
	struct node *node;
	int error = find(user_path, path, &place);

	if (error)
		return error;
	if (place.node)
		return -EEXIST;
	mode &= 0777u & ~process_current()->umask;
	return tree_create(&place, S_IFDIR | mode, &node);
}

long sys_mkfifo(uaddr_t user_path, mode_t mode)
{
	char path[PATH_MAX];
	struct place place;
	int error = find(user_path, path, &place);

	if (error)
		return error;
	if (place.node)
		return -EEXIST;
	if (place.has_slash)
		return -ENOENT;
	mode &= 0777u & ~process_current()->umask;
	return tree_add(&place, fifo_create_node(mode));
}

long sys_rmdir(uaddr_t user_path)
{
	char path[PATH_MAX];
	struct place place;
	int error = find(user_path, path, &place);

	return error ? error : tree_remove_directory(&place);
}

long sys_unlink(uaddr_t user_path)
{
	char path[PATH_MAX];
	struct place place;
	int error = find(user_path, path, &place);

	return error ? error : tree_unlink(&place);
}

/* Two paths would take a quarter of the kernel stack: they come from the
 * heap. */
long sys_rename(uaddr_t from, uaddr_t to)
{
	char *paths = heap_alloc(2 * PATH_MAX);
	struct place from_place, to_place;
	int error;

	if (!paths)
		return -ENOMEM;
	error = find(from, paths, &from_place);
	if (!error && !from_place.node)
		error = -ENOENT;
	if (!error)
		error = find(to, paths + PATH_MAX, &to_place);
	if (!error)
		error = tree_rename(&from_place, &to_place);
	heap_free(paths);
	return error;
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

long sys_chdir(uaddr_t user_path)
{
	struct node *node;
	int error = find_node(user_path, &node);

	return error ? error : change_directory(node);
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

/* ---- Facts about a file ---------------------------------------------- */

long sys_stat(uaddr_t user_path, uaddr_t status)
{
	struct stat result;
	struct node *node;
	int error = find_node(user_path, &node);

	if (error)
		return error;
	memset(&result, 0, sizeof(result));
	node_stat(node_object(node), &result);
	return copy_to_user(status, &result, sizeof(result));
}

long sys_access(uaddr_t user_path, int how)
{
	struct node *node;
	int error;

	if (how & ~(R_OK | W_OK | X_OK))
		return -EINVAL;
	error = find_node(user_path, &node);
	return error ? error : node_may(process_current(), node, how);
}

long sys_umask(mode_t mask)
{
	mode_t old = process_current()->umask;

	process_current()->umask = mask & 0777;
	return old;
}
