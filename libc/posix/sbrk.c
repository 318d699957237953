/*
 * sbrk.c - the heap behind the program's data.
 *
 * The kernel knows the end of the heap but needs not tell it: it begins where
 * the linker ended the program, and nobody but this program moves it. One that
 * calls brk() itself and then malloc() is on its own.
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
