/* sys/select.h - wait until one of several descriptors is ready, in sets. */
#pragma once

#include "kernel/abi/signal.h"
#include "kernel/abi/time.h"

#define FD_SETSIZE	1024

typedef struct {
	unsigned long fds_bits[FD_SETSIZE / (8 * sizeof(long))];
} fd_set;

#define __FD_WORD(fd, set) \
	((set)->fds_bits[(fd) / (8 * sizeof(long))])
#define __FD_BIT(fd)		(1ul << (fd) % (8 * sizeof(long)))

#define FD_SET(fd, set)		((void)(__FD_WORD(fd, set) |= __FD_BIT(fd)))
#define FD_CLR(fd, set)		((void)(__FD_WORD(fd, set) &= ~__FD_BIT(fd)))
#define FD_ISSET(fd, set)	((__FD_WORD(fd, set) & __FD_BIT(fd)) != 0)
#define FD_ZERO(set)		((void)(*(set) = (fd_set){ { 0 } }))

int pselect(int limit, fd_set *__restrict readers, fd_set *__restrict writers,
	fd_set *__restrict urgent, const struct timespec *__restrict timeout,
	const sigset_t *__restrict mask);
int select(int limit, fd_set *__restrict readers, fd_set *__restrict writers,
	fd_set *__restrict urgent, struct timeval *__restrict timeout);
