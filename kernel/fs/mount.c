/*
 * mount.c - several file systems in one tree.
 *
 * A mount puts the root of a file system in the place of a directory: the entry
 * of the directory now leads to the root. So a walk along a path pays nothing
 * for mounts. If the machine has a disk with a known format, the boot mounts
 * the disk at /data.
 */
#include "kernel/fs/node.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/cache.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"

#define DISK_NAME	"data"

struct list file_systems = LIST_INIT(file_systems);
static struct list types = LIST_INIT(types);	/* [P] */

void file_system_register(struct file_system_type *type)
{
	list_append(&types, &type->all);
}

/* Let the entry lead to the root of the file system. */
static void cover(struct entry *entry, struct file_system *fs)
{
	fs->entry = entry;
	fs->covered = entry->node;
	list_remove(&entry->of_node);
	entry->node = fs->root;
	list_append(&fs->root->entries, &entry->of_node);
	node_get(fs->root);
	list_append(&file_systems, &fs->all);
}

int tree_mount(const struct place *place, const struct mount_call *call)
{
	struct file_system_type *type;
	struct file_system *fs;
	int error = -ENODEV;

	LIST_FOR_EACH(type, &types, all)
		if (strcmp(type->name, call->type) == 0)
			error = type->mount(call->source, call->is_read_only,
					    &fs);
	if (!error)
		cover(place->entry, fs);
	return error;
}

int fs_sync(struct file_system *fs, struct node *node)
{
	return fs->ops->sync ? fs->ops->sync(fs, node) : 0;
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

static long attempt_end(void *fs)
{
	return ((struct file_system *)fs)->ops->unmount(fs);
}

void fs_end(void)
{
	struct file_system *fs;

	LIST_FOR_EACH(fs, &file_systems, all)
		if (fs_try(attempt_end, fs) != 0)
			printk("%s: not all bytes are on the disk\n",
			       fs->source);
}
