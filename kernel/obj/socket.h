/*
 * socket.h - sockets: what all families share.
 *
 * A family (local sockets, internet) makes objects that begin with a struct
 * socket, with one table of operations. The operations follow the rules of
 * object.h: they never sleep. kernel/obj/socket.c does the blocking, the
 * deadlines and SIGPIPE, as file.c does for read(2) and write(2), and
 * kernel/sys/socket.c has the system calls. All functions need [P].
 */
#pragma once

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/socket.h"
#include "kernel/obj/flight.h"
#include "kernel/obj/vector.h"

/* The largest address; the families know its inside. [own] */
struct socket_address {
	socklen_t bytes;
	union {
		struct sockaddr any;
		struct sockaddr_un local;
		struct sockaddr_storage room;
	};
};

struct socket {
	struct object object;		/* [P] first */
	int type;			/* [const] SOCK_ */
	int protocol;			/* [const] IPPROTO_; 0: local */
	int error;			/* [P] for SO_ERROR: an errno, or 0 */
	bool has_ended[2];		/* [P] by end: no more comes, goes */
	uint64_t timeout_ns[2];		/* [P] by end; FOREVER: none */
	uint32_t room_bytes[2];		/* [P] SO_RCVBUF, SO_SNDBUF */
	struct linger linger;		/* [P] SO_LINGER */
	struct ucred peer_owner;	/* [P] SO_PEERCRED; pid 0: not known */
	/* As the options are, most of them 0 or 1: */
	int listens;			/* [P] SO_ACCEPTCONN */
	int wants_credentials;		/* [P] SO_PASSCRED */
	int reuses_address;		/* [P] SO_REUSEADDR */
	int keeps_alive;		/* [P] SO_KEEPALIVE */
	int broadcasts;			/* [P] SO_BROADCAST */
	int sends_at_once;		/* [P] TCP_NODELAY */
	int segment_bytes;		/* [P] TCP_MAXSEG */
	int ignored[3];			/* [P] without an effect */
};

/* What travels with the bytes of a message. [own] */
struct cover {
	struct ucred sender;		/* pid 0: not known */
	struct flight *flights;		/* NULL once a packet has them */
};

/*
 * A send, receive, connect or accept under way. [own]
 *
 * If an operation answers -EAGAIN, the call waits in the queue of `target`:
 * END_WRITE to send or connect, END_READ to receive or accept.
 */
struct socket_call {
	struct open_file *file;
	struct socket *socket;		/* the file's object */
	struct object *target;		/* where the call waits */
	int flags;			/* MSG_; a receive adds some */
	const struct iovec *parts;	/* of user memory */
	size_t bytes;			/* in all parts */
	size_t length;			/* of the received message, or bytes
					 * that a stream has */
	size_t done;			/* bytes of a stream in earlier steps */
	struct socket_address *address;	/* to or from; NULL: not wanted */
	struct cover cover;		/* to send, or of the message */
	bool is_whole;			/* the receive ends with this step */
	struct open_file *accepted;	/* with a reference for the call */
	/* Give what was received to the user, before it is taken. 0, or an
	 * errno: the message stays. NULL: there is only the data. */
	int (*give)(struct socket_call *call);
};

/* [const]: one table for each family. NULL: -EOPNOTSUPP. */
struct socket_ops {
	int family;
	/* bind, aim: the caller holds a reference; a path may wait. */
	int (*bind)(struct socket *socket, const struct socket_address *name);
	int (*listen)(struct socket *socket, int backlog);
	/* Find the target of a send or a connect, with a reference. 0, or the
	 * errno of the call. NULL: the socket itself. */
	int (*aim)(struct socket_call *call);
	/* 0, -EAGAIN, -EINPROGRESS with MSG_DONTWAIT, or an errno. */
	int (*connect)(struct socket_call *call);
	/* connect(2) with AF_UNSPEC. */
	int (*disconnect)(struct socket *socket);
	/* Bytes, -EAGAIN or an errno. A stream sends what fits, from byte
	 * `done` on. The flights depart with the first bytes. */
	long (*send)(struct socket_call *call);
	/* Copy to the user and leave the message: bytes, 0 at the end, -EAGAIN,
	 * or an errno. Fills in address, cover and flags. */
	long (*receive)(struct socket_call *call);
	/* 0 and call->accepted, address; the connection stays. */
	int (*accept)(struct socket_call *call);
	/* Remove so many bytes, a message, or a connection, after the user has
	 * everything. */
	void (*take)(struct socket_call *call, long bytes);
	int (*shut_down)(struct socket *socket, int how);
	/* Does the peer have all bytes? close(2) waits for this, at END_WRITE,
	 * with SO_LINGER. NULL: always. */
	bool (*is_sent)(const struct socket *socket);
	/* The name of the socket, or of the peer. */
	int (*get_name)(struct socket *socket, bool of_peer,
			struct socket_address *name);
	/* An option was switched on or off. NULL: all the same. */
	void (*options_changed)(struct socket *socket);
};

/* [const], or as the field says. */
struct socket_family {
	int number;			/* [const] AF_ */
	/* A socket and its open file; flags may have O_NONBLOCK. 0,
	 * -EPROTOTYPE (the type), -EPROTONOSUPPORT, -ENOMEM, -ENFILE. */
	int (*create)(int type, int protocol, uint32_t flags,
		      struct open_file **out);
	/* Connect two new sockets. NULL: no pairs (-EOPNOTSUPP). */
	int (*connect_pair)(struct socket *one, struct socket *other);
	struct socket_family *next;	/* [P] */
};

/* Called once for each family, at boot. */
void socket_add_family(struct socket_family *family);
/* NULL: -EAFNOSUPPORT. */
const struct socket_family *socket_find_family(int number);

void socket_init(struct socket *socket, const struct object_ops *ops, int type);

static inline const struct socket_ops *
socket_ops_of(const struct socket *socket)
{
	return socket->object.ops->socket;
}

/* NULL: -ENOTSOCK. */
static inline struct socket *socket_of(const struct open_file *file)
{
	if (!file->object->ops->socket)
		return NULL;
	return CONTAINER_OF(file->object, struct socket, object);
}

static inline bool socket_is_stream(const struct socket *socket)
{
	return socket->type == SOCK_STREAM;
}

/* The error for the next call, as a negative errno; or 0. */
int socket_take_error(struct socket *socket);
/* The connection breaks: the next call gets this errno. */
void socket_break(struct socket *socket, int error);
/* The connection stands, or a direction has ended: all waiting tasks look
 * again, one after the other. */
void socket_wake_end(struct socket *socket);
/* shutdown(2): no more comes (SHUT_RD), no more goes (SHUT_WR), or both. */
void socket_end(struct socket *socket, int how);

/* The result of a receive without a byte to receive. */
static inline long socket_receive_nothing(struct socket *socket)
{
	if (socket->error)
		return socket_take_error(socket);
	return socket->has_ended[END_READ] ? 0 : -EAGAIN;
}

/* What poll(2) sees of an error, and of the ends. */
unsigned socket_poll_end(const struct socket *socket);
/* Trace the name of a socket that has a peer now, or listens. */
void socket_trace_name(const struct socket *socket);

/* Operation of struct object_ops. */
int socket_stat(struct object *object, struct stat *status);

/* When a wait at this end that begins now is over. */
static inline uint64_t socket_deadline_ns(const struct socket *socket, int end)
{
	return socket->timeout_ns[end] == FOREVER
		? FOREVER : arch_now_ns() + socket->timeout_ns[end];
}

/* ---- Calls that may sleep ------------------------------------------------ */

/* Begin a call: the flags, and MSG_DONTWAIT of O_NONBLOCK. */
void socket_call_init(struct socket_call *call, struct open_file *file,
		      int flags);
/* The bytes of the call are this part of user memory. 0, or -EFAULT. */
int socket_call_part(struct socket_call *call, const struct iovec *part);
/* Bytes; -EAGAIN (MSG_DONTWAIT, or the timeout), -EINTR, -EFAULT, -EPIPE (after
 * SIGPIPE, unless MSG_NOSIGNAL), or an errno of the operations. */
ssize_t socket_send(struct socket_call *call);
ssize_t socket_receive(struct socket_call *call);
/* 0, or an errno as above. */
int socket_connect(struct socket_call *call);
int socket_accept(struct socket_call *call);
/* The caller has the last reference and will close the file: wait, if SO_LINGER
 * says so. */
void socket_linger(struct open_file *file);

/* read(2) and write(2). */
ssize_t socket_read(struct open_file *file, uaddr_t to, size_t bytes);
ssize_t socket_write(struct open_file *file, uaddr_t from, size_t bytes);
