/*
 * file.h - an open file: an object, how it was opened, and a position.
 *
 * Shared by all descriptors that dup() and fork() made of it. [P]
 */
#pragma once

#include "kernel/abi/fcntl.h"
#include "kernel/lib/refs.h"
#include "kernel/obj/object.h"

struct open_file {
	/* read(2) and write(2), by the rules; chosen when it is opened. */
	ssize_t (*read)(struct open_file *file, uaddr_t to, size_t bytes);
	ssize_t (*write)(struct open_file *file, uaddr_t from, size_t bytes);
	struct object *object;
	uint32_t refs;			/* descriptors, and calls in flight */
	uint32_t flags;			/* O_ACCMODE, O_APPEND, O_NONBLOCK */
	off_t position;			/* for objects that have one */
};

static inline bool file_can_read(const struct open_file *file)
{
	return (file->flags & O_ACCMODE) != O_WRONLY;
}

static inline bool file_can_write(const struct open_file *file)
{
	return (file->flags & O_ACCMODE) != O_RDONLY;
}

/* An open file with one reference; takes its own reference of the object, and
 * counts its ends. -ENOMEM, or what ops->open says. */
int file_open(struct object *object, uint32_t flags, struct open_file **out);
/* Set what read(2) and write(2) of it do, from its object's table. */
void file_choose_ways(struct open_file *file);
/* The rest of open(2): wait until it may return. 0, or -EINTR. */
int file_meet(struct open_file *file);
/* Nobody has it any more: ends go down, ops->close is called. */
void file_close(struct open_file *file);

static inline void file_get(struct open_file *file)
{
	ASSERT(file->refs > 0);
	file->refs++;
}

static inline void file_put(struct open_file *file)
{
	if (UNLIKELY(refs_drop(&file->refs)))
		file_close(file);
}

/*
 * read(2) and write(2): block as the flags say. Bytes done, or -EBADF,
 * -EAGAIN, -EINTR, -EFAULT, -EPIPE (after SIGPIPE), -EINVAL, -EISDIR, or what
 * the object says.
 */
static inline ssize_t file_read(struct open_file *file, uaddr_t to,
				size_t bytes)
{
	return file->read(file, to, bytes);
}

static inline ssize_t file_write(struct open_file *file, uaddr_t from,
				 size_t bytes)
{
	return file->write(file, from, bytes);
}

/* POLL bits now. */
unsigned file_poll(const struct open_file *file);

extern uint32_t file_count;		/* open files alive */
