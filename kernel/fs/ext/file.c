/*
 * file.c - the bytes of regular files of a disk: read, write, truncate, map.
 *
 * A read or write first gets all its blocks, and then moves the bytes. If a
 * block is missing, nothing has happened, and the task tries again when the
 * block is there. A write is one change, which gives each hole a block. The
 * bytes of a file wait in the cache; the next commit writes them before the
 * blocks that make them a part of the file.
 */
#include "kernel/fs/ext/ext.h"

#include "kernel/lib/string.h"

#define READ_BLOCKS	5	/* of 16 KiB at any offset */
#define WRITE_BLOCKS	3	/* in one change */
#define AHEAD_BLOCKS	16

static unsigned count_blocks(uint32_t offset, size_t bytes)
{
	return (offset + bytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
}

/* Move bytes between `other` and the blocks, from this offset of the first on.
 */
static int move(struct block **blocks, uint32_t offset, uintptr_t other,
		size_t bytes, contents_copy *copy)
{
	size_t done, part;
	int error = 0;

	for (done = 0; !error && done < bytes; done += part, offset = 0) {
		struct block *block = *blocks++;

		part = MIN(bytes - done, BLOCK_BYTES - offset);
		error = copy(block ? block->bytes + offset : NULL,
			     other + done, part);
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

/* Blocks of the file from this index on; NULL: a hole. */
static int look(const struct node *node, uint32_t index, unsigned count,
		struct block **blocks)
{
	struct ext_inode *inode;
	uint32_t number;
	unsigned i;
	int error = inode_get(node->number, &inode);

	if (error)
		return error;
	for (i = 0; !error && i < count; i++) {
		blocks[i] = NULL;
		error = map_look(inode, index + i, &number);
		if (!error && number)
			error = cache_get(number, &blocks[i]);
	}
	if (error == -EAGAIN)
		read_ahead(inode, index + i);
	return error;
}

ssize_t ext_read(struct node *node, uint64_t start, uintptr_t to, size_t bytes,
		 contents_copy *copy)
{
	uint32_t offset = start % BLOCK_BYTES;
	struct block *blocks[READ_BLOCKS];
	int error;

	if (start >= (uint64_t)node->bytes)
		return 0;
	bytes = MIN(bytes, READ_BLOCKS * BLOCK_BYTES - offset);
	bytes = MIN(bytes, node->bytes - start);
	error = look(node, start / BLOCK_BYTES, count_blocks(offset, bytes),
		     blocks) ?:
		move(blocks, offset, to, bytes, copy);
	return error ? error : (ssize_t)bytes;
}

/* ---- Writing ------------------------------------------------------------ */

/* The file will grow from, or shrink to, this end: bytes behind the end become
 * zeros. A program may have stored there through a mapping. */
static int clear_tail(struct node *node, uint64_t end)
{
	uint32_t offset = end % BLOCK_BYTES;
	struct block *block;
	int error;

	if (offset == 0)
		return 0;
	error = look(node, end / BLOCK_BYTES, 1, &block);
	if (!error && block) {
		memset(block->bytes + offset, 0, BLOCK_BYTES - offset);
		cache_dirty(block);
	}
	return error;
}

/* Within a change: the block, a new one in place of a hole; is_whole: all its
 * bytes come now. No mapping shows zeros in place of a new block. */
static int make(struct node *node, uint32_t index, bool is_whole,
		struct block **block)
{
	uint32_t number;
	bool is_new;
	int error = map_make(ext_node_of(node), index, &number, &is_new);

	if (error || !is_new)
		return error ?: cache_get(number, block);
	if (!source_release(&node->source, index, space_zeros()))
		return cache_again();
	return is_whole ? cache_get_new(number, block)
			: cache_get_zeroed(number, block);
}

/* Write bytes to the blocks at this byte of the file; 0 bytes: to its block,
 * which the caller's mapping will do. */
static int change(struct node *node, uint64_t at, uaddr_t from, size_t bytes,
		  struct block **blocks)
{
	uint32_t offset = at % BLOCK_BYTES;
	unsigned count = count_blocks(offset, MAX(bytes, 1u)), i;
	int error = journal_begin();

	if (error)
		return error;
	for (i = 0; !error && i < count; i++)
		error = make(node, at / BLOCK_BYTES + i,
			     (offset == 0 || i > 0) && offset + bytes >=
			     (i + 1) * BLOCK_BYTES, &blocks[i]);
	error = journal_end(error ?: move(blocks, offset, from, bytes,
					  contents_from_user));
	for (i = 0; i < count && (!error || error == -EFAULT); i++)
		cache_dirty(blocks[i]);		/* a part may have come */
	if (!error)
		inode_measure(node);
	return error;
}

ssize_t ext_write(struct node *node, uint64_t start, uaddr_t from, size_t bytes)
{
	struct block *blocks[WRITE_BLOCKS];
	uint64_t end = node->bytes;
	int error = start > end ? clear_tail(node, end) : 0;

	bytes = MIN(bytes, WRITE_BLOCKS * BLOCK_BYTES - start % BLOCK_BYTES);
	error = error ?: change(node, start, from, bytes, blocks);
	if (error)
		return error;
	node->bytes = MAX(end, start + bytes);
	return bytes;
}

int ext_resize(struct node *node, off_t bytes)
{
	int result;

	if (node->fs->is_read_only)
		return -EROFS;
	result = clear_tail(node, MIN(bytes, node->bytes));
	if (result == 0 && bytes < node->bytes)
		result = map_cut(ext_node_of(node), contents_page_count(bytes));
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
	uint64_t at = (uint64_t)index * BLOCK_BYTES;
	struct block *block;
	int error;

	if (index >= contents_page_count(node->bytes))
		return 0;
	error = use == PAGE_WRITE ? change(node, at, 0, 0, &block)
				  : look(node, index, 1, &block);
	if (!error && source_page_leaves(source, index))
		error = cache_again();
	if (error)
		return error == -EAGAIN ? PAGE_WAIT : 0;
	if (use == PAGE_WRITE)
		node_was_modified(node);
	return block ? cache_map(block, source, index) : space_zeros();
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
