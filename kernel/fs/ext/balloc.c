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

#include "kernel/abi/errno.h"
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

static const uint32_t *freed_bits(uint32_t group)
{
	unsigned i;

	for (i = 0; i < FREED_GROUPS && freed[i].bits; i++)
		if (freed[i].group == group)
			return freed[i].bits;
	return NULL;
}

/* Note a freed block. -EAGAIN: too many groups, a commit comes first. */
static int note_freed(uint32_t group, uint32_t bit)
{
	unsigned i = 0;

	while (i < FREED_GROUPS && freed[i].bits && freed[i].group != group)
		i++;
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

/* [own] What changes when a block or an inode is taken or freed. */
struct counts {
	int blocks, inodes, directories;
};

static int count(uint32_t group_number, const struct counts *change)
{
	struct block *group_block, *super_block;
	struct ext_group *group;
	struct ext_super *super;
	int error = ext_group(group_number, &group_block, &group);

	if (!error)
		error = ext_super(&super_block, &super);
	if (!error)
		error = journal_edit(group_block);
	if (!error)
		error = journal_edit(super_block);
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

/* ---- Blocks ------------------------------------------------------------- */

static uint32_t blocks_in(uint32_t group)
{
	return MIN(ext.blocks - group * ext.blocks_per_group,
		   ext.blocks_per_group);
}

/* Take a block of the group from bit `start` on. 0, 1: none is free. */
static int take_block(uint32_t number, uint32_t start, uint32_t *result)
{
	struct block *block, *bitmap;
	struct ext_group *group;
	uint32_t bit, end = blocks_in(number);
	int error = ext_group(number, &block, &group);

	if (error || group->free_blocks == 0)
		return error ? error : 1;
	error = cache_get(group->block_bitmap, &bitmap);
	if (error)
		return error;
	bit = find_clear((uint32_t *)bitmap->bytes, freed_bits(number), start,
			 end);
	if (bit == end)
		return 1;
	error = flip(bitmap, bit, true);
	*result = number * ext.blocks_per_group + bit;
	return error ? error : count(number, &(struct counts){ .blocks = -1 });
}

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
	uint32_t group, i;
	int error = has_free_block();

	if (error)
		return error;
	if (goal >= ext.blocks)
		goal = 0;
	group = goal / ext.blocks_per_group;
	error = take_block(group, goal % ext.blocks_per_group, number);
	for (i = 0; error == 1 && i < ext.groups; i++)
		error = take_block((group + i) % ext.groups, 0, number);
	if (error == 1)		/* what is left was freed just now */
		error = freed[0].bits ? journal_sync(journal_epoch()) : -ENOSPC;
	return error;
}

int ext_free_block(uint32_t number, bool is_metadata)
{
	uint32_t in = number / ext.blocks_per_group;
	uint32_t bit = number % ext.blocks_per_group;
	struct block *block, *bitmap;
	struct ext_group *group;
	int error;

	if (number == 0 || number >= ext.blocks)
		return -EIO;
	error = ext_group(in, &block, &group);
	if (!error)
		error = cache_get(group->block_bitmap, &bitmap);
	if (!error)
		error = flip(bitmap, bit, false);
	if (!error)
		error = count(in, &(struct counts){ .blocks = 1 });
	if (!error)
		error = note_freed(in, bit);
	if (!error && is_metadata)
		journal_frees_metadata();
	return error;
}

/* ---- Inodes ------------------------------------------------------------- */

static int take_inode(uint32_t number, bool is_directory, uint32_t *result)
{
	struct counts change = { .inodes = -1, .directories = is_directory };
	struct block *block, *bitmap;
	struct ext_group *group;
	uint32_t bit, start;
	int error = ext_group(number, &block, &group);

	if (error || group->free_inodes == 0)
		return error ? error : 1;
	error = cache_get(group->inode_bitmap, &bitmap);
	if (error)
		return error;
	start = number == 0 ? ext.first_inode - 1 : 0;
	bit = find_clear((uint32_t *)bitmap->bytes, NULL, start,
			 ext.inodes_per_group);
	if (bit == ext.inodes_per_group)
		return 1;
	error = flip(bitmap, bit, true);
	*result = number * ext.inodes_per_group + bit + 1;
	return error ? error : count(number, &change);
}

int ext_new_inode(uint32_t near, bool is_directory, uint32_t *number)
{
	uint32_t group = (near - 1) / ext.inodes_per_group, i;
	int error = 1;

	for (i = 0; error == 1 && i < ext.groups; i++)
		error = take_inode((group + i) % ext.groups, is_directory,
				   number);
	return error == 1 ? -ENOSPC : error;
}

int ext_free_inode(uint32_t number, bool is_directory)
{
	struct counts change = { .inodes = 1, .directories = -is_directory };
	uint32_t in = (number - 1) / ext.inodes_per_group;
	struct block *block, *bitmap;
	struct ext_group *group;
	int error = ext_group(in, &block, &group);

	if (!error)
		error = cache_get(group->inode_bitmap, &bitmap);
	if (!error)
		error = flip(bitmap, (number - 1) % ext.inodes_per_group,
			     false);
	return error ? error : count(in, &change);
}
