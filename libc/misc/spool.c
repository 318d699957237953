/*
 * spool.c - a queue of messages, safe from a power cut.
 *
 * The order of the steps is the whole idea. The bytes are on the disk before
 * the rename, and the rename is all or nothing: so a name never leads to half a
 * message. The directory is on the disk before the call returns: so the result
 * of the call is true. A file with a dot in front of its name is an unfinished
 * message; the next message with this name replaces the file.
 */
#include <spool.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <program.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libc/internal.h"

int spool_open(const char *directory)
{
	if (mkdir(directory, 0755) < 0 && errno != EEXIST)
		return -1;
	return open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int write_file(int spool, const char *name, const void *message,
		      size_t bytes)
{
	int fd = openat(spool, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			0644);
	int result;

	if (fd < 0)
		return -1;
	result = write_all(fd, message, bytes);
	if (result == 0)
		result = fsync(fd);
	__quiet_close(fd);
	return result;
}

int spool_put(int spool, const char *name, const void *message, size_t bytes)
{
	char draft[NAME_MAX + 1];

	if (snprintf(draft, sizeof(draft), ".%s", name) > NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (write_file(spool, draft, message, bytes) < 0 ||
	    renameat(spool, draft, spool, name) < 0)
		return -1;
	return fsync(spool);
}

int spool_first(int spool, char name[NAME_MAX + 1])
{
	int fd = openat(spool, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	int found = 0;

	if (!directory)
		return -1;
	while ((entry = readdir(directory))) {
		if (entry->d_name[0] == '.' ||
		    (found && strcmp(entry->d_name, name) > 0))
			continue;
		strcpy(name, entry->d_name);
		found = 1;
	}
	closedir(directory);
	return found;
}

int spool_done(int spool, const char *name)
{
	return unlinkat(spool, name, 0) < 0 ? -1 : fsync(spool);
}
