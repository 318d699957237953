/* limits.h - the ranges of the integers and the limits of the system. */
#pragma once

#include "kernel/abi/limits.h"

#define CHAR_BIT	8
#define SCHAR_MIN	(-128)
#define SCHAR_MAX	127
#define UCHAR_MAX	255
#ifdef __CHAR_UNSIGNED__
#define CHAR_MIN	0
#define CHAR_MAX	UCHAR_MAX
#else
#define CHAR_MIN	SCHAR_MIN
#define CHAR_MAX	SCHAR_MAX
#endif
#define SHRT_MIN	(-32767 - 1)
#define SHRT_MAX	32767
#define USHRT_MAX	65535
#define INT_MAX		2147483647
#define INT_MIN		(-INT_MAX - 1)
#define UINT_MAX	4294967295U
#define LONG_MAX	__LONG_MAX__
#define LONG_MIN	(-LONG_MAX - 1L)
#define ULONG_MAX	(LONG_MAX * 2UL + 1UL)
#define LLONG_MAX	9223372036854775807LL
#define LLONG_MIN	(-LLONG_MAX - 1LL)
#define ULLONG_MAX	18446744073709551615ULL
#define MB_LEN_MAX	4

#define WORD_BIT	32
#define LONG_BIT	32
#define PAGESIZE	PAGE_SIZE

/* The least that POSIX promises anywhere. */
#define _POSIX_ARG_MAX		4096
#define _POSIX_CHILD_MAX	25
#define _POSIX_NAME_MAX		14
#define _POSIX_OPEN_MAX		20
#define _POSIX_PATH_MAX		256
#define _POSIX_PIPE_BUF		512
#define _POSIX_SSIZE_MAX	32767
#define _POSIX_HOST_NAME_MAX	255
#define _POSIX2_LINE_MAX	2048
#define HOST_NAME_MAX		64
#define LINE_MAX		2048
#define ATEXIT_MAX		32
#define LOGIN_NAME_MAX		32
#define TTY_NAME_MAX		32
