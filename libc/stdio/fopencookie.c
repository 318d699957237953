/*
 * fopencookie.c - a FILE whose bytes go through functions of the program (GNU).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "libc/stdio/file.h"

/* The functions lie behind the buffer, in the block of the FILE. */
FILE *fopencookie(void *restrict cookie, const char *restrict mode,
	cookie_io_functions_t calls)
{
	size_t bytes = sizeof(FILE) + FILE_BUFFER;
	cookie_io_functions_t *copy;
	FILE *file, *small;
	int flags;

	if (__file_parse_mode(mode, &flags) < 0)
		return NULL;
	small = __file_new(-1, flags);
	if (!small)
		return NULL;
	file = realloc(small, bytes + sizeof(calls));
	if (!file) {
		free(small);
		return NULL;
	}
	file->home = (unsigned char *)(file + 1);
	copy = (cookie_io_functions_t *)((char *)file + bytes);
	*copy = calls;
	file->calls = copy;
	file->cookie = cookie;
	return file;
}
