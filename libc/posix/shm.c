/* shm.c - shared memory by name: files in /ipc/shm. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "libc/internal.h"

#define DIRECTORY "/ipc/shm/"

/* The path of a name; -1 with errno when it is none. */
static int path_of(const char *name, char path[sizeof(DIRECTORY) + NAME_MAX])
{
	if (*name == '/')
		name++;
	errno = EINVAL;
	if (*name == '\0' || strchr(name, '/') || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0)
		return -1;
	errno = ENAMETOOLONG;
	if (strlen(name) > NAME_MAX)
		return -1;
	strcpy(path, DIRECTORY);
	strcat(path, name);
	return 0;
}

/* In a directory with the sticky bit the kernel answers EPERM for unlink(), and
 * POSIX wants EACCES for the names of objects. */
int __unlink_ipc(const char *path)
{
	if (unlink(path) == 0)
		return 0;
	if (errno == EPERM)
		errno = EACCES;
	return -1;
}

int shm_open(const char *name, int oflag, mode_t mode)
{
	char path[sizeof(DIRECTORY) + NAME_MAX];
	int old_error = errno;

	if ((oflag & O_ACCMODE) != O_RDONLY && (oflag & O_ACCMODE) != O_RDWR) {
		errno = EINVAL;
		return -1;
	}
	if (path_of(name, path) < 0)
		return -1;
	errno = old_error;
	return open(path, oflag | O_CLOEXEC, mode);
}

int shm_unlink(const char *name)
{
	char path[sizeof(DIRECTORY) + NAME_MAX];
	int old_error = errno;

	if (path_of(name, path) < 0) {
		if (errno == EINVAL)
			errno = ENOENT;
		return -1;
	}
	errno = old_error;
	return __unlink_ipc(path);
}
