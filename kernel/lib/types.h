/*
 * types.h - the words that every kernel file uses.
 *
 * A user address is a number in the kernel, never a pointer, so that nobody
 * can dereference one by accident: only the copy routines of arch.h take it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/abi/types.h"

typedef uint32_t uaddr_t;	/* an address in the memory of a process */
typedef uint32_t paddr_t;	/* a physical address */

#define NSEC_PER_SEC		1000000000ull
#define FOREVER		UINT64_MAX	/* a deadline that never comes */

#define ARRAY_LENGTH(a)		(sizeof(a) / sizeof((a)[0]))
#define MIN(a, b)		((a) < (b) ? (a) : (b))
#define MAX(a, b)		((a) > (b) ? (a) : (b))
#define ALIGN_UP(x, to)		(((x) + (to) - 1) & ~((to) - 1))
#define ALIGN_DOWN(x, to)	((x) & ~((to) - 1))

/* The struct that holds the given member. */
#define CONTAINER_OF(pointer, type, member) \
	((type *)((char *)(pointer) - offsetof(type, member)))

#define NORETURN		__attribute__((noreturn))
#define ALWAYS_INLINE		inline __attribute__((always_inline))
/* Apart from its caller, which then needs to save no registers for it. */
#define SLOW_PATH		__attribute__((noinline, cold))
/* In line in the measured build; else where a breakpoint finds it. */
#ifdef NDEBUG
#define MEASURED_INLINE		ALWAYS_INLINE
#else
#define MEASURED_INLINE		__attribute__((noinline))
#endif
#define PRINTF_LIKE(f, a)	__attribute__((format(printf, f, a)))
/* The compiler shall know nothing of this variable but its value, and not keep
 * another instead, from which this one can be had. */
#define IN_REGISTER(variable)	__asm__("" : "+r"(variable))
/* The same, in the register of the first argument of a function. */
#define IN_FIRST_REGISTER(variable) __asm__("" : "+a"(variable))
#define LIKELY(x)		__builtin_expect(!!(x), 1)
#define UNLIKELY(x)		__builtin_expect(!!(x), 0)
