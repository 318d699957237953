/*
 * syscalls.h - prototypes of the system calls, made from syscalls.def.
 *
 * The function for NAME is sys_NAME. Pointers arrive as user addresses. The
 * manual describes each call and the errors under the call's name. The
 * functions live in kernel/sys/, a file per family.
 *
 * All calls run with task switches postponed [P], from entry to exit.
 */
#pragma once

#include "kernel/abi/poll.h"
#include "kernel/abi/socket.h"
#include "kernel/lib/types.h"

/* The off_t in two words of the table. */
static inline off_t syscall_offset(uint32_t low, uint32_t high)
{
	return (off_t)((uint64_t)high << 32 | low);
}

/* The commands of fcntl(2) for record locks, with a struct flock: lock.c. */
long fcntl_lock(int fd, int command, uaddr_t at);

/* Their numbers. */
enum syscall_number {
#define SYSCALL(number, name, ...)	CALL_##name = number,
#define SYSCALL_RAW			SYSCALL
#include "kernel/abi/syscalls.def"
#undef SYSCALL
#undef SYSCALL_RAW
};

#define IN(type)	uaddr_t
#define OUT(type)	uaddr_t
#define A0()		void
#define A1(t1, n1)	t1 n1
#define A2(t1, n1, ...)	t1 n1, A1(__VA_ARGS__)
#define A3(t1, n1, ...)	t1 n1, A2(__VA_ARGS__)
#define A4(t1, n1, ...)	t1 n1, A3(__VA_ARGS__)
#define A5(t1, n1, ...)	t1 n1, A4(__VA_ARGS__)
#define A6(t1, n1, ...)	t1 n1, A5(__VA_ARGS__)
#define SYSCALL(number, name, result, arguments, waits, manual) \
	long sys_##name(arguments);
#define SYSCALL_RAW	SYSCALL
#include "kernel/abi/syscalls.def"
#undef SYSCALL
#undef SYSCALL_RAW
#undef A0
#undef A1
#undef A2
#undef A3
#undef A4
#undef A5
#undef A6
