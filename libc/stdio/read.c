/* read.c - bytes on their way through a file's buffer to the program. */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "libc/internal.h"
#include "libc/stdio/file.h"

bool __file_start_reading(FILE *file)
{
	__file_prepare(file);
	if (!(file->flags & FILE_READABLE)) {
		errno = EBADF;
		file->flags |= FILE_ERROR;
		return false;
	}
	if (file->flags & FILE_WRITING) {
		if (__file_flush(file) < 0)
			return false;
		file->flags &= ~(unsigned int)FILE_WRITING;
		file->write_at = file->write_end = NULL;
	}
	if (!file->read_at)
		file->read_at = file->read_end = file->buffer + PUSH_BACK;
	return true;
}

/* The thread is cancelled in read(). */
static void leave(void *file)
{
	__file_unlock_all(file);
}

/* Read into memory; gives the bytes, 0 at the end of file or on an error. A
 * cancellation point: a read takes no byte, or returns the bytes. */
static size_t read_in(FILE *file, unsigned char *to, size_t n)
{
	ssize_t got;

	if (file->flags & (FILE_LINE | FILE_DIRECT))
		__file_flush_lines();
	pthread_cleanup_push(leave, file);
	got = __file_get(file, to, n);
	pthread_cleanup_pop(0);
	if (got > 0)
		return (size_t)got;
	file->flags |= got == 0 ? FILE_EOF : FILE_ERROR;
	return 0;
}

int __file_fill(FILE *file)
{
	size_t n;

	if (file->read_at < file->read_end)
		return *file->read_at++;
	if (__file_is_text(file)) {	/* the end of a string */
		file->flags |= FILE_EOF;
		return EOF;
	}
	/* At the end of file once is at the end until clearerr(): C says so,
	   and a terminal would otherwise ask for ctrl+D twice. */
	if (!__file_start_reading(file) || file->flags & FILE_EOF)
		return EOF;
	n = read_in(file, file->buffer + PUSH_BACK, file->size - PUSH_BACK);
	file->read_at = file->buffer + PUSH_BACK;
	file->read_end = file->read_at + n;
	return n > 0 ? *file->read_at++ : EOF;
}

int fgetc(FILE *file)
{
	FILE_ENTER(file);

	if (file->read_at < file->read_end)
		return *file->read_at++;
	return __file_fill(file);
}

int getc(FILE *file)
{
	return fgetc(file);
}

int getc_unlocked(FILE *file)
{
	return fgetc(file);
}

int ungetc(int c, FILE *file)
{
	FILE_ENTER(file);

	if (c == EOF)
		return EOF;
	if (!__file_is_text(file) && !__file_start_reading(file))
		return EOF;
	if (file->read_at == file->buffer)
		return EOF;
	file->flags &= ~(unsigned int)FILE_EOF;
	file->read_at--;
	if (*file->read_at != (unsigned char)c)	/* sscanf's string may be */
		*file->read_at = (unsigned char)c;	/* a constant */
	return (unsigned char)c;
}

/* Bytes out of the buffer; gives how many there were. */
static size_t take(FILE *file, unsigned char *to, size_t n)
{
	size_t held = file->read_end - file->read_at;

	if (n > held)
		n = held;
	if (n > 0)
		memcpy(to, file->read_at, n);
	file->read_at += n;
	return n;
}

size_t fread(void *restrict data, size_t size, size_t count,
	FILE *restrict file)
{
	FILE_ENTER(file);
	size_t bytes, done;

	if (size == 0 || count == 0)
		return 0;
	if (__builtin_mul_overflow(size, count, &bytes)) {
		errno = EOVERFLOW;
		file->flags |= FILE_ERROR;
		return 0;
	}
	done = take(file, data, bytes);
	while (done < bytes) {
		unsigned char *to = (unsigned char *)data + done;
		size_t got;
		int c;

		if (bytes - done < file->size || __file_is_text(file) ||
		    !(file->flags & FILE_CHOSEN)) {
			c = __file_fill(file);
			if (c == EOF)
				break;
			*to = (unsigned char)c;
			done += 1 + take(file, to + 1, bytes - done - 1);
			continue;
		}
		if (!__file_start_reading(file) || file->flags & FILE_EOF)
			break;
		got = read_in(file, to, bytes - done);	/* a large block */
		if (got == 0)
			break;
		done += got;
	}
	return done == bytes ? count : done / size;
}

char *fgets(char *restrict line, int size, FILE *restrict file)
{
	FILE_ENTER(file);
	char *to = line, *end = line + size - 1;

	if (size <= 0)
		return NULL;
	while (to < end) {
		size_t held = file->read_end - file->read_at;
		unsigned char *newline;
		int c;

		if (held == 0) {
			c = __file_fill(file);
			if (c == EOF)
				break;
			file->read_at--;
			continue;
		}
		if (held > (size_t)(end - to))
			held = (size_t)(end - to);
		newline = memchr(file->read_at, '\n', held);
		if (newline)
			held = newline + 1 - file->read_at;
		to += take(file, (unsigned char *)to, held);
		if (newline) {
			*to = '\0';
			return line;
		}
	}
	if (to < end && (to == line || file->flags & FILE_ERROR))
		return NULL;
	*to = '\0';
	return line;
}
