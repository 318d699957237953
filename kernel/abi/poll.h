/* poll.h - events for poll(2). */
#pragma once

#include <stdint.h>

#define POLLIN		0x001	/* a read would not block */
#define POLLPRI		0x002
#define POLLOUT		0x004	/* a write would not block */
#define POLLERR		0x008
#define POLLHUP		0x010	/* the peer has gone */
#define POLLRDNORM	POLLIN
#define POLLRDBAND	POLLPRI
#define POLLWRNORM	POLLOUT
#define POLLWRBAND	POLLOUT
#define POLLNVAL	0x020	/* not an open descriptor */
#define POLLRDHUP	0x2000	/* the peer sends no more */

typedef uint32_t nfds_t;

struct pollfd {
	int fd;
	int16_t events;
	int16_t revents;
};
