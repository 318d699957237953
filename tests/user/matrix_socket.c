/*
 * matrix_socket.c - the rows `sockets` of matrix.def: the calls for sockets.
 * POSIX; the deadline is a timeout of the socket.
 */
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "tests/user/matrix.h"

static void put_byte(struct place *p)
{
	require(write(p->other, "x", 1) == 1);
}

static void take_ends(struct place *p, int fd, int other)
{
	p->fd = fd;
	p->other = other;
}

static const char *path_of(const struct place *p)
{
	static char path[64];

	snprintf(path, sizeof(path), "/tmp%s", p->name);
	return path;
}

static void new_sockets(struct place *p)
{
	int fds[2];

	require(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	take_ends(p, fds[0], fds[1]);
}

static void new_full_socket(struct place *p)
{
	new_sockets(p);
	fill_pipe(p->fd);
}

static void take_all(struct place *p)
{
	static char bytes[4096];

	set_nonblocking(p->other, 1);
	while (read(p->other, bytes, sizeof(bytes)) > 0)
		continue;
}

static void remove_name(struct place *p)
{
	unlink(path_of(p));
}

static void set_timeouts(struct place *p)
{
	const struct timeval soon = { 0, 5000 };

	require(setsockopt(p->fd, SOL_SOCKET, SO_RCVTIMEO, &soon,
			   sizeof(soon)) == 0);
	require(setsockopt(p->fd, SOL_SOCKET, SO_SNDTIMEO, &soon,
			   sizeof(soon)) == 0);
}

static int recv_byte(struct place *p)
{
	char byte;

	return outcome(recv(p->fd, &byte, 1, 0), 1);
}

static int send_byte(struct place *p)
{
	return outcome(send(p->fd, "x", 1, 0), 1);
}

static int recvmsg_byte(struct place *p)
{
	char byte;
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	return outcome(recvmsg(p->fd, &message, 0), 1);
}

static int sendmsg_byte(struct place *p)
{
	struct iovec part = { (char *)"x", 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	return outcome(sendmsg(p->fd, &message, 0), 1);
}

#define TIMED(call)							\
	static int call##_timed(struct place *p)			\
	{								\
		set_timeouts(p);					\
		return call(p);						\
	}

TIMED(recv_byte)
TIMED(send_byte)
TIMED(recvmsg_byte)
TIMED(sendmsg_byte)

static const struct call recv_row = {
	.prepare = new_sockets, .wait = recv_byte, .timed = recv_byte_timed,
	.happen = put_byte,
};

static const struct call send_row = {
	.prepare = new_full_socket, .wait = send_byte,
	.timed = send_byte_timed, .happen = take_all,
};

static const struct call recvmsg_row = {
	.prepare = new_sockets, .wait = recvmsg_byte,
	.timed = recvmsg_byte_timed, .happen = put_byte,
};

static const struct call sendmsg_row = {
	.prepare = new_full_socket, .wait = sendmsg_byte,
	.timed = sendmsg_byte_timed, .happen = take_all,
};

static int connect_by_name(struct place *p, int fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	strcpy(address.sun_path, path_of(p));
	return connect(fd, (struct sockaddr *)&address, sizeof(address));
}

static int new_listener(struct place *p)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	unlink(path_of(p));
	strcpy(address.sun_path, path_of(p));
	require(bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	require(listen(fd, 1) == 0);
	return fd;
}

static void new_server(struct place *p)
{
	take_ends(p, new_listener(p), -1);
}

static int accept_one(struct place *p)
{
	return accept(p->fd, NULL, NULL) < 0 ? errno : DONE;
}

TIMED(accept_one)

static void connect_one(struct place *p)
{
	require(connect_by_name(p, socket(AF_UNIX, SOCK_STREAM, 0)) == 0);
}

static const struct call accept_row = {
	.prepare = new_server, .wait = accept_one, .timed = accept_one_timed,
	.happen = connect_one, .remove = remove_name,
};

/* A client, and a server with a full backlog. */
static void new_busy_server(struct place *p)
{
	int listener = new_listener(p), client;

	do {
		client = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		require(client >= 0);
	} while (connect_by_name(p, client) == 0);
	require(errno == EAGAIN);
	set_nonblocking(client, 0);
	take_ends(p, client, listener);
}

static int connect_client(struct place *p)
{
	return connect_by_name(p, p->fd) < 0 ? errno : DONE;
}

TIMED(connect_client)

static void accept_first(struct place *p)
{
	require(accept(p->other, NULL, NULL) >= 0);
}

static const struct call connect_row = {
	.prepare = new_busy_server, .wait = connect_client,
	.timed = connect_client_timed, .happen = accept_first,
	.remove = remove_name,
};

/* ---- The table ----------------------------------------------------------- */

#define ROW_terminals(...)
#define LINUX_terminals(...)
#define ROW_sockets	ROW_AS_STRUCT
#define ROW_inet(...)
#define ROW_queues(...)
#define LINUX_queues(...)
#define ROW_locks(...)
#define LINUX_locks(...)
#define LINUX_inet(...)
#define ROW_files(...)
#define ROW_sync(...)
#define ROW_sysv(...)
#define ROW_parley(...)
#define LINUX_sockets(...)
#define LINUX_files(...)
#define LINUX_sysv(...)
#define LINUX_sync(...)

static const struct row rows[] = {
#include "tests/user/matrix.def"
	{ 0 }
};

#undef ROW_sockets
#undef LINUX_sockets
#define ROW_sockets(...)
#define LINUX_sockets	LINUX_AS_STRUCT

static const struct on_linux differences[] = {
#include "tests/user/matrix.def"
	{ 0 }
};

int main(int argc, char **argv)
{
	return run_matrix(argc, argv, rows, differences);
}
