/*
 * raw.h - system calls without libc: any number, any arguments, from anywhere.
 *
 * The kernel takes the number in EAX and finds the arguments at 4(ECX) and up.
 * INT 0x80 leaves the stack alone; SYSENTER comes back with ESP = ECX and
 * EIP = EDX, so the stub puts ESP back. Results are as the kernel gives them,
 * errors as -errno.
 */
#pragma once

#include <stdint.h>
#include <sys/socket.h>

enum raw_number {
#define SYSCALL(number, name, ...)	RAW_##name = number,
#define SYSCALL_RAW			SYSCALL
#include "kernel/abi/syscalls.def"
#undef SYSCALL
#undef SYSCALL_RAW
};

/* What a call finds: word 0 is where a return address would lie. */
struct raw_words {
	uint32_t word[8];
};

__attribute__((unused))
static long raw_int80(uint32_t number, const void *words)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "c"(words) :
			 "edx", "memory", "cc");
	return result;
}

/* Not while a handler may run: its frame would go below `words`. */
__attribute__((unused))
static long raw_sysenter(uint32_t number, const void *words)
{
	long result;

	__asm__ volatile("mov %%esp, %%esi\n\t"
			 "mov $1f, %%edx\n\t"
			 "sysenter\n"
			 "1:	mov %%esi, %%esp" :
			 "=a"(result), "+c"(words) : "a"(number) :
			 "edx", "esi", "memory", "cc");
	return result;
}

#define raw_call(number, ...) \
	raw_int80(number, &(struct raw_words){ { 0, __VA_ARGS__ } })
