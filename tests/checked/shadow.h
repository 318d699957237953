/*
 * shadow.h - which bytes of the kernel's memory may be used: VARIANT=checked.
 *
 * The compiler puts a call in front of each load and store of the kernel
 * (-fsanitize=kernel-address). shadow.c looks the address up in a shadow: a
 * byte for 8 bytes of memory. heap.c and frame.c of this folder enter what they
 * hand out and take back. Only addresses of physical memory as the kernel sees
 * it (KERNEL_BASE and up) have a shadow; kernel stacks have a guard page
 * instead. A forbidden access is a panic with the place and the reason.
 *
 * K. Serebryany et al., "AddressSanitizer: A Fast Address Sanity Checker",
 * 2012.
 */
#pragma once

#include "kernel/lib/types.h"

/* A function that the compiler calls by itself: gcc passes the arguments as in
 * each call of the kernel, clang on the stack. */
#ifdef __clang__
#define COMPILER_CALLS	__attribute__((regparm(0)))
#else
#define COMPILER_CALLS
#endif

/* The value of a shadow byte. 0: all 8 bytes may be used; 1 to 7: the first so
 * many; from here on: none, because of this. */
enum shadow {
	SHADOW_BEHIND = 0xf1,		/* behind the end of a heap object */
	SHADOW_FREED,			/* an object that was freed */
	SHADOW_FREE_FRAME,		/* a frame without a user */
	SHADOW_HEADER,			/* what only heap.c may touch */
};

/* Allow the bytes. The start is a multiple of 8. */
void shadow_allow(const void *start, size_t bytes);
/* Forbid the bytes; both numbers are multiples of 8. */
void shadow_forbid(const void *start, size_t bytes, enum shadow why);
/* Why the first forbidden byte of the range is forbidden; 0: none is. */
uint8_t shadow_of(uintptr_t address, size_t bytes);
/* A panic if a byte of the range is forbidden. `what` is the access. */
void shadow_check(uintptr_t address, size_t bytes, const char *what);
