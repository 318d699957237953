/*
 * pipe.c - a stream of bytes from writers to readers, PIPE_CAPACITY deep.
 *
 * The bytes lie in a ring of pages. `head` counts the bytes read, `tail` those
 * written; the fill level is their difference, a byte's place is its count
 * modulo the capacity. Once round the ring both go back by the capacity, so
 * head is always below it. Pages come when a byte is first put there and go
 * when the last byte is taken; a pipe that runs empty starts again at its
 * first page, and so a conversation of short messages never leaves it: that
 * way has no loop.
 *
 *			readers			no reader
 *	writers, empty	read waits		write: -EPIPE and SIGPIPE
 *	writers, full	write waits		the same
 *	no writer	read what is left,
 *			then 0: end of file
 *
 * A write of at most PIPE_BUF bytes is atomic: it waits for room for all of it.
 * A longer one takes what room there is; the layer above repeats it. Bytes
 * are copied before head or tail moves, so a bad address loses none.
 *
 * Not promised: that a long write stays in one piece among several writers.
 * IEEE Std 1003.1-2017, pipe(), write(); D. M. Ritchie, "The Evolution of the
 * Unix Time-sharing System", 1979.
 */
#include "kernel/ipc/pipe.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/file_inline.h"

static struct pool pipe_pool = POOL("pipe", sizeof(struct pipe));

static struct pipe *pipe_of(const struct open_file *file)
{
	return CONTAINER_OF(file->object, struct pipe, object);
}

static bool pipe_is_widowed(const struct pipe *pipe, int other_end)
{
	return pipe->object.ends[other_end] == 0;
}

static uint8_t **page_at(struct pipe *pipe, uint32_t count)
{
	return &pipe->pages[count % PIPE_CAPACITY / PAGE_SIZE];
}

/* How many of `bytes` lie in one piece from this count on. */
static uint32_t piece_at(uint32_t count, uint32_t bytes)
{
	return MIN(PAGE_SIZE - count % PAGE_SIZE, bytes);
}

/* Bytes went in (END_WRITE) or out: tell, then wake who waits for that. */
static inline void bytes_moved(struct pipe *pipe, int end, uint32_t bytes)
{
	trace(end == END_READ ? TRACE_RECEIVE : TRACE_SEND, &pipe->object,
	      bytes, 0);
	if (end == END_WRITE)
		wait_wake_now(&pipe->object.queue[END_READ]);
	else
		object_wake(&pipe->object, END_WRITE);
}

/* An empty pipe goes on at the start of its first page. */
static void pipe_restart(struct pipe *pipe)
{
	uint8_t **page = page_at(pipe, pipe->head);
	uint8_t *kept = *page;

	*page = pipe->pages[0];
	pipe->pages[0] = kept;
	pipe->head = pipe->tail = 0;
}

/* Head has just left a page. In a ring that is nearly full the newest bytes lie
 * at the start of that same page, round the ring. */
static bool tail_is_on_page_before(const struct pipe *pipe)
{
	return pipe_fill(pipe) > PIPE_CAPACITY - PAGE_SIZE;
}

/* `bytes` bytes were taken: free the pages that only they were on. */
static void pipe_advance(struct pipe *pipe, uint32_t bytes)
{
	uint32_t piece;

	for (; bytes > 0; bytes -= piece) {
		piece = piece_at(pipe->head, bytes);
		pipe->head += piece;
		if (pipe->head % PAGE_SIZE != 0 || tail_is_on_page_before(pipe))
			continue;
		page_free(*page_at(pipe, pipe->head - 1));
		*page_at(pipe, pipe->head - 1) = NULL;
	}
	if (pipe_fill(pipe) == 0)
		pipe_restart(pipe);
	if (pipe->head >= PIPE_CAPACITY) {
		pipe->head -= PIPE_CAPACITY;
		pipe->tail -= PIPE_CAPACITY;
	}
}

ssize_t pipe_take_pieces(struct pipe *pipe, uaddr_t to, size_t bytes)
{
	uint32_t at = pipe->head, end = at + MIN(bytes, pipe_fill(pipe)), piece;

	for (; at != end; at += piece, to += piece) {
		piece = piece_at(at, end - at);
		if (copy_to_user(to, *page_at(pipe, at) + at % PAGE_SIZE,
				 piece) != 0)
			return -EFAULT;
	}
	bytes = end - pipe->head;
	if (bytes > 0)
		pipe_advance(pipe, bytes);
	return bytes;
}

static __attribute__((noinline))
ssize_t read_pieces(struct pipe *pipe, uaddr_t to, size_t bytes)
{
	ssize_t done = pipe_take_pieces(pipe, to, bytes);

	if (done > 0)
		bytes_moved(pipe, END_READ, done);
	return done;
}

MEASURED_INLINE
ssize_t pipe_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct pipe *pipe = pipe_of(file);
	ssize_t done;

	if (pipe_is_empty(pipe))
		return bytes == 0 || pipe_is_widowed(pipe, END_WRITE) ? 0 :
			-EAGAIN;
	if (UNLIKELY(!pipe_is_short(pipe, bytes)))
		return read_pieces(pipe, to, bytes);
	done = pipe_take_all(pipe, to);
	if (LIKELY(done > 0))
		bytes_moved(pipe, END_READ, done);
	return done;
}

/* Copy into the ring behind tail, which the caller moves afterwards. */
static int pipe_fill_from(struct pipe *pipe, uaddr_t from, uint32_t bytes)
{
	uint32_t at = pipe->tail, end = at + bytes, piece;
	uint8_t **page;

	for (; at != end; at += piece, from += piece) {
		piece = piece_at(at, end - at);
		page = page_at(pipe, at);
		if (!*page)
			*page = page_alloc(FRAME_BUFFER);
		if (!*page)
			return -ENOMEM;
		if (copy_from_user(*page + at % PAGE_SIZE, from, piece) != 0)
			return -EFAULT;
	}
	return 0;
}

/* Give back the pages up to `end` that hold no byte: all from tail on, but not
 * that which head is on, once around the ring. */
static SLOW_PATH void drop_new_pages(struct pipe *pipe, uint32_t end)
{
	uint32_t at = ALIGN_UP(pipe->tail, PAGE_SIZE);
	uint8_t **page;

	for (; at < end && at + PAGE_SIZE <= pipe->head + PIPE_CAPACITY;
	     at += PAGE_SIZE) {
		page = page_at(pipe, at);
		if (*page)
			page_free(*page);
		*page = NULL;
	}
}

ssize_t pipe_put_pieces(struct pipe *pipe, uaddr_t from, size_t bytes)
{
	uint32_t room = PIPE_CAPACITY - pipe_fill(pipe);
	int error;

	if (bytes == 0)
		return 0;
	if (room < bytes) {
		if (bytes <= PIPE_BUF || room == 0)
			return -EAGAIN;
		bytes = room;
	}
	error = pipe_fill_from(pipe, from, bytes);
	if (error) {
		drop_new_pages(pipe, pipe->tail + bytes);
		return error;
	}
	pipe->tail += bytes;
	return bytes;
}

static __attribute__((noinline))
ssize_t write_pieces(struct pipe *pipe, uaddr_t from, size_t bytes)
{
	ssize_t done = pipe_put_pieces(pipe, from, bytes);
	uint32_t room = PIPE_CAPACITY - pipe_fill(pipe);

	if (done <= 0)
		return done;
	bytes_moved(pipe, END_WRITE, done);
	/* Too little room for POLLOUT may do for the next writer. */
	if (room > 0 && room < PIPE_BUF)
		wait_wake(&pipe->object.queue[END_WRITE]);
	return done;
}

MEASURED_INLINE
ssize_t pipe_write(struct open_file *file, uaddr_t from, size_t bytes)
{
	struct pipe *pipe = pipe_of(file);
	ssize_t done;

	if (UNLIKELY(pipe_is_widowed(pipe, END_READ)))
		return -EPIPE;
	if (UNLIKELY(!pipe_has_place(pipe, bytes)))
		return write_pieces(pipe, from, bytes);
	done = pipe_put_there(pipe, from, bytes);
	if (LIKELY(done > 0))
		bytes_moved(pipe, END_WRITE, done);
	return done;
}

/* The two again, in one piece with the rules of blocking. */
ssize_t pipe_read_file(struct open_file *file, uaddr_t to, size_t bytes)
{
	return file_read_by(pipe_read, file, to, bytes);
}

ssize_t pipe_write_file(struct open_file *file, uaddr_t from, size_t bytes)
{
	return file_write_by(pipe_write, file, from, bytes);
}

/* POLLOUT promises room for PIPE_BUF bytes: an atomic write succeeds. */
unsigned pipe_poll(const struct open_file *file)
{
	const struct pipe *pipe = pipe_of(file);
	unsigned events = 0;

	if (file_can_read(file)) {
		if (pipe_fill(pipe) > 0)
			events |= POLLIN;
		if (pipe_is_widowed(pipe, END_WRITE))
			events |= POLLHUP;
	}
	if (file_can_write(file)) {
		if (PIPE_CAPACITY - pipe_fill(pipe) >= PIPE_BUF)
			events |= POLLOUT;
		if (pipe_is_widowed(pipe, END_READ))
			events |= POLLERR;
	}
	return events;
}

/* The last reader or writer of a side went: those who wait for it can proceed,
 * to the end of file or to EPIPE. */
void pipe_close(struct open_file *file)
{
	struct pipe *pipe = pipe_of(file);

	if (pipe_is_widowed(pipe, END_WRITE))
		wait_wake_all(&pipe->object.queue[END_READ]);
	if (pipe_is_widowed(pipe, END_READ))
		wait_wake_all(&pipe->object.queue[END_WRITE]);
}

static int pipe_stat(struct object *object, struct stat *status)
{
	struct pipe *pipe = CONTAINER_OF(object, struct pipe, object);

	status->st_mode = S_IFIFO | 0600;
	status->st_ino = object->id;
	status->st_nlink = 1;
	status->st_size = pipe_fill(pipe);
	status->st_blksize = PIPE_BUF;
	return 0;
}

void pipe_free_pages(struct pipe *pipe)
{
	unsigned i;

	for (i = 0; i < PIPE_PAGES; i++)
		if (pipe->pages[i])
			page_free(pipe->pages[i]);
}

void pipe_report(const struct object *object, char *to, size_t size)
{
	snprintf(to, size, "%u of %u bytes", pipe_fill(CONTAINER_OF(object,
		 struct pipe, object)), PIPE_CAPACITY);
}

static void pipe_destroy(struct object *object)
{
	struct pipe *pipe = CONTAINER_OF(object, struct pipe, object);

	pipe_free_pages(pipe);
	pool_free(&pipe_pool, pipe);
}

static const struct object_ops pipe_ops = {
	.kind = "pipe",
	.has_trace = true,
	.read = pipe_read,
	.write = pipe_write,
	.read_file = pipe_read_file,
	.write_file = pipe_write_file,
	.poll = pipe_poll,
	.close = pipe_close,
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
	object_init(&pipe->object, &pipe_ops);
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
