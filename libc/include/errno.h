/*
 * errno.h - the number of the last error: one for each thread.
 */
#pragma once

#include "kernel/abi/errno.h"

int *__errno_location(void) __attribute__((const));
#define errno (*__errno_location())
