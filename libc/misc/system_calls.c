/* system_calls.c - the table of system calls, for programs that explain. */
#include <sys/strace.h>

#define A0()		""
#define A1(t1, n1)	#t1 " " #n1
#define A2(t1, n1, ...)	#t1 " " #n1 "," A1(__VA_ARGS__)
#define A3(t1, n1, ...)	#t1 " " #n1 "," A2(__VA_ARGS__)
#define A4(t1, n1, ...)	#t1 " " #n1 "," A3(__VA_ARGS__)
#define A5(t1, n1, ...)	#t1 " " #n1 "," A4(__VA_ARGS__)
#define A6(t1, n1, ...)	#t1 " " #n1 "," A5(__VA_ARGS__)
#define SYSCALL(number, name, result, arguments, ...) \
	[number] = { #name, #result, arguments },
#define SYSCALL_RAW	SYSCALL

const struct system_call system_calls[] = {
#include "kernel/abi/syscalls.def"
};

const unsigned system_call_count = sizeof(system_calls) /
				   sizeof(system_calls[0]);
