/*
 * pipe.c - a stream of bytes from writers to readers, PIPE_CAPACITY deep.
 *
 * The bytes lie in a ring of pages, `fill` bytes from the place `head` on. A
 * page is allocated when the first byte is put there. When the pipe runs empty,
 * the next byte begins at place 0 again, and all pages but the first are freed.
 * So short messages need one page, and a pipe that never runs empty keeps the
 * pages that were needed at the worst time.
 *
 *			read			write
 *	empty		waits			goes on
 *	full		goes on			waits
 *	no writer	the rest, then 0	-
 *	no reader	-			-EPIPE and SIGPIPE
 *
 * A write of at most PIPE_BUF bytes is atomic: the task waits for room for all
 * bytes. A longer write fills the free room; obj/file.c writes the rest. Bytes
 * are copied before they count. So a bad address loses no byte, and a failed
 * write frees the pages allocated for this write.
 *
 * Not promised: that a long write stays in one piece among several writers.
 * IEEE Std 1003.1-2017, pipe(), write(); D. M. Ritchie, "The Evolution of the
 * Unix Time-sharing System", 1979.
 */
#include "kernel/ipc/pipe.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"

static struct pool pipe_pool = POOL("pipe", sizeof(struct pipe));

static struct pipe *pipe_of(const struct object *object)
{
	return CONTAINER_OF(object, struct pipe, object);
}

/* How many of `bytes` bytes from this place on lie on the same page. */
static uint32_t piece_at(uint32_t place, uint32_t bytes)
{
	return MIN(PAGE_SIZE - place % PAGE_SIZE, bytes);
}

/* The index of the page with this place. */
static uint32_t page_at(uint32_t place)
{
	return place / PAGE_SIZE % PIPE_PAGES;
}

static bool add_page(struct pipe *pipe)
{
	uint8_t *page = page_alloc(FRAME_BUFFER);

	if (page)
		pipe->pages[pipe->page_count++] = page;
	return page != NULL;
}

static void free_pages(struct pipe *pipe, uint32_t kept)
{
	while (pipe->page_count > kept) {
		page_free(pipe->pages[--pipe->page_count]);
		pipe->pages[pipe->page_count] = NULL;
	}
}

/* Copy the oldest bytes to the user, and leave them in the ring. */
static int copy_out(const struct pipe *pipe, uaddr_t to, uint32_t bytes)
{
	uint32_t at = pipe->head, piece;

	for (; bytes > 0; bytes -= piece, at += piece, to += piece) {
		piece = piece_at(at, bytes);
		if (copy_to_user(to, pipe->pages[page_at(at)] + at % PAGE_SIZE,
				 piece) != 0)
			return -EFAULT;
	}
	return 0;
}

/* The oldest bytes have been read. */
static void take_out(struct pipe *pipe, uint32_t bytes)
{
	pipe->fill -= bytes;
	pipe->head = (pipe->head + bytes) % PIPE_CAPACITY;
	if (pipe->fill > 0)
		return;
	pipe->head = 0;
	free_pages(pipe, 1);
}

/* Copy behind the newest byte. The bytes began at place 0, so the pages come
 * into use in order. */
static int copy_in(struct pipe *pipe, uaddr_t from, uint32_t bytes)
{
	uint32_t at = pipe->head + pipe->fill, piece;
	uint8_t **page;

	for (; bytes > 0; bytes -= piece, at += piece, from += piece) {
		piece = piece_at(at, bytes);
		page = &pipe->pages[page_at(at)];
		if (!*page && !add_page(pipe))
			return -ENOMEM;
		if (copy_from_user(*page + at % PAGE_SIZE, from, piece) != 0)
			return -EFAULT;
	}
	return 0;
}

ssize_t pipe_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct pipe *pipe = pipe_of(file->object);

	if (bytes == 0)
		return 0;
	if (pipe->fill == 0)
		return pipe->is_ended ? 0 : -EAGAIN;
	bytes = MIN(bytes, pipe->fill);
	if (copy_out(pipe, to, bytes) != 0)
		return -EFAULT;
	take_out(pipe, bytes);
	trace(TRACE_RECEIVE, file->object, bytes, 0);
	object_wake(&pipe->object, END_WRITE);
	return bytes;
}

ssize_t pipe_write(struct open_file *file, uaddr_t from, size_t bytes)
{
	struct pipe *pipe = pipe_of(file->object);
	uint32_t room = PIPE_CAPACITY - pipe->fill, pages = pipe->page_count;
	int error;

	if (pipe->is_ended)
		return -EPIPE;
	if (bytes == 0)
		return 0;
	if (room == 0 || (room < bytes && bytes <= PIPE_BUF))
		return -EAGAIN;
	bytes = MIN(bytes, room);
	error = copy_in(pipe, from, bytes);
	if (error) {
		free_pages(pipe, pages);
		return error;
	}
	pipe->fill += bytes;
	trace(TRACE_SEND, file->object, bytes, 0);
	object_wake(&pipe->object, END_READ);
	/* Not enough room for POLLOUT may be enough for the next writer. */
	if (PIPE_CAPACITY - pipe->fill - 1 < PIPE_BUF - 1)
		object_wake(file->object, END_WRITE);
	return bytes;
}

/* POLLOUT promises room for PIPE_BUF bytes: an atomic write succeeds. */
unsigned pipe_poll(const struct open_file *file)
{
	const struct pipe *pipe = pipe_of(file->object);
	unsigned events = 0;

	if (file_can_read(file))
		events |= (pipe->fill > 0 ? POLLIN : 0) |
			  (pipe->is_ended ? POLLHUP : 0);
	if (file_can_write(file))
		events |= (PIPE_CAPACITY - pipe->fill >= PIPE_BUF ? POLLOUT
								  : 0) |
			  (pipe->is_ended ? POLLERR : 0);
	return events;
}

void pipe_init(struct pipe *pipe, const struct object_ops *ops)
{
	object_init(&pipe->object, ops);
}

/* Without readers or without writers the stream has ended, until a FIFO is
 * opened again. All tasks that wait for the opposite end can proceed, one after
 * the other: each reader gets 0, each writer -EPIPE. */
void pipe_ends_changed(struct open_file *file)
{
	struct object *object = file->object;

	pipe_of(object)->is_ended = !object->ends[0] || !object->ends[1];
	if (pipe_of(object)->is_ended) {
		wait_wake_end(&object->queue[END_READ]);
		wait_wake_end(&object->queue[END_WRITE]);
	}
}

void pipe_free_pages(struct pipe *pipe)
{
	free_pages(pipe, 0);
}

static int pipe_stat(struct object *object, struct stat *status)
{
	status->st_mode = S_IFIFO | 0600;
	status->st_ino = object->id;
	status->st_nlink = 1;
	status->st_size = pipe_of(object)->fill;
	status->st_blksize = PIPE_BUF;
	return 0;
}

void pipe_report(const struct object *object, char *to, size_t size)
{
	snprintf(to, size, "%u of %u bytes", pipe_of(object)->fill,
		 PIPE_CAPACITY);
}

static void pipe_destroy(struct object *object)
{
	pipe_free_pages(pipe_of(object));
	pool_free(&pipe_pool, pipe_of(object));
}

static const struct object_ops pipe_ops = {
	.kind = "pipe",
	.sends_signals = true,
	.is_stream = true,
	.has_trace = true,
	.read = pipe_read,
	.write = pipe_write,
	.poll = pipe_poll,
	.close = pipe_ends_changed,
	.stat = pipe_stat,
	.report = pipe_report,
	.destroy = pipe_destroy,
};

int pipe_create(uint32_t flags, struct open_file **reader,
		struct open_file **writer)
{
	struct pipe *pipe = pool_alloc(&pipe_pool);
	int error;

	if (!pipe)
		return -ENOMEM;
	pipe_init(pipe, &pipe_ops);
	error = file_open(&pipe->object, O_RDONLY | flags, reader);
	if (error)
		goto put_pipe;
	error = file_open(&pipe->object, O_WRONLY | flags, writer);
	if (error)
		file_put(*reader);
put_pipe:
	object_put(&pipe->object);
	return error;
}
