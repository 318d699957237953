/* descriptor.c - small relatives of the system calls on open files. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

int creat(const char *path, mode_t mode)
{
	return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int pipe(int fds[2])
{
	return pipe2(fds, 0);
}

int futimens(int fd, const struct timespec times[2])
{
	return utimensat(fd, NULL, times, 0);
}

int utimes(const char *path, const struct timeval times[2])
{
	struct timespec exact[2];

	if (!times)
		return utimensat(AT_FDCWD, path, NULL, 0);
	for (int i = 0; i < 2; i++) {
		exact[i].tv_sec = times[i].tv_sec;
		exact[i].tv_nsec = times[i].tv_usec * 1000;
	}
	return utimensat(AT_FDCWD, path, exact, 0);
}

int utime(const char *path, const struct utimbuf *times)
{
	struct timespec exact[2] = { { 0, 0 }, { 0, 0 } };

	if (!times)
		return utimensat(AT_FDCWD, path, NULL, 0);
	exact[0].tv_sec = times->actime;
	exact[1].tv_sec = times->modtime;
	return utimensat(AT_FDCWD, path, exact, 0);
}

int posix_fadvise(int fd, off_t offset, off_t bytes, int advice)
{
	struct stat status;
	int saved = errno, error = 0;

	(void)offset;
	if (fstat(fd, &status) < 0)
		error = EBADF;
	else if (S_ISFIFO(status.st_mode))
		error = ESPIPE;
	else if (advice < 0 || advice > POSIX_FADV_NOREUSE || bytes < 0)
		error = EINVAL;
	errno = saved;
	return error;
}

int posix_fallocate(int fd, off_t offset, off_t bytes)
{
	struct stat status;
	int saved = errno, error = 0;

	if (offset < 0 || bytes <= 0)
		return EINVAL;
	if (fstat(fd, &status) < 0)
		error = EBADF;
	else if (S_ISFIFO(status.st_mode))
		error = ESPIPE;
	else if (!S_ISREG(status.st_mode))
		error = ENODEV;
	else if (bytes > INT64_MAX - offset)
		error = EFBIG;
	else if (status.st_size < offset + bytes &&
		 ftruncate(fd, offset + bytes) < 0)
		error = errno == EINVAL ? EBADF : errno;
	errno = saved;
	return error;
}
