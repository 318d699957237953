/* pipe.h - pipes, for their system call, for FIFOs and for sockets. */
#pragma once

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/obj/file.h"

#define PIPE_PAGES	(PIPE_CAPACITY / PAGE_SIZE)

struct pipe {
	struct object object;
	uint32_t head;			/* [P] bytes read, see pipe.c */
	uint32_t tail;			/* [P] bytes written */
	uint8_t *pages[PIPE_PAGES];	/* [P] NULL where no byte is */
};

/* A new pipe, open at both ends; flags may have O_NONBLOCK. Returns 0, or
 * -ENOMEM with nothing made. */
int pipe_create(uint32_t flags, struct open_file **reader,
		struct open_file **writer);

/* For an object that begins with a zeroed struct pipe: its operations, and
 * what destroy has to do before it frees the struct. */
ssize_t pipe_read(struct open_file *file, uaddr_t to, size_t bytes);
ssize_t pipe_write(struct open_file *file, uaddr_t from, size_t bytes);
ssize_t pipe_read_file(struct open_file *file, uaddr_t to, size_t bytes);
ssize_t pipe_write_file(struct open_file *file, uaddr_t from, size_t bytes);
unsigned pipe_poll(const struct open_file *file);
void pipe_close(struct open_file *file);
void pipe_report(const struct object *object, char *to, size_t size);
void pipe_free_pages(struct pipe *pipe);

/* ---- The ring of bytes, for who has other readers and writers ----------- */

static inline uint32_t pipe_fill(const struct pipe *pipe)
{
	return pipe->tail - pipe->head;
}

/* An empty pipe starts again at 0. */
static inline bool pipe_is_empty(const struct pipe *pipe)
{
	return pipe->tail == 0;
}

/* Take bytes out of a pipe that holds some, or put bytes in. They wake nobody.
 * Bytes done, -EAGAIN (for lack of room), -EFAULT or -ENOMEM. */
ssize_t pipe_take_pieces(struct pipe *pipe, uaddr_t to, size_t bytes);
ssize_t pipe_put_pieces(struct pipe *pipe, uaddr_t from, size_t bytes);

/* Are all bytes on the first page, and wanted? Then there is a short way. */
static inline bool pipe_is_short(const struct pipe *pipe, size_t wanted)
{
	return pipe_fill(pipe) <= wanted && pipe->tail <= PAGE_SIZE;
}

static inline ssize_t pipe_take_all(struct pipe *pipe, uaddr_t to)
{
	uint32_t bytes;

	if (UNLIKELY(!store_user_bytes(to, pipe->pages[0] + pipe->head,
				       pipe_fill(pipe))))
		return -EFAULT;
	bytes = pipe_fill(pipe);	/* counted again: cheaper than kept */
	ASSUME(bytes > 0 && bytes <= PAGE_SIZE);
	pipe->head = pipe->tail = 0;
	return bytes;
}

/* Do the bytes go behind those on the first page, which is there? */
static inline bool pipe_has_place(const struct pipe *pipe, size_t bytes)
{
	return bytes - 1 < PAGE_SIZE && pipe->tail + bytes <= PAGE_SIZE &&
	       pipe->pages[0];
}

static inline ssize_t pipe_put_there(struct pipe *pipe, uaddr_t from,
				     size_t bytes)
{
	if (UNLIKELY(!fetch_user_bytes(pipe->pages[0] + pipe->tail, from,
				       bytes)))
		return -EFAULT;
	pipe->tail += bytes;
	return bytes;
}
