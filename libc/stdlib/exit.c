/*
 * exit.c - the ways in which a program ends.
 *
 * exit() knows of atexit() and of stdio by weak references alone: a program
 * that uses neither carries neither. The functions that a program marks as
 * destructors run after those of atexit(), the last first.
 */
#include <stdlib.h>
#include <unistd.h>

#include "libc/syscall.h"

__attribute__((weak)) void __atexit_run(void);
__attribute__((weak)) void __stdio_exit(void);

typedef void destructor(void);

extern destructor *__fini_array_start[], *__fini_array_end[];

char **environ;
char **__argv;

void _exit(int status)
{
	for (;;)
		__sys_exit(status);
}

void _Exit(int status)
{
	_exit(status);
}

void exit(int status)
{
	destructor **at = __fini_array_end;

	if (__atexit_run)
		__atexit_run();
	while (at > __fini_array_start)
		(*--at)();
	if (__stdio_exit)
		__stdio_exit();
	_exit(status);
}
