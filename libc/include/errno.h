/*
 * errno.h - the number of the last error: one for each thread.
 */
#pragma once

#include "kernel/abi/errno.h"

int *__errno_location(void) __attribute__((const));
/* A compiler, or a library for one, that does not know __thread sets this. */
#ifdef __NO_THREAD_VARIABLES__
#define errno (*__errno_location())
#else
extern __thread int errno;
#define errno errno
#endif
