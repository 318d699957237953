/*
 * errno.h - the number of the last error.
 *
 * errno is a plain variable: a program and libc are always built together, so
 * it can become one per thread, on the day there are threads, by changing this
 * line and nothing else.
 */
#pragma once

#include "kernel/abi/errno.h"

extern int errno;
#define errno errno
