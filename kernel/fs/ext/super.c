/*
 * super.c - the disk as a file system: mount, names, unmount.
 *
 * The superblock says which features the disk uses. A driver that does not know
 * a feature of the second kind must not touch the disk; with one of the third
 * kind, it may read. Each unknown feature is named, and the mount is refused or
 * read-only.
 *
 * Each operation on names is one change of the journal: see journal.c.
 */
#include "kernel/fs/ext/ext.h"

#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"

#define SUPER_OFFSET	1024
#define LOG_BLOCK	2	/* 1024 << 2 is BLOCK_BYTES */
#define GROUPS_IN_BLOCK	(BLOCK_BYTES / sizeof(struct ext_group))

struct ext ext;

static int find_super(struct block **block, struct ext_super **super)
{
	int error = cache_get(0, block);

	if (!error)
		*super = (void *)((*block)->bytes + SUPER_OFFSET);
	return error;
}

int super_get(struct ext_super **super)
{
	struct block *block;

	return find_super(&block, super);
}

int super_edit(struct ext_super **super)
{
	struct block *block;

	return find_super(&block, super) ?: journal_edit(block);
}

int super_mark(bool is_in_use)
{
	struct ext_super *super;
	struct block *block;
	int error = CACHE_REPEAT(find_super(&block, &super));

	if (error)
		return error;
	super->incompatible &= ~EXT_RECOVER;
	super->incompatible |= is_in_use ? EXT_RECOVER : 0;
	cache_dirty(block);
	cache_write_dirty();
	return cache_flush();
}

int ext_group(uint32_t number, struct block **block, struct ext_group **group)
{
	int error = cache_get(1 + number / GROUPS_IN_BLOCK, block);

	if (!error)
		*group = (struct ext_group *)(*block)->bytes +
			 number % GROUPS_IN_BLOCK;
	return error;
}

/* ---- Features ----------------------------------------------------------- */

static const char *const must_know[] = {
	"compression", NULL, NULL, "journal_dev", "meta_bg", NULL, "extents",
	"64bit", "mmp", "flex_bg", "ea_inode", NULL, "dirdata", "csum_seed",
	"large_dir", "inline_data", "encrypt", "casefold",
};

static const char *const must_know_to_write[] = {
	NULL, NULL, NULL, "huge_file", "uninit_bg", "dir_nlink", "extra_isize",
	"has_snapshot", "quota", "bigalloc", "metadata_csum", "replica",
	"read-only", "project", "shared_blocks", "verity",
};

/* Say which of these features are unknown. */
static void tell(const char *what, uint32_t features, const char *const names[],
		 unsigned count)
{
	unsigned i;

	for (i = 0; i < 32; i++) {
		if (!(features & 1u << i))
			continue;
		if (i < count && names[i])
			printk("ext3: %s: feature %s\n", what, names[i]);
		else
			printk("ext3: %s: unknown feature, bit %u\n", what, i);
	}
}

static bool is_known(const struct ext_super *super)
{
	uint32_t unknown = super->incompatible & ~(EXT_FILETYPE | EXT_RECOVER);

	if (super->magic != EXT_MAGIC || super->revision == 0)
		printk("ext3: refused: no ext3 on the disk\n");
	else if (unknown)
		tell("refused", unknown, must_know, ARRAY_LENGTH(must_know));
	else if (!(super->incompatible & EXT_FILETYPE))
		printk("ext3: refused: no feature filetype\n");
	else if (super->log_block_bytes != LOG_BLOCK)
		printk("ext3: refused: blocks of %u bytes, not of 4096\n",
		       1024u << MIN(super->log_block_bytes, 20u));
	else if (!(super->compatible & EXT_HAS_JOURNAL))
		printk("ext3: refused: no feature has_journal\n");
	else
		return true;
	return false;
}

static bool is_sound(const struct ext_super *super)
{
	uint32_t groups;

	if (super->blocks == 0 || super->blocks > cache_disk_blocks() ||
	    super->first_block != 0 || super->blocks_per_group == 0 ||
	    super->blocks_per_group > 8 * BLOCK_BYTES ||
	    super->inodes_per_group == 0 ||
	    super->inodes_per_group > 8 * BLOCK_BYTES ||
	    super->first_inode < EXT_ROOT + 1 ||
	    super->first_inode > super->inodes_per_group ||
	    super->inode_bytes < sizeof(struct ext_inode) ||
	    super->inode_bytes > BLOCK_BYTES ||
	    BLOCK_BYTES % super->inode_bytes)
		return false;
	groups = (super->blocks - 1) / super->blocks_per_group + 1;
	return super->inodes == (uint64_t)groups * super->inodes_per_group;
}

static void read_super(const struct ext_super *super)
{
	uint32_t unknown = super->read_compatible &
			   ~(EXT_SPARSE | EXT_LARGE_FILE | EXT_BTREE);

	if (super->state & EXT_HAS_ERRORS)
		printk("ext3: the disk has errors; e2fsck can repair a disk\n");
	tell("read-only", unknown, must_know_to_write,
	     ARRAY_LENGTH(must_know_to_write));
	ext.fs.is_read_only |= unknown != 0 || disk_is_read_only();
	ext.super = *super;
	ext.groups = (super->blocks - 1) / super->blocks_per_group + 1;
}

/* ---- Mount -------------------------------------------------------------- */

static int begin(bool is_read_only)
{
	struct ext_super *super;
	int error = super_get(&super);

	if (error)
		return error;
	if (!is_known(super) || !is_sound(super))
		return -EINVAL;
	ext.fs.ops = &ext_ops;
	ext.fs.is_read_only = is_read_only;
	list_init(&ext.dirty);
	list_init(&ext.orphans);
	list_init(&ext.ended);
	read_super(super);
	ext.is_begun = true;
	return 0;
}

static int ext_mount(const char *source, bool is_read_only,
		     struct file_system **out)
{
	int error = 0;

	if (strcmp(source, "/dev/disk") != 0 || cache_disk_blocks() == 0)
		return -ENODEV;
	if (ext.fs.root)
		return -EBUSY;
	if (ext.is_ending && journal_stop() == -EAGAIN)
		return -EAGAIN;
	ext.is_begun &= !ext.is_ending;
	ext.is_ending = false;
	if (!ext.is_begun)
		error = begin(is_read_only);
	error = error ?: journal_start() ?:
		inode_node(EXT_ROOT, &ext.fs.root);
	if (!error && !node_is_directory(ext.fs.root)) {
		node_put(ext.fs.root);
		ext.fs.root = NULL;
		error = -EIO;
	}
	if (error == -EAGAIN)
		return error;
	ext.is_ending = error;
	*out = &ext.fs;
	return error;
}

static int ext_forget(struct file_system *fs)
{
	(void)fs;
	if (inodes_forget())
		return 1;
	return list_is_empty(&ext.ended) ? 0 : cache_missing();
}

static int ext_unmount(struct file_system *fs)
{
	if (fs->root)
		node_put(fs->root);
	fs->root = NULL;
	ext.is_ending = true;
	return journal_stop();
}

static int ext_statvfs(struct file_system *fs, struct statvfs *status)
{
	struct ext_super *super;
	int error = super_get(&super);

	(void)fs;
	if (error)
		return error;
	status->f_blocks = super->blocks;
	status->f_bfree = super->free_blocks;
	status->f_bavail = super->free_blocks -
			   MIN(super->free_blocks, super->reserved_blocks);
	status->f_files = super->inodes;
	status->f_ffree = status->f_favail = super->free_inodes;
	return 0;
}

static int ext_sync(struct file_system *fs, struct node *node,
		    uint32_t *until)
{
	if (fs->is_read_only)
		return journal_sync(0);
	if (*until == 0)
		*until = node ? ext_node_of(node)->epoch
			      : journal_last_change();
	return journal_sync(*until);
}

/* ---- Names -------------------------------------------------------------- */

static int ext_lookup(struct place *place)
{
	uint32_t number;
	int error = dir_find(place, &number);

	place->node = NULL;
	if (!error && number)
		error = inode_node(number, &place->node);
	return error;
}

static bool is_full(const struct node *node)
{
	return node->links >= EXT_LINKS_MOST;
}

static int ext_add(const struct place *place, struct node *node)
{
	struct ext_node *own = ext_node_of(node);
	bool is_new = node->number == 0;
	int error;

	if (is_full(node) || (node_is_directory(node) &&
			      is_full(place->directory)))
		return -EMLINK;
	error = journal_begin();
	if (error)
		return error;
	if (is_new)
		error = inode_add(own, place->directory);
	error = journal_end(error ?: dir_add(place, node));
	if (is_new)
		inode_added(own, error);
	if (!error) {
		inode_measure(place->directory);
		inode_measure(node);
	}
	return error;
}

static bool is_last_name(const struct node *node)
{
	return node->links == (node_is_directory(node) ? 2 : 1);
}

static int ext_remove(const struct place *place)
{
	struct ext_node *node = ext_node_of(place->node);
	bool is_last = is_last_name(place->node);
	int error = journal_begin() ?:
		    journal_end(dir_remove(place) ?:
				(is_last ? orphan_add(node) : 0));

	if (!error && is_last)
		orphan_added(node);
	return error;
}

/* Within a change. `lost`: the node that loses its last name, or NULL. */
static int move(const struct place *from, const struct place *to,
		struct ext_node *lost)
{
	const struct place up = { .directory = from->node, .name = "..",
				  .length = 2 };
	bool has_new_parent = node_is_directory(from->node) &&
			      from->directory != to->directory;

	return (to->node ? dir_set(to, from->node) : dir_add(to, from->node)) ?:
	       (lost ? orphan_add(lost) : 0) ?:
	       dir_remove(from) ?:
	       (has_new_parent ? dir_set(&up, to->directory) : 0);
}

static int ext_move(const struct place *from, const struct place *to)
{
	struct ext_node *lost = to->node && is_last_name(to->node)
				? ext_node_of(to->node) : NULL;
	int error;

	if (node_is_directory(from->node) && is_full(to->directory))
		return -EMLINK;
	error = journal_begin() ?: journal_end(move(from, to, lost));
	if (error)
		return error;
	inode_measure(to->directory);
	if (lost)
		orphan_added(lost);
	return 0;
}

static int ext_read_link(struct node *link)
{
	uint32_t length, most = MIN(BLOCK_BYTES, PATH_MAX) - 1;
	struct ext_inode *inode;
	struct block *block;
	const char *target;
	int error = inode_get(link->number, &inode);

	if (error)
		return error;
	length = inode->bytes;
	target = (const char *)inode->block;
	if (inode->sectors) {
		error = map_get(inode, 0, &block);
		target = error ? NULL : block->bytes;
	} else {
		most = sizeof(inode->block) - 1;
	}
	if (error || length > most)
		return error ?: -EIO;
	link->target = heap_alloc(length + 1);
	if (!link->target)
		return -ENOMEM;
	memcpy(link->target, target, length);
	return 0;
}

const struct node_ops ext_ops = {
	.lookup = ext_lookup,
	.create = inode_create,
	.destroy = inode_destroy,
	.add = ext_add,
	.remove = ext_remove,
	.move = ext_move,
	.is_empty = dir_is_empty,
	.read_link = ext_read_link,
	.list = dir_list,
	.read = ext_read,
	.write = ext_write,
	.resize = ext_resize,
	.largest = EXT_LARGEST,
	.queue = cache_queue,
	.source = &ext_source_ops,
	.changed = inode_changed,
	.statvfs = ext_statvfs,
	.sync = ext_sync,
	.forget = ext_forget,
	.unmount = ext_unmount,
};

void ext_init(void)
{
	static struct file_system_type type = {
		.name = "ext3", .mount = ext_mount,
	};

	file_system_register(&type);
}
