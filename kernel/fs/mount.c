/*
 * mount.c - several file systems in one tree.
 *
 * A mount puts the root of a file system in place of the node of an entry. So a
 * walk along a path pays nothing for mounts: the entry leads to the root, and
 * the root's first entry leads back up. The covered directory waits in the
 * struct until umount(2). Only an empty directory that no process uses can be
 * covered, and only an unused file system can go. If the machine has a disk
 * with a known format, the boot mounts the disk at /data.
 */
#include "kernel/fs/node.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/cache.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"

#define DISK_NAME	"data"

struct list file_systems = LIST_INIT(file_systems);
static struct list types = LIST_INIT(types);	/* [P] */
static dev_t last_device = 1;			/* [P] the root's */

void file_system_register(struct file_system_type *type)
{
	list_append(&types, &type->all);
}

static const struct file_system_type *find_type(const char *name)
{
	const struct file_system_type *type;

	LIST_FOR_EACH(type, &types, all)
		if (strcmp(type->name, name) == 0)
			return type;
	return NULL;
}

/* Let the entry lead to `to`, which gets a reference, in place of `from`, which
 * keeps the reference of the entry. */
static void turn(struct entry *entry, struct node *to)
{
	list_remove(&entry->of_node);
	node_get(to);
	entry->node = to;
	list_append(&to->entries, &entry->of_node);
}

static int may_cover(const struct place *place)
{
	const struct node *node = place->node;

	if (!node)
		return -ENOENT;
	if (!node_is_directory(node))
		return -ENOTDIR;
	if (!place->entry || node == node->fs->root || node->is_fixed ||
	    node->is_for_objects || node->object.refs > 1)
		return -EBUSY;
	return 0;
}

int tree_mount(const struct place *place, const struct mount_call *call)
{
	const struct file_system_type *type = find_type(call->type);
	struct file_system *fs;
	int error = type ? may_cover(place) : -ENODEV;

	if (!error)
		error = type->mount(call->source, call->is_read_only, &fs);
	if (error)
		return error;
	fs->type = type->name;
	fs->device = ++last_device;
	fs->is_read_only |= call->is_read_only;
	strlcpy(fs->source, call->source, sizeof(fs->source));
	fs->entry = place->entry;
	fs->covered = place->node;
	turn(fs->entry, fs->root);
	list_append(&file_systems, &fs->all);
	return 0;
}

/* 0, or why the file system cannot go; 1: ask again. */
static int may_go(struct file_system *fs)
{
	int error = fs->ops->forget ? fs->ops->forget(fs) : 0;

	if (error)
		return error;
	return fs->nodes > 1 || fs->root->object.refs > 2 ? -EBUSY : 0;
}

int tree_unmount(struct node *root, struct file_system **out)
{
	struct file_system *fs = root->fs;
	int error;

	if (root != fs->root)
		return -EINVAL;
	if (root == node_root())
		return -EBUSY;
	error = may_go(fs);
	if (error)
		return error;
	turn(fs->entry, fs->covered);
	node_put(fs->covered);
	list_remove(&fs->all);
	node_put(root);
	*out = fs;
	return 0;
}

static long attempt_unmount(void *fs)
{
	return ((struct file_system *)fs)->ops->unmount(fs);
}

long fs_unmount(struct file_system *fs)
{
	return fs_try(attempt_unmount, fs);
}

int fs_sync(struct file_system *fs, struct node *node, uint32_t *until)
{
	return fs->ops->sync ? fs->ops->sync(fs, node, until) : 0;
}

int fs_statvfs(struct file_system *fs, struct statvfs *status)
{
	memset(status, 0, sizeof(*status));
	status->f_bsize = status->f_frsize = PAGE_SIZE;
	status->f_fsid = fs->device;
	status->f_flag = fs->is_read_only ? ST_RDONLY : 0;
	status->f_namemax = NAME_MAX;
	return fs->ops->statvfs(fs, status);
}

/* ---- The memory file system --------------------------------------------- */

static int memory_mount(const char *source, bool is_read_only,
			struct file_system **out)
{
	struct file_system *fs = heap_alloc(sizeof(*fs));

	(void)source, (void)is_read_only;
	if (!fs)
		return -ENOMEM;
	memset(fs, 0, sizeof(*fs));
	fs->ops = memory_root.ops;
	fs->root = fs->ops->create(fs, S_IFDIR | 0755);
	if (!fs->root) {
		heap_free(fs);
		return -ENOMEM;
	}
	fs->root->links++;		/* the entry it covers */
	*out = fs;
	return 0;
}

static struct file_system_type memory_type = {
	.name = "memory", .mount = memory_mount,
};

void mount_init(struct node *root)
{
	memory_root.root = root;
	list_append(&file_systems, &memory_root.all);
	file_system_register(&memory_type);
}

/* ---- The disk ----------------------------------------------------------- */

static long attempt_mount(void *unused)
{
	static const struct mount_call call = { "/dev/disk", "ext3", false };
	struct place place = place_in(node_root(), DISK_NAME);

	(void)unused;
	return tree_mount(&place, &call);
}

void fs_mount_disk(void)
{
	struct place place = place_in(node_root(), DISK_NAME);
	struct node *node = place.node;
	int error = 0;

	if (cache_disk_blocks() == 0)
		return;
	if (!node)
		error = tree_create(&place, S_IFDIR | 0755, &node);
	if (!error)
		error = fs_try(attempt_mount, NULL);
	if (!error)
		return;
	printk("the disk is not mounted: error %d\n", -error);
	place = place_in(node_root(), DISK_NAME);
	if (place.node)
		tree_remove_directory(&place);
}

void fs_end(void)
{
	struct file_system *fs;

	LIST_FOR_EACH(fs, &file_systems, all)
		if (fs->ops->sync && fs_unmount(fs) != 0)
			printk("%s: not all bytes are on the disk\n",
			       fs->source);
}
