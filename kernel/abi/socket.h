/* socket.h - numbers and structs of sockets; the values are those of Linux. */
#pragma once

#include "kernel/abi/types.h"

typedef uint32_t socklen_t;
typedef uint16_t sa_family_t;

#define AF_UNSPEC	0
#define AF_UNIX		1
#define AF_INET		2
#define AF_INET6	10	/* no sockets: for textbooks */

#define SOCK_STREAM	1	/* bytes in order */
#define SOCK_DGRAM	2	/* messages, each with an address */
#define SOCK_RAW	3	/* packets as the protocol has them: ICMP */
#define SOCK_RAW	3	/* packets as the protocol has them: ICMP */
#define SOCK_SEQPACKET	5	/* messages in order, between two sockets */
#define SOCK_NONBLOCK	04000	/* with the type: O_NONBLOCK */
#define SOCK_CLOEXEC	02000000 /* with the type: FD_CLOEXEC */

#define SOMAXCONN	128	/* the most for listen(2) */

/* shutdown(2): no more is received, sent, or both. */
#define SHUT_RD		0
#define SHUT_WR		1
#define SHUT_RDWR	2

/* Flags of a send or receive; some come back in msg_flags. */
#define MSG_OOB		0x1
#define MSG_PEEK	0x2	/* leave what was received */
#define MSG_DONTROUTE	0x4
#define MSG_CTRUNC	0x8	/* out: control data is missing */
#define MSG_TRUNC	0x20	/* out: bytes are missing; in: full length */
#define MSG_DONTWAIT	0x40	/* as with O_NONBLOCK */
#define MSG_EOR		0x80	/* the end of a record */
#define MSG_WAITALL	0x100	/* wait for all bytes */
#define MSG_NOSIGNAL	0x4000	/* no SIGPIPE */
#define MSG_CMSG_CLOEXEC 0x40000000 /* FD_CLOEXEC of received descriptors */

/* getsockopt(2), setsockopt(2). */
#define SOL_SOCKET	1
#define SO_DEBUG	1
#define SO_REUSEADDR	2
#define SO_TYPE		3
#define SO_ERROR	4	/* and clear the error */
#define SO_DONTROUTE	5
#define SO_BROADCAST	6
#define SO_SNDBUF	7	/* bytes */
#define SO_RCVBUF	8
#define SO_KEEPALIVE	9
#define SO_OOBINLINE	10
#define SO_LINGER	13	/* struct linger */
#define SO_PASSCRED	16	/* receive SCM_CREDENTIALS */
#define SO_PEERCRED	17	/* struct ucred of the peer */
#define SO_RCVLOWAT	18
#define SO_SNDLOWAT	19
#define SO_RCVTIMEO	20	/* struct timeval; 0: for ever */
#define SO_SNDTIMEO	21
#define SO_ACCEPTCONN	30	/* does the socket listen? */
#define SO_PROTOCOL	38
#define SO_DOMAIN	39

/* Kinds of control data. */
#define SCM_RIGHTS	1	/* int[]: descriptors */
#define SCM_CREDENTIALS	2	/* struct ucred */
#define SCM_MAX_FD	253	/* descriptors of one message */

struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};

struct sockaddr_storage {
	sa_family_t ss_family;
	uint16_t ss_pad[63];
} __attribute__((aligned(4)));

struct sockaddr_un {
	sa_family_t sun_family;
	char sun_path[108];
};

struct linger {
	int l_onoff;
	int l_linger;		/* seconds */
};

/* A process, as the kernel saw it at connect(2), listen(2) or sendmsg(2). */
struct ucred {
	pid_t pid;
	uid_t uid;
	gid_t gid;
};

struct iovec;

struct msghdr {
	void *msg_name;		/* the address, or NULL */
	socklen_t msg_namelen;
	struct iovec *msg_iov;
	int msg_iovlen;
	void *msg_control;	/* struct cmsghdr and data, aligned */
	socklen_t msg_controllen;
	int msg_flags;		/* of a receive */
};

struct cmsghdr {
	socklen_t cmsg_len;	/* with this header */
	int cmsg_level;
	int cmsg_type;
};

/* Control data begins at multiples of a word. */
#define CMSG_ALIGN(bytes)	(((bytes) + sizeof(long) - 1) & \
				 ~(sizeof(long) - 1))
#define CMSG_SPACE(bytes)	(CMSG_ALIGN(sizeof(struct cmsghdr)) + \
				 CMSG_ALIGN(bytes))
#define CMSG_LEN(bytes)		(CMSG_ALIGN(sizeof(struct cmsghdr)) + (bytes))
