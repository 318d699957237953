/* syscall_numbers.h - SYS_NAME and __NR_NAME for each call of syscalls.def. */
#pragma once

enum {
#define SYSCALL(number, name, ...)	SYS_##name = number,		\
					__NR_##name = number,
#define SYSCALL_RAW			SYSCALL
#include "kernel/abi/syscalls.def"
#undef SYSCALL
#undef SYSCALL_RAW
};
