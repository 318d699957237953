/*
 * map.c - the blocks of a file.
 *
 * The inode has 15 slots for block numbers. The first 12 are the blocks of the
 * file itself. The next slot names an indirect block, with the numbers of the
 * next 1,024 blocks; the next names a block of indirect blocks, and the last
 * slot has three levels. So a small file needs no further block, and a file can
 * have 2^30 blocks. Number 0 is a hole, which reads as zeros.
 */
#include "kernel/fs/ext/ext.h"

#define LEVELS_MOST	3
#define SLOT_BITS	10	/* EXT_SLOTS is 2 to this power */
#define FREE_PART	4	/* blocks in one change, each with 3 edits */
#define BLOCK_SECTORS	(BLOCK_BYTES / SECTOR_BYTES)

/* How many indirect blocks are on the way to this block of a file; *index: the
 * block's place among those with as many. */
static unsigned levels_of(uint32_t *index)
{
	uint64_t reach = EXT_DIRECT;
	unsigned levels = 0;

	while (*index >= reach) {
		*index -= reach;
		reach = 1ull << ++levels * SLOT_BITS;
	}
	return levels;
}

/* [own] A walk from the inode to a block. */
struct walk {
	struct ext_inode *inode;
	struct ext_node *maker;	/* gets blocks for holes, within a change; or
				   NULL */
	uint32_t number;	/* the block that was found; 0: a hole */
	bool is_new;
};

/* An empty slot, of an indirect block or (NULL) of the inode, gets a block. */
static int fill_slot(struct walk *walk, struct block *holder, uint32_t *slot)
{
	struct ext_node *node = walk->maker;
	uint32_t number;
	int error = inode_edit(node->node.number, &walk->inode) ?:
		    (holder ? journal_edit(holder, slot, sizeof(*slot)) : 0) ?:
		    ext_new_block(node->goal, &number);

	if (error)
		return error;
	node->goal = number + 1;
	walk->inode->sectors += BLOCK_SECTORS;
	walk->is_new = true;
	*slot = number;
	return 0;
}

static int walk_to(struct walk *walk, uint32_t index)
{
	unsigned levels = levels_of(&index);
	struct block *holder = NULL;
	uint32_t *slot;
	int error = 0;

	if (levels > LEVELS_MOST)
		return -EFBIG;
	slot = &walk->inode->block[levels ? EXT_DIRECT - 1 + levels : index];
	for (;;) {
		if (*slot == 0 && walk->maker)
			error = fill_slot(walk, holder, slot);
		walk->number = *slot;
		if (error || *slot == 0 || levels-- == 0)
			break;
		error = walk->is_new ? journal_new(*slot, &holder)
				     : cache_get(*slot, &holder);
		if (error)
			break;
		slot = (uint32_t *)holder->bytes +
		       (index >> levels * SLOT_BITS) % EXT_SLOTS;
	}
	return error ?: walk->number < ext.super.blocks ? 0 : -EIO;
}

int map_look(struct ext_inode *inode, uint32_t index, uint32_t *number)
{
	struct walk walk = { .inode = inode };
	int error = walk_to(&walk, index);

	*number = walk.number;
	return error;
}

int map_get(struct ext_inode *inode, uint32_t index, struct block **block)
{
	uint32_t number;

	return map_look(inode, index, &number) ?:
	       (number ? cache_get(number, block) : -EIO);
}

int map_make(struct ext_node *node, uint32_t index, uint32_t *number,
	     bool *is_new)
{
	struct walk walk = { .maker = node };
	int error = inode_get(node->node.number, &walk.inode) ?:
		    walk_to(&walk, index);

	*number = walk.number;
	*is_new = walk.is_new;
	return error;
}

/* ---- Freeing ------------------------------------------------------------ */

/* [own] A change that frees blocks. */
struct cut {
	struct ext_inode *inode;
	uint64_t keep;		/* blocks of the file */
	unsigned left;		/* to free in this change */
	bool is_metadata;	/* of a directory or a link */
};

static int free_slot(struct cut *cut, struct block *holder, uint32_t *slot,
		     bool is_indirect)
{
	int error;

	if (cut->left == 0)
		return 1;
	error = (holder ? journal_edit(holder, slot, sizeof(*slot)) : 0) ?:
		ext_free_block(*slot, is_indirect || cut->is_metadata) ?:
		cache_release(*slot);
	if (error)
		return error;
	cut->left--;
	cut->inode->sectors -= BLOCK_SECTORS;
	*slot = 0;
	return 0;
}

/* The last slot up to this one that is in use; 0: none behind the first. */
static int last_used(const uint32_t *slots, int i)
{
	while (i >= 4 && !(slots[i] | slots[i - 1] | slots[i - 2] |
			   slots[i - 3]))
		i -= 4;
	while (i > 0 && slots[i] == 0)
		i--;
	return i;
}

/* Free what lies behind the kept blocks in the tree at this slot, from the end.
 * `base` is the first block of the tree. */
static int cut_tree(struct cut *cut, struct block *holder, uint32_t *slot,
		    unsigned levels, uint64_t base)
{
	uint64_t span = 1ull << levels * SLOT_BITS, part = span / EXT_SLOTS;
	struct block *block;
	uint32_t *slots;
	int i, first, error = 0;

	if (*slot == 0 || base + span <= cut->keep)
		return 0;
	if (levels > 0) {
		error = cache_get(*slot, &block);
		slots = error ? NULL : (uint32_t *)block->bytes;
		first = base < cut->keep ? (cut->keep - base) / part : 0;
		for (i = EXT_SLOTS - 1; !error && i >= first; i--) {
			i = last_used(slots, i);
			error = cut_tree(cut, block, &slots[i], levels - 1,
					 base + i * part);
		}
	}
	if (!error && base >= cut->keep)
		error = free_slot(cut, holder, slot, levels > 0);
	return error;
}

static int cut_part(struct cut *cut)
{
	uint64_t base = EXT_DIRECT + EXT_SLOTS +
			(uint64_t)EXT_SLOTS * EXT_SLOTS;
	int slot, levels, error = 0;

	for (slot = EXT_POINTERS - 1; !error && slot >= 0; slot--) {
		levels = MAX(slot + 1 - EXT_DIRECT, 0);
		error = cut_tree(cut, NULL, &cut->inode->block[slot], levels,
				 base);
		base -= 1ull << MAX(levels - 1, 0) * SLOT_BITS;
	}
	return error;
}

int map_cut(struct ext_node *node, uint32_t keep)
{
	struct cut cut = { .keep = keep, .left = FREE_PART,
			   .is_metadata = node->node.kind != NODE_FILE };
	int error = journal_begin() ?:
		    journal_end(inode_edit(node->node.number, &cut.inode) ?:
				cut_part(&cut));

	if (error >= 0)
		node->node.blocks = cut.inode->sectors;
	return error;
}
