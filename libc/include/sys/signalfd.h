/* sys/signalfd.h - a descriptor that signals are read from. */
#pragma once

#include "kernel/abi/signal.h"
#include "kernel/abi/signalfd.h"

/* Block the signals of the mask first: an unblocked signal runs its action. */
int signalfd(int fd, const sigset_t *mask, int flags);
