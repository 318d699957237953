/* sys/eventfd.h - a counter behind a descriptor: events, or a semaphore. */
#pragma once

#include "kernel/abi/eventfd.h"
#include "kernel/abi/types.h"

typedef uint64_t eventfd_t;

/* A write of eight bytes adds to the counter. A read of eight bytes takes the
 * whole counter, or 1 with EFD_SEMAPHORE, and waits while the counter is 0. */
int eventfd(unsigned value, int flags);
int eventfd_read(int fd, eventfd_t *value);
int eventfd_write(int fd, eventfd_t value);
