/*
 * regular.c - regular files as objects: read, write, seek, truncate, map.
 *
 * The file system knows the bytes (node_ops.read and so on); this file adds the
 * rules of POSIX for open files: the position, O_APPEND, and when which time
 * changes. The second half is the bytes of the memory file system, which
 * contents.c has.
 */
#include "kernel/fs/node.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/inotify.h"
#include "kernel/fs/lock.h"
#include "kernel/task/process.h"

static ssize_t regular_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct node *node = node_of(file->object);
	ssize_t done = node->fs->ops->read(node, file->position, to, bytes,
					   contents_to_user);

	if (done > 0) {
		file->position += done;
		node_was_read(node);
		inotify_node(node, IN_ACCESS);
	}
	return done;
}

/* How many of the bytes may the running process write at this position of a
 * file? -EFBIG after SIGXFSZ: none, by RLIMIT_FSIZE. */
static ssize_t room_at(off_t position, size_t bytes)
{
	rlim_t most = process_limit(process_current(), RLIMIT_FSIZE);

	if (bytes == 0 || (rlim_t)position < most)
		return MIN(bytes, most - position);
	signal_send_task(task_current(), SIGXFSZ, NULL);
	return -EFBIG;
}

static ssize_t regular_write(struct open_file *file, uaddr_t from,
			     size_t bytes)
{
	struct node *node = node_of(file->object);
	const struct node_ops *ops = node->fs->ops;
	ssize_t done;

	if (file->flags & O_APPEND)
		file->position = node_bytes(node);
	done = room_at(file->position, bytes);
	if (done > 0 && file->position >= ops->largest)
		return -EFBIG;
	if (done > 0)
		done = ops->write(node, file->position, from,
				  MIN(done, ops->largest - file->position));
	if (done > 0) {
		file->position += done;
		node_was_modified(node);
	}
	return done;
}

off_t node_seek(struct open_file *file, off_t offset, int whence, off_t end)
{
	off_t from = 0;

	if (whence == SEEK_CUR)
		from = file->position;
	else if (whence == SEEK_END)
		from = end;
	else if (whence != SEEK_SET)
		return -EINVAL;
	if (offset > OFF_MAX - from)
		return -EOVERFLOW;
	if (offset < -from)
		return -EINVAL;
	file->position = from + offset;
	return file->position;
}

static off_t regular_seek(struct open_file *file, off_t offset,
			  int whence)
{
	return node_seek(file, offset, whence,
			 node_bytes(node_of(file->object)));
}

static int regular_truncate(struct object *object, off_t bytes)
{
	struct node *node = node_of(object);
	int result;

	if (bytes < 0)
		return -EINVAL;
	if (bytes > node->fs->ops->largest ||
	    (bytes > node_bytes(node) && room_at(bytes - 1, 1) < 0))
		return -EFBIG;
	result = node->fs->ops->resize(node, bytes);
	if (result == 0)
		node_was_modified(node);
	return result;
}

/* A read or write of a disk's file waits for the disk. */
static struct wait_queue *regular_queue(struct open_file *file, int end)
{
	const struct node_ops *ops = node_of(file->object)->fs->ops;

	return ops->queue ? ops->queue() : &file->object->queue[end];
}

const struct object_ops regular_ops = {
	.kind = "file",
	.is_stream = true,
	.read = regular_read,
	.write = regular_write,
	.queue = regular_queue,
	.seek = regular_seek,
	.close = node_close,
	.leave = lock_leave,
	.stat = node_stat,
	.truncate = regular_truncate,
	.source_at = offsetof(struct node, source),
	.mutex_at = offsetof(struct node, mutex),
	.describe = node_describe,
	.destroy = node_destroy,
};

ssize_t node_read(struct node *node, off_t position, void *to, size_t bytes)
{
	ssize_t done = 0, part = 1;

	if (!node_is_regular(node) || position < 0)
		return -EINVAL;
	while (part > 0 && done < (ssize_t)bytes) {
		part = node->fs->ops->read(node, position + done,
					   (uintptr_t)to + done, bytes - done,
					   contents_to_kernel);
		done += part;
	}
	return part < 0 ? part : done;
}

struct page_source *node_source(struct node *node)
{
	return node_is_regular(node) ? object_source(&node->object) : NULL;
}

struct node *node_of_source(struct page_source *source)
{
	return CONTAINER_OF(source, struct node, source);
}

void regular_end(struct page_source *source)
{
	object_end(&node_of_source(source)->object);
}

void regular_touch(struct page_source *source, bool is_written)
{
	struct node *node = node_of_source(source);

	if (is_written)
		node_was_modified(node);
	else
		node_was_read(node);
}

/* ---- Files in memory ----------------------------------------------------- */

ssize_t memory_read(struct node *node, uint64_t position, uintptr_t to,
		    size_t bytes, contents_copy *copy)
{
	return contents_read(&node->contents, position, to, bytes, copy);
}

ssize_t memory_write(struct node *node, uint64_t position, uaddr_t from,
		     size_t bytes)
{
	return contents_write(&node->contents, position, from, bytes,
			      contents_from_user);
}

int memory_resize(struct node *node, off_t bytes)
{
	return contents_resize(&node->contents, bytes);
}

/*
 * Whole pages of the boot image are mapped where they are. The last page holds
 * the next file of the image behind the end of this file, so the page is copied
 * first. A hole becomes a frame. From then on reads, writes and mappings see
 * the same page.
 */
static frame_t look_or_make(struct contents *contents, uint32_t index,
			    bool to_write)
{
	frame_t frame = 0;

	if (!to_write && index < contents->image_bytes / PAGE_SIZE)
		frame = contents_look(contents, index);
	if (!frame)
		frame = contents_make(contents, index);
	return frame ? frame : PAGE_NO_MEMORY;
}

static frame_t memory_page(struct page_source *source, uint32_t index,
			    enum page_use use)
{
	struct contents *contents = &node_of_source(source)->contents;

	if (index >= contents_page_count(contents->bytes))
		return 0;
	if (!(contents->height | index) && contents->root)
		return contents->root;	/* the file's only page, a frame */
	return look_or_make(contents, index, use != PAGE_COPY);
}

const struct page_source_ops memory_source_ops = {
	.page = memory_page,
	.touch = regular_touch,
	.end = regular_end,
};
