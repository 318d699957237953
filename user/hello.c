/*
 * hello.c - the smallest program.
 *
 * A file user/NAME.c is enough: the next build has a /bin/NAME.
 */
#include <stdio.h>

int main(void)
{
	puts("Hello from user mode.");
	return 0;
}
