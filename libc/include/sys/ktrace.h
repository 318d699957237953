/*
 * sys/ktrace.h - switching the kernel's trace on. Parley's own.
 */
#pragma once

#include "kernel/abi/ktrace.h"

/*
 * From now on the kernel records events of these kinds, KTRACE_TASKS and so on
 * or KTRACE_ALL, 0: none. /proc/trace shows the newest. Returns the kinds that
 * were recorded until now. EINVAL: other bits; EPERM: for root alone; ENOSYS:
 * this kernel was built without a trace. Does not block.
 */
int ktrace(int kinds);
