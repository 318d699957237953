/* xattr.c - extended attributes: no file system has any. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>

/* -1, and errno for a file that is not there, else ENOTSUP. */
static int refuse(int fd, const char *path, int flags)
{
	struct stat status;

	if ((path ? fstatat(fd, path, &status, flags)
		  : fstat(fd, &status)) == 0)
		errno = ENOTSUP;
	return -1;
}

#define BY_PATH(result, name, flags, ...)				\
	result name(const char *path, __VA_ARGS__)			\
	{								\
		return refuse(AT_FDCWD, path, flags);			\
	}
#define BY_FD(result, name, ...)					\
	result name(int fd, __VA_ARGS__)				\
	{								\
		return refuse(fd, NULL, 0);				\
	}

#pragma GCC diagnostic ignored "-Wunused-parameter"

BY_PATH(int, setxattr, 0, const char *name, const void *value, size_t bytes,
	int how)
BY_PATH(int, lsetxattr, AT_SYMLINK_NOFOLLOW, const char *name,
	const void *value, size_t bytes, int how)
BY_FD(int, fsetxattr, const char *name, const void *value, size_t bytes,
      int how)
BY_PATH(ssize_t, getxattr, 0, const char *name, void *value, size_t bytes)
BY_PATH(ssize_t, lgetxattr, AT_SYMLINK_NOFOLLOW, const char *name,
	void *value, size_t bytes)
BY_FD(ssize_t, fgetxattr, const char *name, void *value, size_t bytes)
BY_PATH(ssize_t, listxattr, 0, char *names, size_t bytes)
BY_PATH(ssize_t, llistxattr, AT_SYMLINK_NOFOLLOW, char *names, size_t bytes)
BY_FD(ssize_t, flistxattr, char *names, size_t bytes)
BY_PATH(int, removexattr, 0, const char *name)
BY_PATH(int, lremovexattr, AT_SYMLINK_NOFOLLOW, const char *name)
BY_FD(int, fremovexattr, const char *name)
