/* syscalls.c - the table of system calls, made from syscalls.def. */
#include "kernel/sys/syscalls.h"

#include "kernel/abi/errno.h"
#include "kernel/machine.h"

#define SYSCALLS_MOST	128	/* numbers up to here may be given out */

static long no_such_call(void)
{
	return -ENOSYS;
}

/* Every number has an entry; the lines of the table replace the first one. */
#pragma GCC diagnostic ignored "-Woverride-init"

#define ENTRY(function) \
	(long (*)(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, \
		  uint32_t))(void *)function
#define SYSCALL(number, name, result, arguments, waits, manual) \
	[number] = ENTRY(sys_##name),
#define SYSCALL_RAW	SYSCALL

long (*const syscall_table[])(uint32_t, uint32_t, uint32_t, uint32_t,
			      uint32_t, uint32_t) = {
	[0 ... SYSCALLS_MOST - 1] = ENTRY(no_such_call),
#include "kernel/abi/syscalls.def"
};

#undef SYSCALL
#define NEVER		false
#define WAITS		false
#define RESTARTS	true
#define SYSCALL(number, name, result, arguments, waits, manual) \
	[number] = waits,

const bool syscall_restarts[SYSCALLS_MOST] = {
#include "kernel/abi/syscalls.def"
};

const uint32_t syscall_count = SYSCALLS_MOST;

/* Replaced by the test build's own; users find no such call. */
__attribute__((weak)) long sys_test(int command, long a, long b, uaddr_t p)
{
	(void)command, (void)a, (void)b, (void)p;
	return -ENOSYS;
}
