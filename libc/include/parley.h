/* parley.h - what this kernel has and POSIX has not. */
#pragma once

#include "kernel/abi/system.h"

/* End the machine: how is POWER_OFF or POWER_REBOOT. For init alone (EPERM). */
int poweroff(int how, int status);

/* Test builds only, ENOSYS elsewhere: counters, failures, forced switches. */
long test(int command, long a, long b, void *p);
