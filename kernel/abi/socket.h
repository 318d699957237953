/* socket.h - numbers of local sockets. */
#pragma once

#define AF_UNIX		1
#define SOCK_STREAM	1
#define SOCK_DGRAM	2	/* there are none */
#define SOCK_SEQPACKET	5	/* there are none */
#define SOCK_NONBLOCK	04000	/* O_NONBLOCK of both */
#define SOCK_CLOEXEC	02000000 /* FD_CLOEXEC of both */

/* shutdown(2): no more is received, sent, or both. */
#define SHUT_RD		0
#define SHUT_WR		1
#define SHUT_RDWR	2
