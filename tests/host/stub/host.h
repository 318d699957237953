/*
 * host.h - stubs below the kernel's files, for tests on the build machine.
 *
 *	flags: -iquote tests/host/machine -Itests/host/stub
 *	link: tests/host/stub/memory.c tests/host/stub/kernel.c kernel/...
 *
 * The stubs are weak: a linked real file takes their place.
 */
#pragma once

#include "arch/arch.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"
#include "tests/tap.h"

/* Give the machine this many frames, all free and poisoned for the address
 * sanitizer. May be called once. */
void host_init(uint32_t frames);

/* An image in memory that the frame allocator takes for the boot image:
 * page-aligned zeroed bytes. A process may map the bytes; they are never
 * freed. */
uint8_t *host_boot_memory(size_t bytes);

/* A piece of memory that stands for a program's memory: its address for the
 * kernel, and its bytes. Any other address is -EFAULT. */
#define HOST_USER_BYTES (1u << 20)
extern uaddr_t host_user;

static inline uint8_t *host_user_bytes(uaddr_t address)
{
	return (uint8_t *)(uintptr_t)address;
}

/* Nanoseconds since boot, which tests move on. */
extern uint64_t host_now_ns;

/* Objects of all pools in use, for leak checks. */
uint32_t host_pool_objects(void);

/* The last line of printk(). */
extern char host_log[256];

/* A repeatable random number below `limit`. */
uint32_t host_random(uint32_t limit);

void *malloc(size_t bytes);
void *calloc(size_t count, size_t bytes);
void free(void *memory);
void exit(int status) NORETURN;
void abort(void) NORETURN;
