/* flockfile.c - a file for one thread, over several calls. */
#include "libc/stdio/file.h"

void flockfile(FILE *file)
{
	__file_lock(file);
}

int ftrylockfile(FILE *file)
{
	return __file_try(file) ? 0 : -1;
}

void funlockfile(FILE *file)
{
	__file_unlock(file);
}
