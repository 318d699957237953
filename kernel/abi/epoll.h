/* epoll.h - a set of descriptors that tells of events: epoll_create1(2). */
#pragma once

#include <stdint.h>

#include "kernel/abi/poll.h"

/* What the program wants back with an event. */
typedef union epoll_data {
	void *ptr;
	int fd;
	uint32_t u32;
	uint64_t u64;
} epoll_data_t;

struct epoll_event {
	uint32_t events;
	epoll_data_t data;
};

#define EPOLLIN		POLLIN
#define EPOLLPRI	POLLPRI
#define EPOLLOUT	POLLOUT
#define EPOLLERR	POLLERR		/* comes without being asked for */
#define EPOLLHUP	POLLHUP		/* ... as well */
#define EPOLLRDNORM	POLLRDNORM
#define EPOLLRDBAND	POLLRDBAND
#define EPOLLWRNORM	POLLWRNORM
#define EPOLLWRBAND	POLLWRBAND
#define EPOLLRDHUP	POLLRDHUP
#define EPOLLONESHOT	(1u << 30)	/* one event, then EPOLL_CTL_MOD */
#define EPOLLET		(1u << 31)	/* edge: only what is new */

#define EPOLL_CTL_ADD	1
#define EPOLL_CTL_DEL	2
#define EPOLL_CTL_MOD	3

#define EPOLL_CLOEXEC	02000000
