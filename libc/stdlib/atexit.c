/*
 * atexit.c - functions that run when the program ends.
 *
 * Last in, first out. A function may register more functions, which then run
 * next, so the loop looks at the list anew after each call.
 */
#include <limits.h>
#include <stdlib.h>

#include "libc/internal.h"

static void (*functions[ATEXIT_MAX])(void);
static int count;

int atexit(void (*function)(void))
{
	if (count == ATEXIT_MAX)
		return -1;
	functions[count++] = function;
	return 0;
}

void __atexit_run(void)
{
	while (count > 0)
		functions[--count]();
}
