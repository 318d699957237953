/*
 * sbrk.c - the heap behind the program's data.
 *
 * The heap begins where the linker ended the program, and only this program
 * moves the end of the heap. So libc need not ask the kernel for the end. A
 * program that calls both brk() and malloc() gets undefined results.
 */
#include <errno.h>
#include <stdint.h>
#include <unistd.h>

extern char _end[];

void *sbrk(intptr_t bytes)
{
	static char *end = _end;
	char *old = end;

	if (bytes > 0 && (uintptr_t)old + bytes < (uintptr_t)old) {
		errno = ENOMEM;
		return (void *)-1;
	}
	if (bytes != 0 && brk(old + bytes) < 0)
		return (void *)-1;
	end = old + bytes;
	return old;
}
