/* stdin_calls.c - characters from the standard input. */
#include "libc/stdio/file.h"

int getchar(void)
{
	return fgetc(stdin);
}

int getchar_unlocked(void)
{
	return fgetc(stdin);
}
