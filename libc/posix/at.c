/* at.c - the calls on a path in the working directory: each is the system call
   for a path in an open directory, with AT_FDCWD. A program may define a
   function of such a name, as of any system call. */
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#pragma weak access
#pragma weak chmod
#pragma weak chown
#pragma weak lchown
#pragma weak link
#pragma weak lstat
#pragma weak mkdir
#pragma weak mkfifo
#pragma weak mkfifoat
#pragma weak mknod
#pragma weak open
#pragma weak readlink
#pragma weak rmdir
#pragma weak stat
#pragma weak symlink
#pragma weak unlink

int access(const char *path, int how)
{
	return faccessat(AT_FDCWD, path, how, 0);
}

int chmod(const char *path, mode_t mode)
{
	return fchmodat(AT_FDCWD, path, mode, 0);
}

int chown(const char *path, uid_t user, gid_t group)
{
	return fchownat(AT_FDCWD, path, user, group, 0);
}

int lchown(const char *path, uid_t user, gid_t group)
{
	return fchownat(AT_FDCWD, path, user, group, AT_SYMLINK_NOFOLLOW);
}

int link(const char *from, const char *to)
{
	return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int lstat(const char *restrict path, struct stat *restrict status)
{
	return fstatat(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW);
}

int mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

int mkfifo(const char *path, mode_t mode)
{
	return mknodat(AT_FDCWD, path, S_IFIFO | (mode & ~S_IFMT), 0);
}

int mkfifoat(int fd, const char *path, mode_t mode)
{
	return mknodat(fd, path, S_IFIFO | (mode & ~S_IFMT), 0);
}

int mknod(const char *path, mode_t mode, dev_t device)
{
	return mknodat(AT_FDCWD, path, mode, device);
}

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list more;

	va_start(more, flags);
	if (flags & O_CREAT)
		mode = va_arg(more, mode_t);
	va_end(more);
	return openat(AT_FDCWD, path, flags, mode);
}

ssize_t readlink(const char *restrict path, char *restrict target,
	size_t bytes)
{
	return readlinkat(AT_FDCWD, path, target, bytes);
}

int rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int stat(const char *restrict path, struct stat *restrict status)
{
	return fstatat(AT_FDCWD, path, status, 0);
}

int symlink(const char *target, const char *path)
{
	return symlinkat(target, AT_FDCWD, path);
}

int unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}
