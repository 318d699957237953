/* open.c - opening and closing files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libc/stdio/file.h"

/* The flags of open() for "r", "w+" and so on; -1 and EINVAL for none. */
int __file_parse_mode(const char *mode, int *flags)
{
	bool update = strchr(mode, '+') != NULL;

	if (*mode == 'r')
		*flags = 0;
	else if (*mode == 'w')
		*flags = O_CREAT | O_TRUNC;
	else if (*mode == 'a')
		*flags = O_CREAT | O_APPEND;
	else {
		errno = EINVAL;
		return -1;
	}
	if (update)
		*flags |= O_RDWR;
	else
		*flags |= *mode == 'r' ? O_RDONLY : O_WRONLY;
	if (strchr(mode, 'x'))
		*flags |= O_EXCL;
	if (strchr(mode, 'e'))
		*flags |= O_CLOEXEC;
	return 0;
}

static unsigned int file_flags(int open_flags)
{
	unsigned int flags = 0;

	if ((open_flags & O_ACCMODE) != O_WRONLY)
		flags |= FILE_READABLE;
	if ((open_flags & O_ACCMODE) != O_RDONLY)
		flags |= FILE_WRITABLE;
	if (open_flags & O_APPEND)
		flags |= FILE_APPEND;
	return flags;
}

/* A FILE and its buffer in one block. */
FILE *__file_new(int fd, int open_flags)
{
	FILE *file = malloc(sizeof(*file) + FILE_BUFFER);

	if (!file)
		return NULL;
	*file = (FILE){ .fd = fd };
	file->home = (unsigned char *)(file + 1);
	file->flags = file_flags(open_flags);
	return file;
}

FILE *fopen(const char *restrict path, const char *restrict mode)
{
	int flags, fd;
	FILE *file;

	if (__file_parse_mode(mode, &flags) < 0)
		return NULL;
	fd = open(path, flags, 0666);
	if (fd < 0)
		return NULL;
	file = __file_new(fd, flags);
	if (!file)
		__quiet_close(fd);
	return file;
}

FILE *fdopen(int fd, const char *mode)
{
	int flags, now = fcntl(fd, F_GETFL);

	if (now < 0 || __file_parse_mode(mode, &flags) < 0)
		return NULL;
	if ((now & O_ACCMODE) != O_RDWR &&
	    (now & O_ACCMODE) != (flags & O_ACCMODE)) {
		errno = EINVAL;
		return NULL;
	}
	if (flags & O_APPEND && !(now & O_APPEND))
		fcntl(fd, F_SETFL, now | O_APPEND);
	if (flags & O_CLOEXEC)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return __file_new(fd, flags);
}

int fclose(FILE *file)
{
	int result = fflush(file);

	__file_leave(file);
	if (__file_end(file) < 0)
		result = EOF;
	file->fd = -1;
	file->read_at = file->read_end = NULL;
	file->write_at = file->write_end = NULL;
	if (!(file->flags & FILE_STATIC))
		free(file);
	return result;
}

/* Open path, or change the mode of what is open, under the number fd. */
static int reopen(const char *path, int flags, int fd)
{
	int opened;

	if (!path)
		return fcntl(fd, F_SETFL, flags) < 0 ? -1 : fd;
	opened = open(path, flags, 0666);
	if (opened < 0 || fd < 0 || opened == fd)
		return opened;
	fd = dup2(opened, fd);
	__quiet_close(opened);
	if (fd >= 0 && flags & O_CLOEXEC)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

/* The FILE continues with another file, under the same descriptor. */
FILE *freopen(const char *restrict path, const char *restrict mode,
	FILE *restrict file)
{
	unsigned int kept = file->flags & FILE_STATIC;
	int flags, fd = file->fd;

	if (file->calls) {
		errno = EBADF;
		return NULL;
	}
	fflush(file);
	__file_leave(file);
	file->read_at = file->read_end = NULL;
	file->write_at = file->write_end = NULL;
	if (__file_parse_mode(mode, &flags) == 0) {
		file->fd = reopen(path, flags, fd);
		file->flags = kept | file_flags(flags);
		if (file->fd >= 0)
			return file;
	}
	if (fd >= 0)
		__quiet_close(fd);
	file->fd = -1;
	if (!kept)
		free(file);
	return NULL;
}
