/* epoll.c - the shorter forms of epoll's calls. */
#include <errno.h>
#include <stddef.h>
#include <sys/epoll.h>

int epoll_create(int size)
{
	if (size > 0)
		return epoll_create1(0);
	errno = EINVAL;
	return -1;
}

int epoll_wait(int epoll, struct epoll_event *events, int count, int timeout_ms)
{
	return epoll_pwait(epoll, events, count, timeout_ms, NULL);
}
