/*
 * node.c - nodes: life, times and facts; the memory file system.
 *
 * The memory file system has few operations: its entries, links and bytes are
 * in the nodes.
 */
#include "kernel/fs/node.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/inotify.h"
#include "kernel/fs/lock.h"
#include "kernel/ipc/fifo.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

#define FIRST_PLACE	2		/* behind "." and ".." */
#define BLOCK_BYTES	512		/* unit of st_blocks */

static struct pool node_pool = POOL_COUNTED("node", sizeof(struct node),
					    ACCOUNT_NAMES);
static ino_t last_number;		/* [P] of the memory file system */

/* ---- Life --------------------------------------------------------------- */

/* A socket's file, or a device of a disk. */
static int open_nothing(struct node *node, uint32_t flags, struct object **out)
{
	(void)node, (void)flags, (void)out;
	return -ENXIO;
}

static enum node_kind kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return NODE_FILE;
	case S_IFDIR:
		return NODE_DIRECTORY;
	case S_IFLNK:
		return NODE_LINK;
	default:
		return NODE_SPECIAL;
	}
}

static void init_kind(struct node *node, mode_t mode)
{
	switch (node->kind) {
	case NODE_FILE:
		page_source_init(&node->source, node->fs->ops->source,
				 &node->object.refs,
				 PROT_READ | PROT_WRITE | PROT_EXEC);
		mutex_init(&node->mutex, &node->object);
		break;
	case NODE_DIRECTORY:
		list_init(&node->children);
		node->last_place = FIRST_PLACE;
		node->links = 1;	/* "." of the directory */
		break;
	case NODE_SPECIAL:
		node->open = (mode & S_IFMT) == S_IFIFO ? fifo_open_node
						  : open_nothing;
		break;
	}
}

void node_init(struct node *node, struct file_system *fs, mode_t mode)
{
	const struct object_ops *const ops[] = {
		&regular_ops, &directory_ops, &link_ops, &special_ops
	};

	node->kind = kind_of(mode);
	object_init(&node->object, ops[node->kind]);
	node->fs = fs;
	fs->nodes++;
	node->mode = mode;
	list_init(&node->entries);
	list_init(&node->watches);
	if (task_current() && process_current()) {
		node->uid = process_current()->identity.user;
		node->gid = process_current()->identity.group;
	}
	node->accessed = node->modified = node->changed = node_now();
	init_kind(node, mode);
}

struct node *memory_create(struct file_system *fs, mode_t mode)
{
	struct node *node = pool_alloc(&node_pool);

	if (node) {
		node_init(node, fs, mode);
		node->number = ++last_number;
	}
	return node;
}

void memory_destroy(struct node *node)
{
	if (node_is_regular(node) &&
	    contents_resize(&node->contents, 0) > 0) {
		object_destroy_later(&node->object);
		return;
	}
	if (node->kind == NODE_LINK)
		heap_free(node->target);
	node_end(node);
	pool_free(&node_pool, node);
}

static int memory_statvfs(struct file_system *fs, struct statvfs *status)
{
	(void)fs;
	status->f_blocks = frame_total;
	status->f_bfree = frame_count[FRAME_FREE];
	status->f_bavail = status->f_bfree - MIN(status->f_bfree,
						 FRAMES_RESERVED);
	status->f_ffree = status->f_favail = status->f_bavail;
	status->f_files = last_number + status->f_ffree;
	return 0;
}

/* Of a further file system in memory: see mount.c. */
static int memory_unmount(struct file_system *fs)
{
	node_put(fs->root);
	heap_free(fs);
	return 0;
}

static const struct node_ops memory_ops = {
	.create = memory_create,
	.destroy = memory_destroy,
	.list = directory_list,
	.read = memory_read,
	.write = memory_write,
	.resize = memory_resize,
	.largest = CONTENTS_LARGEST,
	.source = &memory_source_ops,
	.statvfs = memory_statvfs,
	.unmount = memory_unmount,
};

struct file_system memory_root = {
	.ops = &memory_ops, .type = "memory", .device = 1, .source = "none",
};

struct node *node_create(mode_t mode)
{
	return memory_create(&memory_root, mode);
}

/* The kind is special, whatever the mode says: a text of /proc is no file. */
struct node *node_create_special(mode_t mode, node_opener *open, void *data)
{
	struct node *node = memory_create(&memory_root, S_IFCHR);

	if (node) {
		node->mode = mode;
		node->open = open;
		node->data = data;
	}
	return node;
}

void node_end(struct node *node)
{
	ASSERT(list_is_empty(&node->entries));
	node->fs->nodes--;
}

void node_destroy(struct object *object)
{
	struct node *node = node_of(object);

	node->fs->ops->destroy(node);
}

void node_get(struct node *node)
{
	object_get(&node->object);
}

void node_put(struct node *node)
{
	object_put(&node->object);
}

struct object *node_object(struct node *node)
{
	return &node->object;
}

/* ---- Times and facts ---------------------------------------------------- */

node_time node_now(void)
{
	return arch_boot_time() * (node_time)NSEC_PER_SEC + arch_now_ns();
}

/* Let the file system write the facts about the node, some time. */
static void keep_facts(struct node *node)
{
	if (node->fs->ops->changed)
		node->fs->ops->changed(node);
}

/* As on most systems, a read notes the time only if the file has changed since
 * the last noted read. */
void node_was_read(struct node *node)
{
	if (node->accessed <= node->modified && !node->fs->is_read_only) {
		node->accessed = node_now();
		keep_facts(node);
	}
}

void node_drop_rights(struct node *node)
{
	if (node_is_regular(node))
		node->mode &= ~(S_ISUID | S_ISGID);
}

/* What a user without the rights of root has written does not run with the
 * rights of the file's owner. */
void node_was_modified(struct node *node)
{
	if (task_current() && process_current() &&
	    !user_is_root(process_current()))
		node_drop_rights(node);
	node->modified = node_now();
	node_was_changed(node);
	if (node_is_regular(node))
		inotify_node(node, IN_MODIFY);
}

void node_close(struct open_file *file)
{
	struct node *node = node_of(file->object);

	lock_close(file);
	inotify_node(node, file_can_write(file) ? IN_CLOSE_WRITE
						: IN_CLOSE_NOWRITE);
	if (node->links == 0)
		inotify_node_ends(node);
}

void node_was_changed(struct node *node)
{
	node->changed = node_now();
	keep_facts(node);
}

void node_was_set(struct node *node)
{
	node_was_changed(node);
	inotify_node(node, IN_ATTRIB);
}

/* The time before 1970 has negative seconds and positive nanoseconds. */
static struct timespec to_timespec(node_time time)
{
	struct timespec result;

	result.tv_sec = time / (node_time)NSEC_PER_SEC;
	result.tv_nsec = time - result.tv_sec * (node_time)NSEC_PER_SEC;
	if (result.tv_nsec < 0) {
		result.tv_nsec += NSEC_PER_SEC;
		result.tv_sec--;
	}
	return result;
}

static bool has_contents(const struct node *node)
{
	return node->kind == NODE_FILE &&
	       node->fs->ops->source == &memory_source_ops;
}

int node_stat(struct object *object, struct stat *status)
{
	const struct node *node = node_of(object);

	status->st_dev = node->fs->device;
	status->st_ino = node->number;
	status->st_mode = node->mode;
	status->st_nlink = node->links;
	status->st_uid = node->uid;
	status->st_gid = node->gid;
	status->st_size = node_bytes(node);
	status->st_blksize = PAGE_SIZE;
	status->st_blocks = has_contents(node)
		? contents_pages(&node->contents) * (PAGE_SIZE / BLOCK_BYTES)
		: node->blocks;
	if ((node->mode & S_IFMT) == S_IFCHR)
		status->st_rdev = node->number;
	status->st_atim = to_timespec(node->accessed);
	status->st_mtim = to_timespec(node->modified);
	status->st_ctim = to_timespec(node->changed);
	return 0;
}

bool node_is_regular(const struct node *node)
{
	return node->kind == NODE_FILE;
}

off_t node_bytes(const struct node *node)
{
	if (node->kind == NODE_LINK && node->target)
		return strlen(node->target);
	return has_contents(node) ? (off_t)node->contents.bytes : node->bytes;
}

/* Root may use every directory; else kernel/task/user.c decides. */
int node_may(const struct process *process, const struct node *node, int how)
{
	if (!process || (node_is_directory(node) && user_is_root(process)))
		return 0;
	return user_may_use(process, node->uid, node->gid, node->mode, how);
}

bool node_is_own(const struct process *process, const struct node *node)
{
	return !process || user_is_root(process) ||
	       process->identity.user == node->uid;
}
