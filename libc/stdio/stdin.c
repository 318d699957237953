/* stdin.c - the standard input. */
#include "libc/stdio/file.h"

static unsigned char buffer[FILE_BUFFER];

static FILE file = {
	.fd = 0,
	.flags = FILE_READABLE | FILE_STATIC,
	.home = buffer,
};

FILE *const stdin = &file;
