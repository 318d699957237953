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
 * A call that can wait, or is a POINT, is a cancellation point of threads: its
 * stub looks first whether the thread shall end (libc/pthread/cancel.c). libc
 * has a second stub of such a call for itself, __quiet_NAME, which is none.
 *
 * Each stub is a section of its own, which the linker drops when no code calls
 * the stub. The stub is weak, so a program can define a function of that name.
 */
#include "libc/pthread/cancel.h"
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

/*
 * The handler of the cancel signal has to know whether the call was made. So
 * these stubs lie side by side in places of POINT_BYTES, and the instructions
 * between POINT_CALLED and POINT_AGAIN come after the call. %gs:4 is the field
 * `cancel` of struct __pthread.
 */
#define POINT_STUB(number, name)				\
	asm(".section .text.points." #name ", \"ax\", @progbits\n" \
	    ".balign " TEXT_OF(POINT_BYTES) "\n"		\
	    ".weak " #name "\n"					\
	    ".type " #name ", @function\n"			\
	    #name ":\n"						\
	    "	cmpl $0, __cancel_asked\n"			\
	    "	jne 2f\n"					\
	    "3:	mov $" #number ", %eax\n"			\
	    "	mov %esp, %ecx\n"				\
	    "	mov $1f, %edx\n"				\
	    "	.org " #name " + " TEXT_OF(POINT_CALLED) " - 2, 0x90\n" \
	    "	sysenter\n"					\
	    "1:	cmp $-4095, %eax\n"				\
	    "	jae __syscall_error\n"				\
	    "	ret\n"						\
	    "	.org " #name " + " TEXT_OF(POINT_AGAIN) ", 0x90\n" \
	    "2:	cmpl $" TEXT_OF(CANCEL_ASKED) ", %gs:4\n"	\
	    "	jne 3b\n"					\
	    "	jmp __cancel_now\n"				\
	    ".size " #name ", . - " #name "\n"			\
	    ".text\n");

_Static_assert(offsetof(struct __pthread, cancel) == 4, "see above");

/* Only a program that calls pthread_cancel() has __cancel_now(). */
int __cancel_asked;
asm(".weak __cancel_now\n");

#define STUB_NEVER(number, name)	STUB(number, name)
#define STUB_POINT(number, name)	POINT_STUB(number, name) \
					STUB(number, __quiet_##name)
#define STUB_WAITS(number, name)	STUB_POINT(number, name)
#define STUB_RESTARTS(number, name)	STUB_POINT(number, name)

#define SYSCALL(number, name, result, arguments, waits, text) \
	STUB_##waits(number, name)
#define SYSCALL_RAW(number, name, result, arguments, waits, text) \
	STUB_##waits(number, __sys_##name)
#include "kernel/abi/syscalls.def"

/* The stubs jump here with -errno in eax, and the result goes to their caller.
   Not static: only assembly knows of it. */
__attribute__((regparm(1))) long __syscall_error(long result);

__attribute__((regparm(1), used)) long __syscall_error(long result)
{
	errno = (int)-result;
	return -1;
}
