/*
 * exit.c - the ways in which a program ends.
 *
 * exit() knows of atexit() and of stdio by weak references alone: a program
 * that uses neither carries neither.
 */
#include <stdlib.h>
#include <unistd.h>

#include "libc/syscall.h"

__attribute__((weak)) void __atexit_run(void);
__attribute__((weak)) void __stdio_exit(void);

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
	if (__atexit_run)
		__atexit_run();
	if (__stdio_exit)
		__stdio_exit();
	_exit(status);
}
