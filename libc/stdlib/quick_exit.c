/* quick_exit.c - an end without flushing, and the functions that run there. */
#include <limits.h>
#include <stdlib.h>

static void (*functions[ATEXIT_MAX])(void);
static int count;

int at_quick_exit(void (*function)(void))
{
	if (count == ATEXIT_MAX)
		return -1;
	functions[count++] = function;
	return 0;
}

void quick_exit(int status)
{
	while (count > 0)
		functions[--count]();
	_Exit(status);
}
