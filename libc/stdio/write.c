/* write.c - bytes on their way out of a file's buffer. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "libc/stdio/file.h"

bool __file_start_writing(FILE *file)
{
	__file_prepare(file);
	if (file->flags & FILE_WRITING)
		return true;
	if (!(file->flags & FILE_WRITABLE)) {
		errno = EBADF;
		file->flags |= FILE_ERROR;
		return false;
	}
	__file_discard(file);
	file->read_at = file->read_end = NULL;
	file->flags |= FILE_WRITING;
	file->flags &= ~(unsigned int)FILE_EOF;
	file->write_at = file->write_end = file->buffer;
	if (!(file->flags & (FILE_LINE | FILE_DIRECT)))
		file->write_end += file->size;
	return true;
}

/* Write all bytes; the result counts the bytes written before an error. A
   signal that ends the wait is an error for the program, and loses no byte. */
static size_t write_out(FILE *file, const unsigned char *data, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t written = __file_put(file, data + done, n - done);

		if (written < 0 || (written == 0 && file->calls)) {
			file->flags |= FILE_ERROR;
			break;
		}
		done += (size_t)written;
	}
	return done;
}

/* Write the bytes in the buffer; unwritten bytes stay there. */
int __file_flush(FILE *file)
{
	size_t held = file->write_at - file->buffer;
	size_t done = write_out(file, file->buffer, held);

	if (done > 0 && done < held)
		memmove(file->buffer, file->buffer + done, held - done);
	file->write_at = file->buffer + (held - done);
	if (file->flags & (FILE_LINE | FILE_DIRECT))
		file->write_end = file->write_at;	/* no fast path */
	return done == held ? 0 : EOF;
}

/* Through the buffer, which is written when full; a block as large as the
   buffer is written directly. */
static size_t write_block(FILE *file, const unsigned char *data, size_t n)
{
	size_t done = 0;

	while (done < n) {
		size_t held = file->write_at - file->buffer;
		size_t part = n - done;

		if (held == 0 && part >= file->size) {
			done += write_out(file, data + done, part);
			break;
		}
		if (part > file->size - held)
			part = file->size - held;
		memcpy(file->write_at, data + done, part);
		file->write_at += part;
		done += part;
		if (held + part == file->size && __file_flush(file) < 0)
			break;
	}
	if (file->flags & FILE_LINE)
		file->write_end = file->write_at;
	return done;
}

/* The length of data up to its last newline. */
static size_t whole_lines(const unsigned char *data, size_t n)
{
	while (n > 0 && data[n - 1] != '\n')
		n--;
	return n;
}

/* Gives how many bytes were taken. */
size_t __file_write(FILE *file, const void *data, size_t n)
{
	const unsigned char *from = data;
	size_t lines, done;

	if ((size_t)(file->write_end - file->write_at) > n) {
		memcpy(file->write_at, from, n);
		file->write_at += n;
		return n;
	}
	if (!__file_start_writing(file))
		return 0;
	if (file->flags & FILE_DIRECT)
		return write_out(file, from, n);
	if (!(file->flags & FILE_LINE))
		return write_block(file, from, n);

	lines = whole_lines(from, n);
	done = write_block(file, from, lines);
	if (done < lines || (lines > 0 && __file_flush(file) < 0))
		return done;
	return done + write_block(file, from + lines, n - lines);
}

size_t fwrite(const void *restrict data, size_t size, size_t count,
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
	done = __file_write(file, data, bytes);
	return done == bytes ? count : done / size;
}

int fputs(const char *restrict s, FILE *restrict file)
{
	FILE_ENTER(file);
	size_t n = strlen(s);

	return __file_write(file, s, n) == n ? 0 : EOF;
}

int fputc(int c, FILE *file)
{
	FILE_ENTER(file);
	unsigned char byte = (unsigned char)c;

	if (file->write_at < file->write_end)
		return *file->write_at++ = byte;
	return __file_write(file, &byte, 1) == 1 ? byte : EOF;
}

int putc(int c, FILE *file)
{
	return fputc(c, file);
}

int putc_unlocked(int c, FILE *file)
{
	return fputc(c, file);
}
