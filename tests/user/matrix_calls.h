/*
 * matrix_calls.h - calls, events and objects that rows of several tables have.
 */
#pragma once

#include <sys/socket.h>

#include "tests/user/matrix.h"

/* The name as a file. */
HELPER const char *path_of(const struct place *p)
{
	static char path[64];

	snprintf(path, sizeof(path), "/tmp%s", p->name);
	return path;
}

HELPER void take_ends(struct place *p, int fd, int other)
{
	p->fd = fd;
	p->other = other;
}

HELPER void prepare_nothing(struct place *p)
{
	(void)p;
}

HELPER void stand_by(struct place *p)
{
	(void)p;
}

HELPER int read_byte(struct place *p)
{
	char byte;

	return outcome(read(p->fd, &byte, 1), 1);
}

HELPER int write_byte(struct place *p)
{
	return outcome(write(p->fd, "x", 1), 1);
}

HELPER void put_byte(struct place *p)
{
	require(write(p->other, "x", 1) == 1);
}

/* All there is: Linux wakes a writer only when much is free. */
HELPER void take_all(struct place *p)
{
	static char bytes[4096];

	set_nonblocking(p->other, 1);
	while (read(p->other, bytes, sizeof(bytes)) > 0)
		continue;
}

HELPER int poll_for(int fd, int milliseconds)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	int result = outcome(poll(&poller, 1, milliseconds), 1);

	return result == DONE && poller.revents & POLLNVAL ? EBADF : result;
}

HELPER int poll_for_ever(struct place *p)
{
	return poll_for(p->fd, -1);
}

HELPER int poll_now(struct place *p)
{
	return poll_for(p->fd, 0);
}

HELPER int poll_a_little(struct place *p)
{
	return poll_for(p->fd, 5);
}

HELPER void new_sockets(struct place *p)
{
	int fds[2];

	require(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	take_ends(p, fds[0], fds[1]);
}

HELPER void new_full_socket(struct place *p)
{
	new_sockets(p);
	fill_pipe(p->fd);
}

HELPER void set_timeouts(struct place *p)
{
	const struct timeval soon = { 0, 5000 };

	require(setsockopt(p->fd, SOL_SOCKET, SO_RCVTIMEO, &soon,
			   sizeof(soon)) == 0);
	require(setsockopt(p->fd, SOL_SOCKET, SO_SNDTIMEO, &soon,
			   sizeof(soon)) == 0);
}

/* The same call with a timeout of the socket. */
#define TIMED(call)							\
	static int call##_timed(struct place *p)			\
	{								\
		set_timeouts(p);					\
		return call(p);						\
	}

HELPER int recv_byte(struct place *p)
{
	char byte;

	return outcome(recv(p->fd, &byte, 1, 0), 1);
}

HELPER int send_byte(struct place *p)
{
	return outcome(send(p->fd, "x", 1, 0), 1);
}

HELPER int accept_one(struct place *p)
{
	return accept(p->fd, NULL, NULL) < 0 ? errno : DONE;
}

HELPER void send_second(struct place *p)
{
	kill(p->waiter, SIGUSR2);
}
