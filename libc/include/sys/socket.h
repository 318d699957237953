/* sys/socket.h - sockets: IEEE Std 1003.1-2017, and credentials. */
#pragma once

#include <sys/uio.h>

#include "kernel/abi/socket.h"

#define AF_LOCAL	AF_UNIX
#define PF_UNSPEC	AF_UNSPEC
#define PF_UNIX		AF_UNIX
#define PF_LOCAL	AF_UNIX
#define PF_INET		AF_INET
#define PF_INET6	AF_INET6

#define CMSG_DATA(cmsg) \
	((unsigned char *)((struct cmsghdr *)(cmsg) + 1))
#define CMSG_FIRSTHDR(msg) \
	((msg)->msg_controllen >= sizeof(struct cmsghdr) \
	 ? (struct cmsghdr *)(msg)->msg_control : (struct cmsghdr *)0)
#define CMSG_NXTHDR(msg, cmsg)	__next_control((msg), (cmsg))

/* Two sockets that are connected. EAFNOSUPPORT, EPROTONOSUPPORT, EPROTOTYPE,
 * EMFILE, ENFILE, ENOMEM. */
int socketpair(int family, int type, int protocol, int fds[2]);
/* A socket without a name. The same errors. */
int socket(int family, int type, int protocol);
int bind(int fd, const struct sockaddr *address, socklen_t bytes);
int listen(int fd, int backlog);
/* The next connection; waits for a client. */
int accept(int fd, struct sockaddr *address, socklen_t *bytes);
/* flags: SOCK_NONBLOCK, SOCK_CLOEXEC. */
int accept4(int fd, struct sockaddr *address, socklen_t *bytes, int flags);
/* Waits for room in the backlog of the server. */
int connect(int fd, const struct sockaddr *address, socklen_t bytes);
int shutdown(int fd, int how);
int sockatmark(int fd);

int getsockname(int fd, struct sockaddr *address, socklen_t *bytes);
int getpeername(int fd, struct sockaddr *address, socklen_t *bytes);
int getsockopt(int fd, int level, int option, void *value, socklen_t *bytes);
int setsockopt(int fd, int level, int option, const void *value,
	       socklen_t bytes);

/* flags: MSG_... */
ssize_t send(int fd, const void *bytes, size_t count, int flags);
ssize_t recv(int fd, void *bytes, size_t count, int flags);
ssize_t sendto(int fd, const void *bytes, size_t count, int flags,
	       const struct sockaddr *to, socklen_t to_bytes);
ssize_t recvfrom(int fd, void *bytes, size_t count, int flags,
		 struct sockaddr *from, socklen_t *from_bytes);
ssize_t sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t recvmsg(int fd, struct msghdr *message, int flags);

/* The control data behind this, or NULL. */
struct cmsghdr *__next_control(struct msghdr *message, struct cmsghdr *control);
