/* rename.c - give a file another name. */
#include <fcntl.h>
#include <stdio.h>

int rename(const char *from, const char *to)
{
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}
