/*
 * balloc.c - which blocks and inodes are in use.
 *
 * The disk is divided into groups. Each group has two bitmaps, one for its
 * blocks and one for its inodes, and a table of inodes. The descriptors of the
 * groups count what is free. A new block is searched from the goal on, in the
 * goal's group first, so that a file lies in one piece.
 *
 * A block that was freed in the running transaction must not get new bytes yet:
 * after a power cut in front of the commit, the old file is back and needs the
 * old bytes. So `freed` has a bitmap of these blocks, until the commit.
 */
#include "kernel/fs/ext/ext.h"

#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/task/process.h"

#define FREED_GROUPS	16	/* in one transaction */
#define WORD_BITS	32u

/* [P] Blocks freed since the last commit. */
static struct {
	uint32_t group;
	uint32_t *bits;		/* NULL: no further group */
} freed[FREED_GROUPS];

void ext_freed_are_free(void)
{
	unsigned i;

	for (i = 0; i < FREED_GROUPS && freed[i].bits; i++) {
		page_free(freed[i].bits);
		freed[i].bits = NULL;
	}
}

/* The index of the group's bitmap, or of the first that is not in use. */
static unsigned find_freed(uint32_t group)
{
	unsigned i = 0;

	while (i < FREED_GROUPS && freed[i].bits && freed[i].group != group)
		i++;
	return i;
}

/* Note a freed block. -EAGAIN: too many groups, a commit comes first. */
static int note_freed(uint32_t group, uint32_t bit)
{
	unsigned i = find_freed(group);

	if (i < FREED_GROUPS && !freed[i].bits) {
		freed[i].group = group;
		freed[i].bits = page_alloc_zeroed(FRAME_BUFFER);
	}
	if (i == FREED_GROUPS || !freed[i].bits)
		return journal_sync(journal_epoch());
	freed[i].bits[bit / WORD_BITS] |= 1u << bit % WORD_BITS;
	return 0;
}

/* The first bit from `start` on that is clear in both; `end`: none. */
static uint32_t find_clear(const uint32_t *bits, const uint32_t *also,
			   uint32_t start, uint32_t end)
{
	uint32_t at = start, word;

	while (at < end) {
		word = bits[at / WORD_BITS];
		if (also)
			word |= also[at / WORD_BITS];
		word |= (1u << at % WORD_BITS) - 1;
		if (word != UINT32_MAX)
			return MIN((at & ~(WORD_BITS - 1)) +
				   __builtin_ctz(~word), end);
		at = (at | (WORD_BITS - 1)) + 1;
	}
	return end;
}

/* ---- A bit of a group --------------------------------------------------- */

/* [own] What a change adds to the counts of a group and of the disk. The change
 * is of an inode or of a block. */
struct counts {
	int blocks, inodes, directories;
};

static int count(struct ext_group *group, const struct counts *change)
{
	struct ext_super *super;
	int error = super_edit(&super);

	if (error)
		return error;
	group->free_blocks += change->blocks;
	group->free_inodes += change->inodes;
	group->directories += change->directories;
	super->free_blocks += change->blocks;
	super->free_inodes += change->inodes;
	return 0;
}

/* Set or clear a bit that has the opposite value now. */
static int flip(struct block *bitmap, uint32_t bit, bool value)
{
	uint32_t *word = (uint32_t *)bitmap->bytes + bit / WORD_BITS;
	uint32_t mask = 1u << bit % WORD_BITS;
	int error = journal_edit(bitmap);

	if (error)
		return error;
	if (!(*word & mask) != value)
		return -EIO;		/* the disk is damaged */
	*word ^= mask;
	return 0;
}

static int get_bitmap(const struct ext_group *group,
		      const struct counts *change, struct block **bitmap)
{
	return cache_get(change->inodes ? group->inode_bitmap
					: group->block_bitmap, bitmap);
}

static uint32_t bits_in(uint32_t number, const struct counts *change)
{
	uint32_t first = number * ext.blocks_per_group;

	return change->inodes ? ext.inodes_per_group
			      : MIN(ext.blocks - first, ext.blocks_per_group);
}

/* Take a bit of the group from *bit on. 1: none is free. */
static int take(uint32_t number, const struct counts *change, uint32_t *bit)
{
	uint32_t end = bits_in(number, change);
	const uint32_t *also = NULL;
	struct block *block, *bitmap;
	struct ext_group *group;
	unsigned i = find_freed(number);
	int error = ext_group(number, &block, &group);

	if (!error && !(change->inodes ? group->free_inodes
				       : group->free_blocks))
		return 1;
	error = error ?: get_bitmap(group, change, &bitmap);
	if (error)
		return error;
	if (change->blocks && i < FREED_GROUPS)
		also = freed[i].bits;
	*bit = find_clear((uint32_t *)bitmap->bytes, also, *bit, end);
	if (*bit == end)
		return 1;
	return journal_edit(block) ?: flip(bitmap, *bit, true) ?:
	       count(group, change);
}

static int give_back(uint32_t number, const struct counts *change, uint32_t bit)
{
	struct block *block, *bitmap;
	struct ext_group *group;

	return ext_group(number, &block, &group) ?:
	       get_bitmap(group, change, &bitmap) ?:
	       journal_edit(block) ?: flip(bitmap, bit, false) ?:
	       count(group, change);
}

/* ---- Blocks and inodes -------------------------------------------------- */

static int has_free_block(void)
{
	struct block *block;
	struct ext_super *super;
	int error = ext_super(&block, &super);
	bool is_root = !task_current()->process ||
		       user_is_root(process_current());

	if (!error && super->free_blocks <= (is_root ? 0 : ext.reserved_blocks))
		error = -ENOSPC;
	return error;
}

int ext_new_block(uint32_t goal, uint32_t *number)
{
	const struct counts change = { .blocks = -1 };
	uint32_t near, group, bit, i;
	int error = has_free_block() ?: 1;

	if (goal >= ext.blocks)
		goal = 0;
	near = group = goal / ext.blocks_per_group;
	bit = goal % ext.blocks_per_group;
	for (i = 0; error == 1 && i <= ext.groups; i++, bit = 0) {
		group = (near + i) % ext.groups;
		error = take(group, &change, &bit);
		*number = group * ext.blocks_per_group + bit;
	}
	if (error == 1)		/* what is left was freed just now */
		error = freed[0].bits ? journal_sync(journal_epoch()) : -ENOSPC;
	return error;
}

int ext_free_block(uint32_t number, bool is_metadata)
{
	uint32_t group = number / ext.blocks_per_group;
	uint32_t bit = number % ext.blocks_per_group;
	int error;

	if (number == 0 || number >= ext.blocks)
		return -EIO;
	error = give_back(group, &(struct counts){ .blocks = 1 }, bit) ?:
		note_freed(group, bit);
	if (!error && is_metadata)
		journal_frees_metadata();
	return error;
}

int ext_new_inode(uint32_t near, bool is_directory, uint32_t *number)
{
	const struct counts change = { .inodes = -1,
				       .directories = is_directory };
	uint32_t group, bit, i;
	int error = 1;

	for (i = 0; error == 1 && i < ext.groups; i++) {
		group = ((near - 1) / ext.inodes_per_group + i) % ext.groups;
		bit = group == 0 ? ext.first_inode - 1 : 0;
		error = take(group, &change, &bit);
		*number = group * ext.inodes_per_group + bit + 1;
	}
	return error == 1 ? -ENOSPC : error;
}

int ext_free_inode(uint32_t number, bool is_directory)
{
	const struct counts change = { .inodes = 1,
				       .directories = -is_directory };

	return give_back((number - 1) / ext.inodes_per_group, &change,
			 (number - 1) % ext.inodes_per_group);
}
