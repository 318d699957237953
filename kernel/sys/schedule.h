/* schedule.h - which policies a program may ask for: sched.c. */
#pragma once

#include "kernel/lib/types.h"

/* The policy that programs call `name` (SCHED_FIFO...), or -EINVAL: there is
 * none, or the policy does not know this priority. */
int policy_find(int name, int priority);

/* May the caller ask for this policy and priority? The real-time policies are
 * root's; RLIMIT_RTPRIO gives others the priorities up to the limit. */
bool policy_is_allowed(int policy, int priority);
