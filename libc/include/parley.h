/* parley.h - what this kernel has and POSIX has not. */
#pragma once

#include "kernel/abi/system.h"

/* End the machine: how is POWER_OFF or POWER_REBOOT. For init alone (EPERM). */
int poweroff(int how, int status);

/*
 * What a status of wait() says of a child that a signal ended: "Segmentation
 * fault: null pointer". Without the second part if another process sent the
 * signal.
 */
const char *death_text(int status);

/* Test builds only, ENOSYS elsewhere: counters, failures, forced switches. */
long test(int command, long a, long b, void *p);
