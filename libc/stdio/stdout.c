/* stdout.c - the standard output. */
#include "libc/stdio/file.h"

static unsigned char buffer[FILE_BUFFER];

static FILE file = {
	.fd = 1,
	.flags = FILE_WRITABLE | FILE_STATIC,
	.home = buffer,
};

FILE *const stdout = &file;
