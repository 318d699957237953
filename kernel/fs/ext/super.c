/*
 * super.c - the superblock: what the disk is, and what is free there.
 *
 * The superblock says which features the disk uses. A driver that does not know
 * a feature of the second kind must not touch the disk; with one of the third
 * kind, it may read. Each unknown feature is named, and the mount is refused or
 * read-only.
 */
#include "kernel/fs/ext/ext.h"

#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"

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

	return find_super(&block, super) ?:
	       journal_edit(block, *super, sizeof(**super));
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

/* [const] By bit; NULL: no name is known. */
static const char *const must_know[32] = {
	"compression", NULL, NULL, "journal_dev", "meta_bg", NULL, "extents",
	"64bit", "mmp", "flex_bg", "ea_inode", NULL, "dirdata", "csum_seed",
	"large_dir", "inline_data", "encrypt", "casefold",
};

static const char *const must_know_to_write[32] = {
	NULL, NULL, NULL, "huge_file", "uninit_bg", "dir_nlink", "extra_isize",
	"has_snapshot", "quota", "bigalloc", "metadata_csum", "replica",
	"read-only", "project", "shared_blocks", "verity",
};

/* Say which of these features are unknown. */
static void tell(const char *what, uint32_t features, const char *const *names)
{
	unsigned i;

	for (i = 0; i < 32; i++)
		if (features & 1u << i)
			printk("ext3: %s: feature %s (bit %u)\n", what,
			       names[i] ? names[i] : "without a name", i);
}

static bool is_known(const struct ext_super *super)
{
	uint32_t unknown = super->incompatible & ~(EXT_FILETYPE | EXT_RECOVER);

	if (super->magic != EXT_MAGIC || super->revision == 0)
		printk("ext3: refused: no ext3 on the disk\n");
	else if (unknown)
		tell("refused", unknown, must_know);
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

int super_check(void)
{
	struct ext_super *super;
	uint32_t unknown;
	int error = CACHE_REPEAT(super_get(&super));

	if (error || !is_known(super) || !is_sound(super))
		return error ?: -EINVAL;
	if (super->state & EXT_HAS_ERRORS)
		printk("ext3: the disk has errors; e2fsck can repair a disk\n");
	unknown = super->read_compatible &
		  ~(EXT_SPARSE | EXT_LARGE_FILE | EXT_BTREE);
	tell("read-only", unknown, must_know_to_write);
	ext.fs.is_read_only |= unknown != 0 || disk_is_read_only();
	ext.super = *super;
	ext.groups = (super->blocks - 1) / super->blocks_per_group + 1;
	return 0;
}
