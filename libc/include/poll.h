/* poll.h - wait until one of several descriptors is ready. */
#pragma once

#include "kernel/abi/poll.h"

int poll(struct pollfd fds[], nfds_t count, int timeout_ms);
