/* lockf.c - lockf(): a simpler form of the record locks of fcntl(). */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Is the section free, or locked by this process? */
static int test_lock(int fd, struct flock *lock)
{
	if (fcntl(fd, F_GETLK, lock) < 0)
		return -1;
	if (lock->l_type == F_UNLCK)
		return 0;
	errno = EACCES;
	return -1;
}

int lockf(int fd, int function, off_t bytes)
{
	struct flock lock = { F_WRLCK, SEEK_CUR, 0, bytes, 0 };

	switch (function) {
	case F_TEST:
		return test_lock(fd, &lock);
	case F_ULOCK:
		lock.l_type = F_UNLCK;
		return fcntl(fd, F_SETLK, &lock);
	case F_LOCK:
		return fcntl(fd, F_SETLKW, &lock);
	case F_TLOCK:
		return fcntl(fd, F_SETLK, &lock);
	default:
		errno = EINVAL;
		return -1;
	}
}
