/*
 * uio.c - reads and writes of several pieces with one system call.
 *
 * The pieces go through one buffer, so that a writev() is as atomic as the
 * write() of the same bytes.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define SMALL 512

/* The bytes in all of them, or -1 and EINVAL. */
static ssize_t total(const struct iovec *pieces, int count)
{
	size_t bytes = 0;

	if (count <= 0 || count > IOV_MAX)
		goto invalid;
	for (int i = 0; i < count; i++) {
		if (pieces[i].iov_len > SSIZE_MAX - bytes)
			goto invalid;
		bytes += pieces[i].iov_len;
	}
	return (ssize_t)bytes;
invalid:
	errno = EINVAL;
	return -1;
}

ssize_t readv(int fd, const struct iovec *pieces, int count)
{
	char small[SMALL], *large = NULL, *buffer;
	ssize_t bytes = total(pieces, count), done;
	size_t left, n;

	if (bytes > SMALL)
		large = malloc(bytes);
	if (bytes < 0 || (bytes > SMALL && !large))
		return -1;
	buffer = large ? large : small;
	pthread_cleanup_push(free, large);
	done = read(fd, buffer, bytes);
	left = done > 0 ? done : 0;
	for (size_t at = 0; left > 0; pieces++, at += n, left -= n) {
		n = pieces->iov_len < left ? pieces->iov_len : left;
		memcpy(pieces->iov_base, buffer + at, n);
	}
	pthread_cleanup_pop(1);
	return done;
}

ssize_t writev(int fd, const struct iovec *pieces, int count)
{
	char small[SMALL], *large = NULL, *buffer, *to;
	ssize_t bytes = total(pieces, count), done;

	if (bytes > SMALL)
		large = malloc(bytes);
	if (bytes < 0 || (bytes > SMALL && !large))
		return -1;
	to = buffer = large ? large : small;
	pthread_cleanup_push(free, large);
	for (int i = 0; i < count; i++)
		to = mempcpy(to, pieces[i].iov_base, pieces[i].iov_len);
	done = write(fd, buffer, bytes);
	pthread_cleanup_pop(1);
	return done;
}
