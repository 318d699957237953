/* syscall_numbers.h - SYS_NAME for each system call of syscalls.def. */
#pragma once

enum {
#define SYSCALL(number, name, ...)	SYS_##name = number,
#define SYSCALL_RAW			SYSCALL
#include "kernel/abi/syscalls.def"
#undef SYSCALL
#undef SYSCALL_RAW
};
