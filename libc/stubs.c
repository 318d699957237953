/*
 * stubs.c - one stub for each system call, made from the table.
 *
 * A stub has seven instructions. The kernel takes the number in eax. ecx is the
 * caller's esp, so the arguments lie at 4(ecx) and up, where C has put them.
 * edx is the address to return to. sysexit moves ecx and edx to esp and eip, so
 * the stub goes on with the same stack:
 *
 *	esp, ecx ->	| return address | argument 1 | argument 2 | ...
 *
 * A result from -4095 to -1 is -errno. No pointer lies there, so mmap() needs
 * no rule of its own.
 *
 * Each stub is a section of its own, which the linker drops when no code calls
 * the stub. The stub is weak, so a program can define a function of that name.
 */
#include "libc/pthread/thread.h"

#define STUB(number, name)					\
	asm(".section .text." #name ", \"ax\", @progbits\n"	\
	    ".weak " #name "\n"					\
	    ".type " #name ", @function\n"			\
	    #name ":\n"						\
	    "	mov $" #number ", %eax\n"			\
	    "	mov %esp, %ecx\n"				\
	    "	mov $1f, %edx\n"				\
	    "	sysenter\n"					\
	    "1:	cmp $-4095, %eax\n"				\
	    "	jae __syscall_error\n"				\
	    "	ret\n"						\
	    ".size " #name ", . - " #name "\n"			\
	    ".text\n");

#define SYSCALL(number, name, ...)	STUB(number, name)
#define SYSCALL_RAW(number, name, ...)	STUB(number, __sys_##name)
#include "kernel/abi/syscalls.def"

/* The stubs jump here with -errno in eax, and the result goes to their caller.
   Not static: only assembly knows of it. */
__attribute__((regparm(1))) long __syscall_error(long result);

__attribute__((regparm(1), used)) long __syscall_error(long result)
{
	__self()->error = (int)-result;	/* errno */
	return -1;
}
