/* socket.c - send() and recv(), on top of write() and read(). */
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int is_allowed(int fd, int flags, int known)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return 0;
	if (!S_ISSOCK(status.st_mode))
		errno = ENOTSOCK;
	else if (flags & ~known)
		errno = EOPNOTSUPP;
	else
		return 1;
	return 0;
}

/* The SIGPIPE of this write is taken away, unless one waited before. */
static ssize_t write_quietly(int fd, const void *bytes, size_t count)
{
	static const struct timespec now;
	sigset_t pipe_set, old, pending;
	ssize_t done;
	int error;

	sigemptyset(&pipe_set);
	sigaddset(&pipe_set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &pipe_set, &old);
	sigpending(&pending);
	done = write(fd, bytes, count);
	error = errno;
	if (done < 0 && error == EPIPE && !sigismember(&pending, SIGPIPE))
		sigtimedwait(&pipe_set, NULL, &now);
	sigprocmask(SIG_SETMASK, &old, NULL);
	errno = error;
	return done;
}

ssize_t send(int fd, const void *bytes, size_t count, int flags)
{
	if (!is_allowed(fd, flags, MSG_NOSIGNAL))
		return -1;
	return flags ? write_quietly(fd, bytes, count)
		     : write(fd, bytes, count);
}

ssize_t recv(int fd, void *bytes, size_t count, int flags)
{
	return is_allowed(fd, flags, 0) ? read(fd, bytes, count) : -1;
}
