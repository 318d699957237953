/* state.c - questions about the state of a FILE. */
#include "libc/stdio/file.h"

int feof(FILE *file)
{
	return (file->flags & FILE_EOF) != 0;
}

int ferror(FILE *file)
{
	return (file->flags & FILE_ERROR) != 0;
}

void clearerr(FILE *file)
{
	file->flags &= ~(unsigned int)(FILE_EOF | FILE_ERROR);
}

int fileno(FILE *file)
{
	if (file->fd < 0)
		errno = EBADF;
	return file->fd;
}
