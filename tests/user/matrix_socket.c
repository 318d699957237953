/*
 * matrix_socket.c - the rows `sockets` of matrix.def: the calls for sockets.
 * POSIX; the deadline is a timeout of the socket.
 */
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "tests/user/matrix_calls.h"

static void remove_name(struct place *p)
{
	unlink(path_of(p));
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

#define ROW_sockets	ROW_AS_STRUCT
#define LINUX_sockets	LINUX_AS_STRUCT
#include "tests/user/matrix_table.h"

int main(int argc, char **argv)
{
	return run_matrix(argc, argv, rows, differences);
}
