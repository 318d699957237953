/*
 * file.c - the bytes of regular files of a disk: read, write, truncate, map.
 *
 * A read or write of a few blocks first gets all its blocks, and then moves the
 * bytes. If a block is missing, nothing has happened, and the
 * task tries again when the block is there. The bytes of a file wait in the
 * cache; the next commit writes them before the blocks that make them a part of
 * the file.
 */
#include "kernel/fs/ext/ext.h"

#include "kernel/lib/string.h"

#define PART_BLOCKS	5	/* of 16 KiB at any offset */
#define WRITE_BLOCKS	3
#define AHEAD_BLOCKS	16

/* [own] The blocks of a read or write. */
struct part {
	struct ext_node *node;
	uint64_t start;
	size_t bytes;
	unsigned count;
	struct block *blocks[PART_BLOCKS];	/* NULL: a hole */
};

static struct part part_of(struct node *node, uint64_t start, size_t bytes,
			   unsigned blocks)
{
	uint32_t offset = start % BLOCK_BYTES;
	struct part part = { .node = ext_node_of(node), .start = start };

	part.bytes = MIN(bytes, blocks * BLOCK_BYTES - offset);
	part.count = (offset + part.bytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
	return part;
}

/* Move bytes between the blocks of the part and `other`. */
static int move(struct part *part, uintptr_t other, contents_copy *copy)
{
	uint32_t offset = part->start % BLOCK_BYTES;
	size_t done = 0;
	unsigned i;
	int error = 0;

	for (i = 0; !error && i < part->count; i++, offset = 0) {
		struct block *block = part->blocks[i];
		size_t bytes = MIN(part->bytes - done, BLOCK_BYTES - offset);

		error = copy(block ? block->bytes + offset : NULL,
			     other + done, bytes);
		done += bytes;
	}
	return error;
}

/* ---- Reading ------------------------------------------------------------ */

static void read_ahead(struct ext_inode *inode, uint32_t index)
{
	uint32_t number;
	unsigned i;

	for (i = 0; i < AHEAD_BLOCKS; i++)
		if (map_look(inode, index + i, &number) == 0 && number)
			cache_read_ahead(number);
}

static int gather(struct part *part)
{
	uint32_t first = part->start / BLOCK_BYTES, number;
	struct ext_inode *inode;
	struct block *block;
	unsigned i;
	int error = inode_get(part->node->node.number, &block, &inode);

	for (i = 0; !error && i < part->count; i++) {
		part->blocks[i] = NULL;
		error = map_look(inode, first + i, &number);
		if (!error && number)
			error = cache_get(number, &part->blocks[i]);
	}
	if (error == -EAGAIN && i > 0)
		read_ahead(inode, first + i);
	return error;
}

ssize_t ext_read(struct node *node, uint64_t start, uintptr_t to, size_t bytes,
		 contents_copy *copy)
{
	struct part part;
	int error;

	if (start >= (uint64_t)node->bytes)
		return 0;
	part = part_of(node, start, MIN(bytes, node->bytes - start),
		       PART_BLOCKS);
	error = gather(&part);
	if (!error)
		error = move(&part, to, copy);
	return error ? error : (ssize_t)part.bytes;
}

/* ---- Writing ------------------------------------------------------------ */

/* The file will grow from, or shrink to, this end: bytes behind the end become
 * zeros. A program may have stored there through a mapping. */
static int clear_tail(struct node *node, uint64_t end)
{
	struct part part = part_of(node, end, 1, 1);
	uint32_t offset = end % BLOCK_BYTES;
	int error = offset ? gather(&part) : 0;

	if (!error && offset && part.blocks[0]) {
		memset(part.blocks[0]->bytes + offset, 0, BLOCK_BYTES - offset);
		cache_dirty(part.blocks[0]);
	}
	return error;
}

/* Within a change: each block of the part, new ones too. No mapping shows zeros
 * in place of a new block. */
static int make(struct part *part)
{
	uint32_t first = part->start / BLOCK_BYTES, number;
	unsigned i;
	bool is_new;
	int error = 0;

	for (i = 0; !error && i < part->count; i++) {
		error = map_make(part->node, first + i, &number, &is_new);
		if (!error && is_new)
			source_release(&part->node->node.source, first + i,
				       space_zeros());
		if (!error)
			error = is_new
				? cache_get_zeroed(number, &part->blocks[i])
				: cache_get(number, &part->blocks[i]);
	}
	return error;
}

/* Change the blocks of the part; copy NULL: the caller's mapping will. */
static int change(struct part *part, uaddr_t from, contents_copy *copy)
{
	unsigned i;
	int error = journal_begin();

	if (error)
		return error;
	error = make(part);
	if (!error && copy)
		error = move(part, from, copy);
	error = journal_end(error);
	for (i = 0; i < part->count && (!error || error == -EFAULT); i++)
		cache_dirty(part->blocks[i]);	/* a part may have come */
	if (!error)
		inode_measure(&part->node->node);
	return error;
}

ssize_t ext_write(struct node *node, uint64_t start, uaddr_t from, size_t bytes)
{
	struct part part = part_of(node, start, bytes, WRITE_BLOCKS);
	uint64_t end = node->bytes;
	int error = start > end ? clear_tail(node, end) : 0;

	if (!error)
		error = change(&part, from, contents_from_user);
	if (error)
		return error;
	node->bytes = MAX(end, start + part.bytes);
	return part.bytes;
}

static uint32_t blocks_of(uint64_t bytes)
{
	return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
}

int ext_resize(struct node *node, off_t bytes)
{
	int result;

	if (node->fs->is_read_only)
		return -EROFS;
	result = clear_tail(node, MIN(bytes, node->bytes));
	if (result == 0 && bytes < node->bytes)
		result = map_cut(ext_node_of(node), blocks_of(bytes));
	if (result == 0)
		node->bytes = bytes;
	return result;
}

/* ---- Pages for mappings ------------------------------------------------- */

/* The page of a mapping is the block of the cache, which read and write use. */
static frame_t file_page(struct page_source *source, uint32_t index,
			 enum page_use use)
{
	struct node *node = node_of_source(source);
	struct part part = part_of(node, (uint64_t)index * BLOCK_BYTES, 1, 1);
	int error;

	if (index >= blocks_of(node->bytes))
		return 0;
	error = use == PAGE_WRITE ? change(&part, 0, NULL) : gather(&part);
	if (error)
		return error == -EAGAIN ? PAGE_WAIT : 0;
	if (use == PAGE_WRITE)
		node_was_modified(node);
	return part.blocks[0] ? cache_map(part.blocks[0], source, index)
			      : space_zeros();
}

/* The whole disk: a range may have several files, and one commit is for all. */
static int file_sync(struct page_source *source, uint32_t *until)
{
	return fs_sync(node_of_source(source)->fs, NULL, until);
}

const struct page_source_ops ext_source_ops = {
	.page = file_page,
	.touch = regular_touch,
	.sync = file_sync,
	.end = regular_end,
};
