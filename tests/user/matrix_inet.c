/*
 * matrix_inet.c - the rows `inet` of matrix.def: calls for TCP and UDP on the
 * loopback. POSIX; the deadline is a timeout of the socket.
 */
#include <sys/time.h>

#include "tests/user/inet.h"
#include "tests/user/matrix_calls.h"

/* ---- TCP ----------------------------------------------------------------- */

static void new_connection(struct place *p)
{
	int ends[2];

	open_connection(ends);
	p->fd = ends[0];
	p->other = ends[1];
}

/* More bytes than the peer has room for, in large pieces: Linux drops a short
 * segment that has no room, and sends it again after a time that doubles. */
static void new_loaded_connection(struct place *p)
{
	static const char zeros[65536];

	new_connection(p);
	set_nonblocking(p->fd, 1);
	while (write(p->fd, zeros, sizeof(zeros)) > 0)
		case_pause();
	set_nonblocking(p->fd, 0);
}

/* ... and not a byte more goes in. A segment that was dropped may still come:
 * be full for longer than Linux waits before it sends again. The loopback of
 * Parley drops none, but the peer may confirm the last one a tick later. */
static void new_full_connection(struct place *p)
{
	int looks = leak_is_parley() ? 100 : 250;

	new_loaded_connection(p);
	for (int quiet = 0; quiet < looks; quiet++) {
		if (fill_pipe(p->fd) > 0)
			quiet = 0;
		case_pause();
	}
}

/* Take what has come. Has the sender got rid of all bytes? */
static int is_taken(struct place *p)
{
	static char bytes[4096];

	while (read(p->other, bytes, sizeof(bytes)) > 0)
		continue;
	return p->has_ended;
}

static void let_all_go(struct place *p)
{
	set_nonblocking(p->other, 1);
	UNTIL(is_taken(p));
}

TIMED(recv_byte)
TIMED(send_byte)

static const struct call tcp_recv_row = {
	.prepare = new_connection, .wait = recv_byte, .timed = recv_byte_timed,
	.happen = put_byte,
};

static const struct call tcp_send_row = {
	.prepare = new_full_connection, .wait = send_byte,
	.timed = send_byte_timed, .happen = let_all_go,
};

static void new_server(struct place *p)
{
	p->fd = listening(1);
}

TIMED(accept_one)

static void connect_one(struct place *p)
{
	require(connect_to(socket(AF_INET, SOCK_STREAM, 0), p->fd) == 0);
}

static const struct call tcp_accept_row = {
	.prepare = new_server, .wait = accept_one, .timed = accept_one_timed,
	.happen = connect_one,
};

/* The place of a server whose backlog is full. */
static struct sockaddr_in busy;

static void new_busy_server(struct place *p)
{
	p->fd = socket(AF_INET, SOCK_STREAM, 0);
	p->other = listening(1);
	busy = name_of(p->other);
	for (int i = 0; i < 4; i++) {
		int client = socket(AF_INET, SOCK_STREAM, 0);

		set_nonblocking(client, 1);
		require(connect_to(client, p->other) == 0 ||
			errno == EINPROGRESS);
		case_pause();
	}
}

static int connect_busy(struct place *p)
{
	return outcome(connect(p->fd, (struct sockaddr *)&busy, sizeof(busy)),
		       0);
}

TIMED(connect_busy)

/* Make room, for the clients in front of the waiter, too. */
static int has_accepted(struct place *p)
{
	close(accept(p->other, NULL, NULL));
	return p->has_ended;
}

static void accept_all(struct place *p)
{
	set_nonblocking(p->other, 1);
	UNTIL(has_accepted(p));
}

static const struct call tcp_connect_row = {
	.prepare = new_busy_server, .wait = connect_busy,
	.timed = connect_busy_timed, .happen = accept_all,
};

/* The waiter has the only descriptor of an end with bytes to send. */
static void keep_one(struct place *p)
{
	const struct linger time = { 1, column == DEADLINE ? 1 : 1000 };

	require(setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &time,
			   sizeof(time)) == 0);
}

static int close_end(struct place *p)
{
	return outcome(close(p->fd), 0);
}

static const struct call tcp_close_row = {
	.prepare = new_loaded_connection, .enter = keep_one, .wait = close_end,
	.timed = close_end, .happen = take_all, .is_alone = true,
};

/* ---- UDP ----------------------------------------------------------------- */

static void new_datagrams(struct place *p)
{
	p->fd = bound(SOCK_DGRAM);
	p->other = socket(AF_INET, SOCK_DGRAM, 0);
	require(p->other >= 0 && connect_to(p->other, p->fd) == 0);
}

static int receive_from(struct place *p)
{
	struct sockaddr_in sender;
	socklen_t bytes = sizeof(sender);
	char byte;

	return outcome(recvfrom(p->fd, &byte, 1, 0,
				(struct sockaddr *)&sender, &bytes), 1);
}

TIMED(receive_from)

static const struct call udp_recv_row = {
	.prepare = new_datagrams, .wait = receive_from,
	.timed = receive_from_timed, .happen = put_byte,
};

/* ---- The table ----------------------------------------------------------- */

#define ROW_inet	ROW_AS_STRUCT
#define LINUX_inet	LINUX_AS_STRUCT
#include "tests/user/matrix_table.h"

int main(int argc, char **argv)
{
	if (!has_network())
		return 0;
	return run_matrix(argc, argv, rows, differences);
}
