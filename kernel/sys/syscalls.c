/* syscalls.c - the table of system calls, made from syscalls.def. */
#include "kernel/sys/syscalls.h"

#include "kernel/abi/errno.h"
#include "kernel/machine.h"

#define SYSCALL(number, name, result, arguments, waits, manual) \
	[number] = (long (*)(uint32_t, uint32_t, uint32_t, uint32_t, \
			     uint32_t, uint32_t))(void *)sys_##name,
#define SYSCALL_RAW	SYSCALL

long (*const syscall_table[])(uint32_t, uint32_t, uint32_t, uint32_t,
			      uint32_t, uint32_t) = {
#include "kernel/abi/syscalls.def"
};

#undef SYSCALL
#define NEVER		false
#define WAITS		false
#define RESTARTS	true
#define SYSCALL(number, name, result, arguments, waits, manual) \
	[number] = waits,

const bool syscall_restarts[] = {
#include "kernel/abi/syscalls.def"
};

const uint32_t syscall_count = sizeof(syscall_table) /
			       sizeof(syscall_table[0]);

/* Replaced by the test build's own; users find no such call. */
__attribute__((weak)) long sys_test(int command, long a, long b, uaddr_t p)
{
	(void)command, (void)a, (void)b, (void)p;
	return -ENOSYS;
}
