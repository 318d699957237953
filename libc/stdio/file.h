/*
 * file.h - the contents of a FILE.
 *
 * A file reads or writes, or does neither yet; changing over empties the
 * buffer first. The two fast paths are a comparison and a move:
 *
 *	reading:  buffer | pushed back? | given | read_at ... read_end | room |
 *	writing:  buffer | to be written ... write_at |    room     write_end |
 *
 * When a fast path is not allowed, read_at == read_end, or write_at ==
 * write_end. This holds for a file in the opposite state, for a file without a
 * buffer, and for line buffering, which looks at each character.
 *
 * Each public function begins with FILE_ENTER(), so only one thread at a time
 * uses a file. The lock counts its levels, so these functions may call each
 * other.
 *
 * Files with a buffer in use stand in a list, where exit() finds the bytes to
 * write. A file enters the list at its first use, so a program that never uses
 * stdout does not contain the code.
 */
#pragma once

#include <stdbool.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "libc/internal.h"

#define FILE_READABLE	0x001
#define FILE_WRITABLE	0x002
#define FILE_APPEND	0x004
#define FILE_EOF	0x008
#define FILE_ERROR	0x010
#define FILE_LINE	0x020	/* write at each newline */
#define FILE_DIRECT	0x040	/* write at once, read by the byte */
#define FILE_CHOSEN	0x080	/* buffer and mode are settled */
#define FILE_WRITING	0x100
#define FILE_LISTED	0x200
#define FILE_STATIC	0x400	/* stdin, stdout, stderr: do not free */
#define FILE_BYTES	0x800	/* fwide(): a file of bytes */
#define FILE_WIDE	0x1000	/* fwide(), or the first use: of characters */

#define PUSH_BACK	8	/* bytes that ungetc() can always push back */

struct __file {
	unsigned char *read_at, *read_end;
	unsigned char *write_at, *write_end;
	unsigned char *buffer;
	size_t size;		/* of buffer, PUSH_BACK included */
	unsigned char *home;	/* the first buffer, or NULL */
	int fd;			/* -1: a string, functions, or closed */
	const cookie_io_functions_t *calls;	/* in place of fd, or NULL */
	void *cookie;
	unsigned int flags;
	pid_t child;		/* popen(): the process at the other end */
	struct __file *next, **link;	/* in the list: the pointer to here */
	unsigned lock, depth;	/* of the using thread, with threads */
	unsigned char tiny[PUSH_BACK + 1];	/* buffer of FILE_DIRECT */
};

#define FILE_BUFFER	(PUSH_BACK + BUFSIZ)	/* bytes at home */

/* No cancellation point: bytes on their way out would be written twice. */
ssize_t __quiet_write(int fd, const void *data, size_t n);

/* lock.c */
void __file_lock(FILE *file);
void __file_unlock(FILE *file);
bool __file_try(FILE *file);
void __file_unlock_all(FILE *file);

static inline FILE *__file_enter(FILE *file)
{
	if (__builtin_expect(__threaded, 0))
		__file_lock(file);
	return file;
}

static inline void __file_exit(FILE **file)
{
	if (__builtin_expect(__threaded, 0))
		__file_unlock(*file);
}

/* One thread at a time in the file, until the end of the block. */
#define FILE_ENTER(file) \
	__attribute__((cleanup(__file_exit), unused)) FILE *entered = \
		__file_enter(file)

/* The text of sscanf(): no more than the buffer. */
static inline bool __file_is_text(const FILE *file)
{
	return file->fd < 0 && !file->calls;
}

/* The place that the bytes come from and go to: a descriptor, or functions of
   the program. A missing function ignores what is written, and is the end. */
static inline ssize_t __file_get(FILE *file, void *to, size_t n)
{
	if (!file->calls)
		return read(file->fd, to, n);
	return file->calls->read ? file->calls->read(file->cookie, to, n) : 0;
}

static inline ssize_t __file_put(FILE *file, const void *data, size_t n)
{
	if (!file->calls)
		return __quiet_write(file->fd, data, n);
	return file->calls->write
		? file->calls->write(file->cookie, data, n) : (ssize_t)n;
}

static inline off_t __file_seek(FILE *file, off_t offset, int whence)
{
	if (!file->calls)
		return lseek(file->fd, offset, whence);
	if (file->calls->seek)
		return file->calls->seek(file->cookie, &offset, whence) < 0
			? -1 : offset;
	errno = ESPIPE;
	return -1;
}

static inline int __file_end(FILE *file)
{
	if (!file->calls)
		return close(file->fd);
	return file->calls->close ? file->calls->close(file->cookie) : 0;
}

/* file.c */
void __file_prepare(FILE *file);
int __file_discard(FILE *file);
void __file_leave(FILE *file);
void __file_flush_lines(void);
void __files_after_fork(void);

/* read.c */
bool __file_start_reading(FILE *file);
int __file_fill(FILE *file);	/* read more; the first byte of it, or EOF */

/* write.c */
bool __file_start_writing(FILE *file);
int __file_flush(FILE *file);
size_t __file_write(FILE *file, const void *data, size_t n);

/* open.c */
int __file_parse_mode(const char *mode, int *flags);
FILE *__file_new(int fd, int open_flags);
