/* stdout_calls.c - characters and lines on the standard output. */
#include "libc/stdio/file.h"

int putchar(int c)
{
	return fputc(c, stdout);
}

int putchar_unlocked(int c)
{
	return fputc(c, stdout);
}

int puts(const char *s)
{
	FILE_ENTER(stdout);

	if (fputs(s, stdout) == EOF)
		return EOF;
	return fputc('\n', stdout) == EOF ? EOF : 0;
}
