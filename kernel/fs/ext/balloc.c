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
#include "kernel/task/cpu.h"
#include "kernel/task/process.h"

#define FREED_GROUPS	16	/* in one transaction */
#define WORD_BITS	32u

/* [P] Blocks freed since the last commit. */
static struct {
	uint32_t group, count;	/* count 0: no further group */
	uint32_t *bits;		/* [const] a page, taken at the first mount */
} freed[FREED_GROUPS];

/* [P] From 0 on: few inodes before this one are free. */
static uint32_t inode_goal;

int ext_freed_start(void)
{
	unsigned i;

	for (i = 0; i < FREED_GROUPS; i++) {
		if (!freed[i].bits &&
		    !(freed[i].bits = page_alloc_zeroed(FRAME_BUFFER)))
			return -ENOMEM;
		sched_point();
	}
	return 0;
}

void ext_freed_are_free(void)
{
	unsigned i;

	for (i = 0; i < FREED_GROUPS && freed[i].count > 0; i++) {
		memset(freed[i].bits, 0, BLOCK_BYTES);
		freed[i].count = 0;
	}
}

/* The place in `freed` of this group, or the first place without a group;
 * FREED_GROUPS: there is none. */
static unsigned freed_in(uint32_t group)
{
	unsigned i = 0;

	while (i < FREED_GROUPS && freed[i].count > 0 &&
	       freed[i].group != group)
		i++;
	return i;
}

static bool are_set(const uint32_t words[4])
{
	return (words[0] & words[1] & words[2] & words[3]) == UINT32_MAX;
}

/* The first bit from `start` on that is clear in both; `end`: none. */
static uint32_t find_clear(const uint32_t *bits, const uint32_t *also,
			   uint32_t start, uint32_t end)
{
	uint32_t i = start / WORD_BITS, word;
	uint32_t before = (1u << start % WORD_BITS) - 1;

	for (; i * WORD_BITS < end; before = 0) {
		word = bits[i] | before | (also ? also[i] : 0);
		if (word != UINT32_MAX)
			return MIN(i * WORD_BITS + __builtin_ctz(~word), end);
		i += i % 4 == 0 && are_set(bits + i) ? 4 : 1;
	}
	return end;
}

/* ---- A bit of a group --------------------------------------------------- */

/* What the bitmaps are of. A number is that of a block, or that of an inode
 * from 0 on. */
enum kind { BLOCKS, INODES };

static uint32_t in_group(enum kind kind)
{
	return kind == BLOCKS ? ext.super.blocks_per_group
			      : ext.super.inodes_per_group;
}

static uint16_t *free_in(enum kind kind, struct ext_group *group)
{
	return kind == BLOCKS ? &group->free_blocks : &group->free_inodes;
}

static int get_bitmap(enum kind kind, const struct ext_group *group,
		      struct block **bitmap)
{
	return cache_get(kind == BLOCKS ? group->block_bitmap
					: group->inode_bitmap, bitmap);
}

/* The first free bit of the group from *bit on. 1: none. */
static int find_bit(enum kind kind, uint32_t number, uint32_t *bit)
{
	uint32_t end = in_group(kind), *also = NULL;
	struct block *block, *bitmap;
	unsigned place;
	struct ext_group *group;
	int error = ext_group(number, &block, &group);

	if (!error && *free_in(kind, group) == 0)
		return 1;
	error = error ?: get_bitmap(kind, group, &bitmap);
	if (error)
		return error;
	if (kind == BLOCKS) {
		end = MIN(end, ext.super.blocks - number * end);
		place = freed_in(number);
		if (place < FREED_GROUPS)
			also = freed[place].bits;
	} else if (number == 0) {
		*bit = MAX(*bit, ext.super.first_inode - 1);
	}
	*bit = find_clear((uint32_t *)bitmap->bytes, also, *bit, end);
	return *bit == end;
}

/* The first free number from this one on, its group first. 1: none. */
static int find(enum kind kind, uint32_t *number)
{
	uint32_t group = *number / in_group(kind), i;
	uint32_t bit = *number % in_group(kind);
	int error = 1;

	for (i = 0; error == 1 && i <= ext.groups; i++) {
		error = find_bit(kind, group, &bit);
		*number = group * in_group(kind) + bit;
		group = (group + 1) % ext.groups;
		bit = 0;
	}
	return error;
}

/* Within a change: this number, free or in use so far, becomes the opposite. */
static int mark(enum kind kind, uint32_t number, bool is_used,
		bool is_directory)
{
	uint32_t bit = number % in_group(kind), mask = 1u << bit % WORD_BITS;
	int change = is_used ? -1 : 1;
	struct block *block, *bitmap;
	struct ext_super *super;
	struct ext_group *group;
	uint32_t *word;
	int error = ext_group(number / in_group(kind), &block, &group) ?:
		    get_bitmap(kind, group, &bitmap);

	if (error)
		return error;
	word = (uint32_t *)bitmap->bytes + bit / WORD_BITS;
	error = journal_edit(block, group, sizeof(*group)) ?:
		journal_edit(bitmap, word, sizeof(*word)) ?:
		super_edit(&super);
	if (error)
		return error;
	if (!(*word & mask) != is_used)
		return -EIO;		/* the disk is damaged */
	*word ^= mask;
	*free_in(kind, group) += change;
	if (kind == BLOCKS)
		super->free_blocks += change;
	else
		super->free_inodes += change;
	if (is_directory)
		group->directories -= change;
	return 0;
}

/* ---- Blocks and inodes -------------------------------------------------- */

static int has_free_block(void)
{
	struct ext_super *super;
	int error = super_get(&super);
	uint32_t reserved = ext.super.reserved_blocks;

	if (!task_current()->process || user_is_root(process_current()))
		reserved = 0;
	if (!error && super->free_blocks <= reserved)
		error = -ENOSPC;
	return error;
}

int ext_new_block(uint32_t goal, uint32_t *number)
{
	int error = has_free_block();

	*number = goal < ext.super.blocks ? goal : 0;
	error = error ?: find(BLOCKS, number);
	if (error == 1)		/* what is left was freed just now */
		return freed[0].count ? journal_sync(journal_epoch()) : -ENOSPC;
	return error ?: mark(BLOCKS, *number, true, false);
}

int ext_free_block(uint32_t number, bool is_metadata)
{
	uint32_t group = number / in_group(BLOCKS);
	uint32_t bit = number % in_group(BLOCKS);
	unsigned place = freed_in(group);
	int error = -EIO;

	if (place == FREED_GROUPS)	/* a commit comes first */
		return journal_sync(journal_epoch());
	if (number != 0 && number < ext.super.blocks)
		error = mark(BLOCKS, number, false, false);
	if (error)
		return error;
	freed[place].group = group;
	freed[place].count++;
	freed[place].bits[bit / WORD_BITS] |= 1u << bit % WORD_BITS;
	if (is_metadata)
		journal_frees_metadata();
	return 0;
}

int ext_new_inode(uint32_t near, bool is_directory, uint32_t *number)
{
	uint32_t index = (near - 1) / in_group(INODES) * in_group(INODES);
	int error;

	if (inode_goal / in_group(INODES) == index / in_group(INODES))
		index = inode_goal;
	error = find(INODES, &index);
	inode_goal = index + 1;
	*number = index + 1;
	return error == 1 ? -ENOSPC
			  : error ?: mark(INODES, index, true, is_directory);
}

int ext_free_inode(uint32_t number, bool is_directory)
{
	inode_goal = MIN(inode_goal, number - 1);
	return mark(INODES, number - 1, false, is_directory);
}
