/* sys/socket.h - local sockets, in pairs. */
#pragma once

#include "kernel/abi/socket.h"
#include "kernel/abi/types.h"

#define AF_LOCAL	AF_UNIX
#define PF_UNIX		AF_UNIX
#define PF_LOCAL	AF_UNIX
#define MSG_NOSIGNAL	0x4000	/* no SIGPIPE */

int socketpair(int family, int type, int protocol, int fds[2]);
int shutdown(int fd, int how);

/* write() and read() of a socket. flags: 0, or MSG_NOSIGNAL to send; others
 * are EOPNOTSUPP. */
ssize_t send(int fd, const void *bytes, size_t count, int flags);
ssize_t recv(int fd, void *bytes, size_t count, int flags);
