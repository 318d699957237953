/*
 * connection.c - a stream to a program, here or on another machine: see
 * <program.h>.
 */
#include <err.h>
#include <netdb.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "libc/internal.h"

/* The addresses of a place, a list; for a listener with is_passive. */
static struct addrinfo *find(const char *place, const char *port,
			     int is_passive)
{
	static struct sockaddr_un name;
	static struct addrinfo local = {
		.ai_family = AF_UNIX,
		.ai_socktype = SOCK_STREAM,
		.ai_addr = (struct sockaddr *)&name,
		.ai_addrlen = sizeof(name),
	};
	const struct addrinfo hints = {
		.ai_flags = is_passive ? AI_PASSIVE : 0,
		.ai_family = AF_INET,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *list;
	int error;

	if (place && strchr(place, '/')) {
		if (strlen(place) >= sizeof(name.sun_path))
			errx(1, "%s: the path is too long", place);
		name.sun_family = AF_UNIX;
		strcpy(name.sun_path, place);
		return &local;
	}
	error = getaddrinfo(place, port, &hints, &list);
	if (error)
		errx(1, "%s: %s", place ? place : port, gai_strerror(error));
	return list;
}

static int new_socket(const struct addrinfo *at)
{
	int fd = socket(at->ai_family, at->ai_socktype, 0);

	if (fd < 0)
		err(1, "socket");
	return fd;
}

int connect_to(const char *place, const char *port)
{
	const struct addrinfo *at = find(place, port, 0);
	int fd;

	for (; at; at = at->ai_next) {
		fd = new_socket(at);
		if (connect(fd, at->ai_addr, at->ai_addrlen) == 0)
			return fd;
		if (at->ai_family == AF_UNIX)
			warn("%s", place);
		else
			warn("%s port %s", place, port);
		__quiet_close(fd);
	}
	exit(1);
}

int listen_at(const char *place, const char *port)
{
	const struct addrinfo *at = find(place, port, 1);
	int fd = new_socket(at), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, at->ai_addr, at->ai_addrlen) < 0 ||
	    listen(fd, SOMAXCONN) < 0)
		err(1, "%s%s", at->ai_family == AF_UNIX ? "" : "port ",
		    at->ai_family == AF_UNIX ? place : port);
	return fd;
}
