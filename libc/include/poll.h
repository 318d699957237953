/* poll.h - wait until one of several descriptors is ready. */
#pragma once

#include "kernel/abi/poll.h"
#include "kernel/abi/signal.h"
#include "kernel/abi/time.h"

int poll(struct pollfd fds[], nfds_t count, int timeout_ms);
/* Timeout NULL: without end. Mask NULL: the signal mask stays. */
int ppoll(struct pollfd fds[], nfds_t count, const struct timespec *timeout,
	const sigset_t *mask);
