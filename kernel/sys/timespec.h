/* timespec.h - times of the user's and times of the kernel's. */
#pragma once

#include "kernel/abi/time.h"
#include "kernel/lib/types.h"

struct timespec timespec_from_ns(uint64_t ns);

/* Fetch a struct timespec as nanoseconds; a time beyond 64 bits is FOREVER. 0,
 * -EFAULT, or -EINVAL for a negative time or bad tv_nsec. */
int timespec_fetch(uaddr_t from, uint64_t *ns);

/* The deadline so many nanoseconds from now; FOREVER beyond 64 bits. */
uint64_t time_after_ns(uint64_t ns);

/* Ask first in a system call that waits for a relative time. The first
 * deadline, if a stop interrupted the call and the call starts again. Otherwise
 * 0. */
uint64_t time_restarted_deadline(int call);

/* An absolute time of this clock as a deadline (ns since boot). -EINVAL for a
 * clock without waits. */
int time_deadline(clockid_t clock, uint64_t ns, uint64_t *deadline_ns);
