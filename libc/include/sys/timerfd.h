/* sys/timerfd.h - a timer whose expiries are read from a descriptor. */
#pragma once

#include "kernel/abi/eventfd.h"
#include "kernel/abi/time.h"

/* A read of eight bytes returns the number of expiries since the last read. */
int timerfd_create(clockid_t clock, int flags);
int timerfd_settime(int fd, int flags, const struct itimerspec *value,
	struct itimerspec *old);
int timerfd_gettime(int fd, struct itimerspec *value);
