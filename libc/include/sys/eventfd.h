/* sys/eventfd.h - a counter behind a descriptor: events, or a semaphore. */
#pragma once

#include "kernel/abi/eventfd.h"
#include "kernel/abi/types.h"

typedef uint64_t eventfd_t;

/* A write of eight bytes adds, a read of eight bytes takes all, or one at a
 * time with EFD_SEMAPHORE; it waits while there is nothing. */
int eventfd(unsigned value, int flags);
int eventfd_read(int fd, eventfd_t *value);
int eventfd_write(int fd, eventfd_t value);
