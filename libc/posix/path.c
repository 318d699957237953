/* path.c - the working directory, and paths in their shortest form. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libc/syscall.h"

char *getcwd(char *buffer, size_t bytes)
{
	char path[PATH_MAX];

	if (buffer && bytes == 0) {
		errno = EINVAL;
		return NULL;
	}
	if (buffer)
		return __sys_getcwd(buffer, bytes) < 0 ? NULL : buffer;

	/* No buffer: one from malloc(), as most systems do. */
	if (__sys_getcwd(path, sizeof(path)) < 0)
		return NULL;
	return strdup(path);
}

/* Append a component to the absolute path at out, of length bytes; gives the
   new length, 0 if it does not fit. */
static size_t append(char *out, size_t length, const char *name, size_t n)
{
	if (n == 0 || (n == 1 && name[0] == '.'))
		return length;
	if (n == 2 && name[0] == '.' && name[1] == '.') {
		while (length > 1 && out[--length] != '/')
			;
		return length;
	}
	if (length > 1)
		out[length++] = '/';
	if (length + n >= PATH_MAX)
		return 0;
	memcpy(out + length, name, n);
	return length + n;
}

/* Make an absolute path without "." and ".."; each prefix must be a directory
   that exists. There are no links to follow. */
static int resolve(const char *path, char *out)
{
	size_t length = 1;
	struct stat status;

	if (*path != '/') {
		if (__sys_getcwd(out, PATH_MAX) < 0)
			return -1;
		length = strlen(out);
	} else {
		out[0] = '/';
	}
	while (*path) {
		size_t n = strcspn(path, "/");

		length = append(out, length, path, n);
		if (length == 0) {
			errno = ENAMETOOLONG;
			return -1;
		}
		out[length] = '\0';
		path += n;
		if (stat(out, &status) < 0)
			return -1;
		if (*path == '/' && !S_ISDIR(status.st_mode)) {
			errno = ENOTDIR;
			return -1;
		}
		path += strspn(path, "/");
	}
	return 0;
}

char *realpath(const char *restrict path, char *restrict resolved)
{
	char out[PATH_MAX + 1];

	if (!path) {
		errno = EINVAL;
		return NULL;
	}
	if (*path == '\0') {
		errno = ENOENT;
		return NULL;
	}
	if (resolve(path, out) < 0)
		return NULL;
	return resolved ? strcpy(resolved, out) : strdup(out);
}
