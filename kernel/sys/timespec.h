/* timespec.h - times of the user's and times of the kernel's. */
#pragma once

#include "kernel/abi/time.h"
#include "kernel/lib/types.h"

struct timespec timespec_from_ns(uint64_t ns);

/* Fetch a struct timespec as nanoseconds; beyond what 64 bits hold it is
 * FOREVER. 0, -EFAULT, or -EINVAL for a negative time or bad tv_nsec. */
int timespec_fetch(uaddr_t from, uint64_t *ns);
