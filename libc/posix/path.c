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

/* The place behind out[length] is a symbolic link: put its text in front of the
   names left. The new length of out, or 0 with errno. */
static size_t follow(char *out, size_t length, char *left, int has_slash)
{
	char text[PATH_MAX];
	ssize_t bytes = readlink(out, text, sizeof(text) - 1);
	size_t rest = strlen(left);

	if (bytes < 0)
		return 0;
	if (rest > 0 || has_slash)
		text[bytes++] = '/';
	if (bytes + rest >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return 0;
	}
	memmove(left + bytes, left, rest + 1);
	memcpy(left, text, bytes);
	if (left[0] == '/')
		return 1;
	while (length > 1 && out[--length] != '/')
		;
	return length;
}

/* Take the names of `left`, one by one, to the absolute path `out`. */
static int resolve(char *left, char *out, size_t length)
{
	struct stat status;
	int links = 0;

	while (*left) {
		size_t n = strcspn(left, "/"), skip = n + strspn(left + n, "/");
		int is_followed = left[n] == '/';

		length = append(out, length, left, n);
		if (length == 0) {
			errno = ENAMETOOLONG;
			return -1;
		}
		out[length] = '\0';
		memmove(left, left + skip, strlen(left + skip) + 1);
		if (lstat(out, &status) < 0)
			return -1;
		if (S_ISLNK(status.st_mode)) {
			if (++links > SYMLOOP_MAX) {
				errno = ELOOP;
				return -1;
			}
			length = follow(out, length, left,
					is_followed);
			if (length == 0)
				return -1;
			out[length] = '\0';
		} else if (is_followed && !S_ISDIR(status.st_mode)) {
			errno = ENOTDIR;
			return -1;
		}
	}
	return 0;
}

char *realpath(const char *restrict path, char *restrict resolved)
{
	char out[PATH_MAX + 1] = "/", left[PATH_MAX];

	if (!path) {
		errno = EINVAL;
		return NULL;
	}
	if (*path == '\0') {
		errno = ENOENT;
		return NULL;
	}
	if (strlcpy(left, path, sizeof(left)) >= sizeof(left)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	if (*path != '/' && __sys_getcwd(out, PATH_MAX) < 0)
		return NULL;
	if (resolve(left, out, strlen(out)) < 0)
		return NULL;
	return resolved ? strcpy(resolved, out) : strdup(out);
}
