/* setvbuf.c - change the buffer of a file, and when the buffer is written. */
#include <errno.h>
#include <stdlib.h>

#include "libc/stdio/file.h"

#define LEAST 64	/* a program's buffer that is worth using */

int setvbuf(FILE *restrict file, char *restrict buffer, int mode, size_t size)
{
	if (mode != _IOFBF && mode != _IOLBF && mode != _IONBF) {
		errno = EINVAL;
		return -1;
	}
	if (file->flags & FILE_WRITING && __file_flush(file) < 0)
		return -1;
	__file_discard(file);
	if (mode != _IONBF && !file->home) {
		file->home = malloc(FILE_BUFFER);
		if (!file->home)
			return -1;
	}
	file->read_at = file->read_end = NULL;
	file->write_at = file->write_end = NULL;
	file->flags &= ~(unsigned int)(FILE_LINE | FILE_DIRECT | FILE_WRITING);
	file->flags |= FILE_CHOSEN;

	if (mode == _IONBF) {
		file->flags |= FILE_DIRECT;
		file->buffer = file->tiny;
		file->size = sizeof(file->tiny);
		return 0;
	}
	file->flags |= mode == _IOLBF ? FILE_LINE : 0;
	file->buffer = file->home;
	file->size = FILE_BUFFER;
	if (buffer && size >= LEAST) {
		file->buffer = (unsigned char *)buffer;
		file->size = size;
	}
	return 0;
}

void setbuf(FILE *restrict file, char *restrict buffer)
{
	setvbuf(file, buffer, buffer ? _IOFBF : _IONBF, BUFSIZ);
}

void setlinebuf(FILE *file)
{
	setvbuf(file, NULL, _IOLBF, 0);
}
