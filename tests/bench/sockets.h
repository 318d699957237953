/* sockets.h - sockets, or the news that this system has none. */
#pragma once

#if __has_include(<sys/socket.h>)
#include <sys/socket.h>
#else
#include <errno.h>

#define AF_UNIX		1
#define SOCK_STREAM	1

static inline int socketpair(int family, int type, int protocol, int *ends)
{
	(void)family;
	(void)type;
	(void)protocol;
	(void)ends;
	errno = ENOSYS;
	return -1;
}
#endif
