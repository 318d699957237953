/*
 * sys/epoll.h - a set of descriptors that tells of events (Linux).
 *
 * A program puts descriptors into a set once, and then waits for events of any
 * of them: a wait costs the same, however large the set is.
 */
#pragma once

#include <signal.h>

#include "kernel/abi/epoll.h"

/* A descriptor for an empty set; EPOLL_CLOEXEC. */
int epoll_create1(int flags);
/* The older form; size is above 0, and means nothing else. */
int epoll_create(int size);
/* Put fd into the set, change the entry or remove it: EPOLL_CTL_ADD, _MOD,
 * _DEL. */
int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event);
/* Wait for events, at most count of them, and at most 64. How many came; 0: the
 * time is up. A timeout of -1 has no end. */
int epoll_wait(int epoll, struct epoll_event *events, int count,
	       int timeout_ms);
/* The same with another signal mask during the wait; NULL: no change. */
int epoll_pwait(int epoll, struct epoll_event *events, int count,
		int timeout_ms, const sigset_t *mask);
