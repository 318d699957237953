/*
 * cache_raw.c - /dev/disk: the bytes of the disk as they are, to read.
 *
 * The bytes come from the cache, so they can be newer than those of the disk.
 */
#include "kernel/fs/cache.h"

#include "kernel/fs/node.h"

static uint64_t disk_bytes(void)
{
	return (uint64_t)cache_disk_blocks() * BLOCK_BYTES;
}

static ssize_t raw_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	uint64_t position = file->position;
	uint32_t offset = position % BLOCK_BYTES;
	struct block *block;
	int error;

	if (position >= disk_bytes())
		return 0;
	bytes = MIN(bytes, BLOCK_BYTES - offset);
	error = cache_get(position / BLOCK_BYTES, &block) ?:
		copy_to_user(to, block->bytes + offset, bytes);
	if (error)
		return error;
	file->position += bytes;
	return bytes;
}

static off_t raw_seek(struct open_file *file, off_t offset, int whence)
{
	return node_seek(file, offset, whence, disk_bytes());
}

static struct wait_queue *raw_queue(struct open_file *file, int end)
{
	(void)file, (void)end;
	return cache_queue();
}

const struct object_ops cache_raw_ops = {
	.kind = "disk",
	.read = raw_read,
	.queue = raw_queue,
	.seek = raw_seek,
};
