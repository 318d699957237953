/*
 * directory.c - reading directories through a buffer of whole entries.
 *
 * The kernel writes entries in a row; d_reclen leads from each entry to the
 * next. readdir() returns pointers into the buffer, so an entry is valid until
 * a later call fills the buffer again.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libc/internal.h"
#include "libc/syscall.h"

struct __directory {
	int fd;
	size_t next;		/* place in the buffer of the next entry */
	size_t filled;		/* bytes of the buffer in use */
	off_t position;		/* of the next entry in the directory */
	char buffer[2048] __attribute__((aligned(8)));
};

DIR *fdopendir(int fd)
{
	struct stat status;
	DIR *directory;

	if (fstat(fd, &status) < 0)
		return NULL;
	if (!S_ISDIR(status.st_mode)) {
		errno = ENOTDIR;
		return NULL;
	}
	directory = malloc(sizeof(*directory));
	if (!directory)
		return NULL;
	directory->fd = fd;
	directory->next = directory->filled = 0;
	directory->position = 0;
	return directory;
}

DIR *opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory;
	int error;

	if (fd < 0)
		return NULL;
	directory = fdopendir(fd);
	if (!directory) {
		error = errno;
		__quiet_close(fd);
		errno = error;
	}
	return directory;
}

int closedir(DIR *directory)
{
	int fd = directory->fd;

	free(directory);
	return __quiet_close(fd);
}

int dirfd(DIR *directory)
{
	return directory->fd;
}

struct dirent *readdir(DIR *directory)
{
	struct dirent *entry;

	if (directory->next >= directory->filled) {
		ssize_t n = __sys_getdents(directory->fd, directory->buffer,
			sizeof(directory->buffer));

		if (n <= 0)
			return NULL;
		directory->filled = (size_t)n;
		directory->next = 0;
	}
	entry = (struct dirent *)(directory->buffer + directory->next);
	directory->next += entry->d_reclen;
	directory->position = entry->d_off;
	return entry;
}

int readdir_r(DIR *restrict directory, struct dirent *restrict entry,
	struct dirent **restrict result)
{
	struct dirent *found;
	int before = errno, error;

	errno = 0;
	found = readdir(directory);
	error = errno;
	errno = before;
	if (found)
		memcpy(entry, found, found->d_reclen);
	*result = found ? entry : NULL;
	return found ? 0 : error;
}

long telldir(DIR *directory)
{
	return directory->position;
}

void seekdir(DIR *directory, long position)
{
	if (lseek(directory->fd, position, SEEK_SET) < 0)
		return;
	directory->position = position;
	directory->next = directory->filled = 0;
}

void rewinddir(DIR *directory)
{
	seekdir(directory, 0);
}
