/* timespec.h - times of the user's and times of the kernel's. */
#pragma once

#include "kernel/abi/time.h"
#include "kernel/lib/types.h"

struct timespec timespec_from_ns(uint64_t ns);

/* Fetch a struct timespec as nanoseconds; beyond what 64 bits hold it is
 * FOREVER. 0, -EFAULT, or -EINVAL for a negative time or bad tv_nsec. */
int timespec_fetch(uaddr_t from, uint64_t *ns);

/* The deadline so many nanoseconds from now; FOREVER when it cannot be told. */
uint64_t time_after_ns(uint64_t ns);

/* Ask first in a system call that waits for a relative time. If a stop has
 * interrupted it and it is started again: the deadline it had. Otherwise 0. */
uint64_t time_restarted_deadline(int call);

/* An absolute time of this clock as a deadline (ns since boot). -EINVAL for a
 * clock that nothing can wait on. */
int time_deadline(clockid_t clock, uint64_t ns, uint64_t *deadline_ns);
