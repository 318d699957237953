/* seek.c - where a file is. */
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "libc/stdio/file.h"

/* The position of the open file, corrected by the bytes in the buffer. */
off_t ftello(FILE *file)
{
	FILE_ENTER(file);
	off_t position;

	/* Appended bytes go to the end of the file at the time of the write. */
	if (file->flags & FILE_APPEND && file->flags & FILE_WRITING &&
	    __file_flush(file) < 0)
		return -1;
	position = __file_seek(file, 0, SEEK_CUR);
	if (position < 0)
		return -1;
	if (file->flags & FILE_WRITING)
		return position + (file->write_at - file->buffer);
	return position - (file->read_end - file->read_at);
}

int fseeko(FILE *file, off_t offset, int whence)
{
	FILE_ENTER(file);

	if (file->flags & FILE_WRITING && __file_flush(file) < 0)
		return -1;
	if (whence == SEEK_CUR)
		offset -= file->read_end - file->read_at;
	if (__file_seek(file, offset, whence) < 0)
		return -1;
	file->read_at = file->read_end = NULL;
	file->write_at = file->write_end = NULL;
	file->flags &= ~(unsigned int)(FILE_EOF | FILE_WRITING);
	return 0;
}

long ftell(FILE *file)
{
	off_t position = ftello(file);

	if (position <= LONG_MAX)
		return (long)position;
	errno = EOVERFLOW;
	return -1;
}

int fseek(FILE *file, long offset, int whence)
{
	return fseeko(file, offset, whence);
}

void rewind(FILE *file)
{
	fseeko(file, 0, SEEK_SET);
	file->flags &= ~(unsigned int)FILE_ERROR;
}

int fgetpos(FILE *restrict file, fpos_t *restrict position)
{
	*position = ftello(file);
	return *position < 0 ? -1 : 0;
}

int fsetpos(FILE *file, const fpos_t *position)
{
	return fseeko(file, *position, SEEK_SET);
}
