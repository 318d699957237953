/*
 * scanf.c - text parsed by a wide format.
 *
 * Format and text become UTF-8, and the engine of scanf() does the work. So %s
 * and %[ store bytes, and their width counts bytes.
 */
#include <stdlib.h>
#include <wchar.h>

/* In memory that the caller frees; NULL and errno. */
static char *in_bytes(const wchar_t *s)
{
	size_t n = wcstombs(NULL, s, 0);
	char *bytes = n == (size_t)-1 ? NULL : malloc(n + 1);

	if (bytes)
		wcstombs(bytes, s, n + 1);
	return bytes;
}

int vfwscanf(FILE *restrict file, const wchar_t *restrict format,
	va_list arguments)
{
	char *bytes = in_bytes(format);
	int result = bytes ? vfscanf(file, bytes, arguments) : EOF;

	free(bytes);
	return result;
}

int vswscanf(const wchar_t *restrict s, const wchar_t *restrict format,
	va_list arguments)
{
	char *bytes = in_bytes(format), *text = in_bytes(s);
	int result = bytes && text ? vsscanf(text, bytes, arguments) : EOF;

	free(bytes);
	free(text);
	return result;
}

int fwscanf(FILE *restrict file, const wchar_t *restrict format, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = vfwscanf(file, format, arguments);
	va_end(arguments);
	return result;
}

int swscanf(const wchar_t *restrict s, const wchar_t *restrict format, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = vswscanf(s, format, arguments);
	va_end(arguments);
	return result;
}
