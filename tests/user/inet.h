/* inet.h - sockets of the network on the loopback, for tests. */
#pragma once

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>

#include "tests/user/helpers.h"

static inline struct sockaddr_in place_of(int port)
{
	struct sockaddr_in place = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	return place;
}

/* A socket of this type at a free port. */
static inline int bound(int type)
{
	struct sockaddr_in place = place_of(0);
	int fd = socket(AF_INET, type, 0);

	require(fd >= 0);
	require(bind(fd, (struct sockaddr *)&place, sizeof(place)) == 0);
	return fd;
}

static inline struct sockaddr_in name_of(int fd)
{
	struct sockaddr_in place;
	socklen_t bytes = sizeof(place);

	require(getsockname(fd, (struct sockaddr *)&place, &bytes) == 0);
	return place;
}

static inline int listening(int backlog)
{
	int fd = bound(SOCK_STREAM);

	require(listen(fd, backlog) == 0);
	return fd;
}

static inline int connect_to(int fd, int listener)
{
	struct sockaddr_in place = name_of(listener);

	return connect(fd, (struct sockaddr *)&place, sizeof(place));
}

/* Two connected stream sockets. */
static inline void open_connection(int ends[2])
{
	int listener = listening(1);

	ends[0] = socket(AF_INET, SOCK_STREAM, 0);
	require(connect_to(ends[0], listener) == 0);
	ends[1] = accept(listener, NULL, NULL);
	require(ends[1] >= 0);
	close(listener);
}

static inline int events_of(int fd, int wanted)
{
	struct pollfd entry = { fd, wanted, 0 };

	require(poll(&entry, 1, 0) >= 0);
	return entry.revents;
}

/* Wait for these events, at most a second. */
static inline int wait_for_events(int fd, int wanted)
{
	struct pollfd entry = { fd, wanted, 0 };

	require(poll(&entry, 1, 1000) >= 0);
	return entry.revents;
}

static inline void no_wait(int fd)
{
	require(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) == 0);
}

/* The first socket starts the network for good. False after a word about the
 * network that is missing. */
static inline int has_network(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 && errno == EAFNOSUPPORT) {
		puts("ok 1 - network # skip without lwIP: run make deps\n1..1");
		return 0;
	}
	close(fd);
	return 1;
}

static inline int run_inet_cases(int argc, char **argv)
{
	return has_network() ? run_cases(argc, argv) : 0;
}
