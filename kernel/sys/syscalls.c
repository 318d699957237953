/* syscalls.c - the table of system calls, made from syscalls.def. */
#include "kernel/sys/syscalls.h"

#include "kernel/abi/errno.h"
#include "kernel/machine.h"

static long no_such_call(void)
{
	return -ENOSYS;
}

/* Every number has an entry; the lines of the table replace this default. */
#pragma GCC diagnostic ignored "-Woverride-init"

#define ENTRY(function)	((syscall_function *)(void *)function)
#define SYSCALL(number, name, result, arguments, waits, manual) \
	[number] = ENTRY(sys_##name),
#define SYSCALL_RAW	SYSCALL

syscall_function *const syscall_table[] = {
	[0 ... SYSCALLS_MOST - 1] = ENTRY(no_such_call),
#include "kernel/abi/syscalls.def"
};

#undef SYSCALL
#define A0()		ENTRY
#define A1(...)		ENTRY
#define A2(...)		ENTRY
#define A3(...)		ENTRY
#define A4(...)		ENTRY
#define A5(...)		MORE
#define A6(...)		MORE
#define MORE(function)	more_arguments
#define SYSCALL(number, name, result, arguments, waits, manual) \
	[number] = arguments(sys_##name),

syscall_function *const fast_call_table[] = {
	[0 ... SYSCALLS_MOST - 1] = ENTRY(no_such_call),
#include "kernel/abi/syscalls.def"
};

#undef SYSCALL
#define NEVER		false
#define POINT		false
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
