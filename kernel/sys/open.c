/*
 * open.c - openat(2), and the length of files.
 */
#include "kernel/sys/path.h"

#include "kernel/abi/errno.h"
#include "kernel/dev/fd.h"
#include "kernel/dev/pty.h"
#include "kernel/fs/inotify.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"

#define OPEN_FLAGS	(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | \
			 O_APPEND | O_NONBLOCK | O_DIRECTORY | O_NOFOLLOW | \
			 O_CLOEXEC | O_SYNC)
/* The flags that stay with the open file. */
#define KEPT_FLAGS	(O_ACCMODE | O_APPEND | O_NONBLOCK | O_SYNC)

#define PERMISSIONS	07777u

/* ---- Length -------------------------------------------------------------- */

/* [own] */
struct length {
	struct node *node;
	off_t bytes;
	uint32_t pages;			/* before the last attempt */
};

static long attempt_truncate(void *context)
{
	struct length *length = context;
	struct object *object = &length->node->object;

	length->pages = contents_page_count(node_bytes(length->node));
	return object->ops->truncate(object, length->bytes);
}

/* First pages leave the file, then the mappings. */
static int truncate_part(struct length *length)
{
	int result = fs_try(attempt_truncate, length);

	if (result >= 0)
		source_unmap(&length->node->source, contents_page_count(
			     node_bytes(length->node)), length->pages, NULL);
	return result;
}

/* Set the length of a regular file; the caller holds a reference. May wait. 0
 * or the error of ops->truncate.
 *
 * The mutex keeps the file from growing meanwhile. Else a program could store
 * into a new page through a mapping that still has the old page. */
static int truncate_node(struct node *node, off_t bytes)
{
	struct length length = { .node = node, .bytes = bytes };
	int result = acquire_mutex(&node->mutex, FOREVER);

	if (result)
		return result;
	while ((result = truncate_part(&length)) > 0)
		sched_point();
	release_mutex(&node->mutex);
	return result;
}

/* ---- Opening ------------------------------------------------------------- */

static int access_wanted(int flags)
{
	static const int wanted[] = {
		[O_RDONLY] = R_OK, [O_WRONLY] = W_OK, [O_RDWR] = R_OK | W_OK,
		[O_EXEC] = X_OK,
	};

	return wanted[flags & O_ACCMODE] | (flags & O_TRUNC ? W_OK : 0);
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
	int how = access_wanted(flags);
	int error;

	if (flags & O_CREAT && flags & O_EXCL)
		return -EEXIST;
	if (node->kind == NODE_LINK)	/* O_NOFOLLOW */
		return -ELOOP;
	if (flags & O_DIRECTORY && !node_is_directory(node))
		return -ENOTDIR;
	if (node_is_directory(node) && (flags & O_CREAT || how & W_OK))
		return -EISDIR;
	if (how & X_OK && !node_is_directory(node) && !node_is_regular(node))
		return -EINVAL;
	error = node_may(process_current(), node, how);
	if (!error && how & W_OK && node_is_regular(node) &&
	    node->fs->is_read_only)
		error = -EROFS;
	if (!error && how & W_OK && is_running(node))
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
	long fd = fd_of_node(node);

	if (fd >= 0)
		return fd_open(fd, flags);
	fd = node_open(node, flags, &object);
	if (fd < 0)
		return fd;
	fd = file_open(object, flags & KEPT_FLAGS, &file);
	object_put(object);
	if (fd < 0)
		return fd;
	if (object == node_object(node))
		inotify_node(node, IN_OPEN);
	fd = file_meet(file);
	if (fd == 0)
		fd = descriptor_install(file, 0, flags & O_CLOEXEC);
	if (fd < 0)
		file_put(file);
	else if (!(flags & O_NOCTTY))
		pty_was_opened(object);
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
	truncate_node(node, 0);
	node_put(node);
	return fd;
}

static long open_new(struct place *place, int flags, mode_t mode)
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
	if (fd < 0 && entry_look(place) == 0)
		entry_remove(place);
	return fd;
}

/* [own] */
struct opening {
	int flags;
	mode_t mode;
};

static long open_place(const struct place *place, void *context)
{
	const struct opening *opening = context;
	struct place new = *place;

	if (place->node)
		return open_existing(place->node, opening->flags);
	return open_new(&new, opening->flags, opening->mode);
}

long sys_openat(int fd, uaddr_t path, int flags, mode_t mode)
{
	bool is_exclusive = flags & O_CREAT && flags & O_EXCL;
	struct opening opening = { flags, mode };

	if (flags & ~OPEN_FLAGS)
		return -EINVAL;
	if (flags & O_CREAT && flags & O_DIRECTORY)
		return -EINVAL;
	return path_call(fd, path, !is_exclusive && !(flags & O_NOFOLLOW),
			 open_place, &opening);
}

/* ---- Truncation ---------------------------------------------------------- */

static long find_to_truncate(const struct place *place, void *context)
{
	struct node **node = context;
	long error = place->node ? may_open(place->node, O_WRONLY) : -ENOENT;

	if (error)
		return error;
	if (!node_is_regular(place->node))
		return -EINVAL;
	*node = place->node;
	node_get(place->node);
	return 0;
}

long sys_truncate(uaddr_t path, uint32_t low, uint32_t high)
{
	struct node *node;
	long error = path_call(AT_FDCWD, path, true, find_to_truncate, &node);

	if (error)
		return error;
	error = truncate_node(node, syscall_offset(low, high));
	node_put(node);
	return error;
}

long sys_ftruncate(int fd, uint32_t low, uint32_t high)
{
	struct open_file *file = descriptor_file(fd);
	int error;

	if (!file)
		return -EBADF;
	if (!file_can_write(file) || !file->object->ops->truncate)
		return -EINVAL;
	file_get(file);			/* a thread may close fd meanwhile */
	error = truncate_node(node_of(file->object),
			      syscall_offset(low, high));
	file_put(file);
	return error;
}
