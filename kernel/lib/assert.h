/*
 * assert.h - what must be true, and the end of the world when it is not.
 *
 * ASSERT() checks the kernel's own logic and is compiled out of the measured
 * build; it never judges what a user program did. ASSUME() is an ASSERT() that
 * the measured build takes for granted: the compiler leaves out what cannot be
 * then. It is for what the lines around it prove. panic() is for every build.
 */
#pragma once

#include "kernel/lib/types.h"

/* Print the reason and the state of the machine, then stop for good. */
void panic(const char *format, ...) NORETURN PRINTF_LIKE(1, 2);

void assert_failed(const char *condition, const char *file, int line) NORETURN;

#ifdef NDEBUG
#define ASSERT(condition)	((void)sizeof(condition))
#define ASSUME(condition) \
	((condition) ? (void)0 : __builtin_unreachable())
#else
#define ASSERT(condition) \
	((condition) ? (void)0 : assert_failed(#condition, __FILE__, __LINE__))
#define ASSUME(condition)	ASSERT(condition)
#endif
