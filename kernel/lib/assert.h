/*
 * assert.h - conditions that must be true, and the end of the machine
 * otherwise.
 *
 * ASSERT() checks the kernel's own logic and is compiled out of the measured
 * build. An assertion never judges a user program. panic() is for every build.
 */
#pragma once

#include "kernel/lib/types.h"

/* Print the reason and the state of the machine, then stop for good. */
void panic(const char *format, ...) NORETURN PRINTF_LIKE(1, 2);

void assert_failed(const char *condition, const char *file, int line) NORETURN;

#ifdef NDEBUG
#define ASSERT(condition)	((void)sizeof(condition))
#else
#define ASSERT(condition) \
	((condition) ? (void)0 : assert_failed(#condition, __FILE__, __LINE__))
#endif
