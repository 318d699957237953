/*
 * types.h - the types and macros for every kernel file.
 *
 * A user address is a number in the kernel, never a pointer, so no line of the
 * kernel can dereference it by accident: only the copy routines of arch.h take
 * such a number.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/abi/types.h"

typedef uint32_t uaddr_t;	/* an address in the memory of a process */
typedef uint32_t paddr_t;	/* a physical address below 4 GiB */
typedef uint32_t frame_t;	/* a frame's number: its address / PAGE_SIZE */

#define NSEC_PER_SEC		1000000000ull
#define FOREVER		UINT64_MAX	/* a deadline that never comes */
#define OFF_MAX		INT64_MAX	/* of off_t */

#define ARRAY_LENGTH(a)		(sizeof(a) / sizeof((a)[0]))
#define MIN(a, b)		((a) < (b) ? (a) : (b))
#define MAX(a, b)		((a) > (b) ? (a) : (b))
#define ALIGN_UP(x, to)		(((x) + (to) - 1) & ~((to) - 1))
#define ALIGN_DOWN(x, to)	((x) & ~((to) - 1))

/* The struct around the given member. */
#define CONTAINER_OF(pointer, type, member) \
	((type *)((char *)(pointer) - offsetof(type, member)))

#define NORETURN		__attribute__((noreturn))
#define PRINTF_LIKE(f, a)	__attribute__((format(printf, f, a)))
