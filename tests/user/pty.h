/* pty.h - helpers of the tests of pseudo-terminals. */
#pragma once

#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "tests/user/helpers.h"

HELPER int master, terminal;
HELPER char name[32], text[8192];

HELPER void make_pair(void)
{
	require(openpty(&master, &terminal, name, NULL, NULL) == 0);
}

HELPER void make_raw(int fd)
{
	struct termios modes;

	require(tcgetattr(fd, &modes) == 0);
	cfmakeraw(&modes);
	require(tcsetattr(fd, TCSANOW, &modes) == 0);
}

HELPER void no_wait(int fd)
{
	require(fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK) == 0);
}

HELPER int type(const char *keys)
{
	return write(master, keys, strlen(keys)) == (ssize_t)strlen(keys);
}

/* Read until `wanted` has come. */
HELPER int reads(int fd, const char *wanted)
{
	size_t length = 0;
	ssize_t n = 1;

	text[0] = '\0';
	while (n > 0 && !strstr(text, wanted)) {
		n = read(fd, text + length, sizeof(text) - 1 - length);
		length += n > 0 ? n : 0;
		text[length] = '\0';
	}
	if (n <= 0)
		printf("# read \"%s\", %s\n", text, strerror(errno));
	return n > 0;
}

HELPER int look(int fd, int events)
{
	struct pollfd poller = { .fd = fd, .events = events };

	require(poll(&poller, 1, 0) >= 0);
	return poller.revents;
}
