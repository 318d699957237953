/* sscanf.c - scanf from a string: a file whose buffer is all there is. */
#include <string.h>

#include "libc/stdio/file.h"

int vsscanf(const char *restrict s, const char *restrict format,
	va_list arguments)
{
	FILE file = { .fd = -1, .flags = FILE_READABLE };

	file.buffer = file.read_at = (unsigned char *)s;
	file.read_end = file.read_at + strlen(s);
	return vfscanf(&file, format, arguments);
}

int sscanf(const char *restrict s, const char *restrict format, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = vsscanf(s, format, arguments);
	va_end(arguments);
	return result;
}
