/* stderr.c - the standard error output, which has no buffer. */
#include "libc/stdio/file.h"

static FILE file = {
	.fd = 2,
	.flags = FILE_WRITABLE | FILE_STATIC,
};

FILE *const stderr = &file;
