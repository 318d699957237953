/*
 * kernel.h - lets a test on the build machine include kernel files.
 *
 * The kernel's off_t, pid_t and the like are not the host's. So the host's
 * headers come first, and after this header each of these words means the
 * kernel's type. A test includes this header, then the kernel's .c file under
 * test.
 *
 * For functions of the host's libc (strlen, snprintf), the test puts a #define
 * in front, which renames the kernel's function.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/tap.h"

#define ssize_t		kernel_ssize_t
#define off_t		kernel_off_t
#define pid_t		kernel_pid_t
#define uid_t		kernel_uid_t
#define gid_t		kernel_gid_t
#define mode_t		kernel_mode_t
#define dev_t		kernel_dev_t
#define ino_t		kernel_ino_t
#define nlink_t		kernel_nlink_t
#define blksize_t	kernel_blksize_t
#define blkcnt_t	kernel_blkcnt_t
#define time_t		kernel_time_t
#define suseconds_t	kernel_suseconds_t
#define useconds_t	kernel_useconds_t
#define clockid_t	kernel_clockid_t
#define clock_t		kernel_clock_t
#define id_t		kernel_id_t

#include "kernel/lib/assert.h"
#include "kernel/lib/types.h"

/* The kernel's end of the world is the test's. */
__attribute__((weak)) void assert_failed(const char *condition,
					 const char *file, int line)
{
	printf("Bail out! %s:%d: assertion failed: %s\n", file, line,
	       condition);
	fflush(stdout);
	__builtin_trap();
}

__attribute__((weak)) void panic(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("Bail out! panic: ");
	vprintf(format, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
	__builtin_trap();
}

/* Numbers that look random and are the same in every run. */
static inline uint32_t test_random(void)
{
	static uint32_t state = 2463534242u;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}
