/*
 * printf.c - formatted text with a wide format.
 *
 * The format becomes UTF-8, and the engine of printf() does the work. Widths
 * and precisions of %s count bytes, as in printf().
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
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

int vfwprintf(FILE *restrict file, const wchar_t *restrict format,
	va_list arguments)
{
	char *bytes = in_bytes(format);
	int result = bytes ? vfprintf(file, bytes, arguments) : -1;

	free(bytes);
	return result;
}

int fwprintf(FILE *restrict file, const wchar_t *restrict format, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = vfwprintf(file, format, arguments);
	va_end(arguments);
	return result;
}

/* -1 and EOVERFLOW when the text does not fit. */
int vswprintf(wchar_t *restrict s, size_t size,
	const wchar_t *restrict format, va_list arguments)
{
	char *bytes = in_bytes(format), *text = NULL;
	size_t n = (size_t)-1;

	if (bytes && vasprintf(&text, bytes, arguments) >= 0)
		n = mbstowcs(NULL, text, 0);
	if (n != (size_t)-1 && n >= size) {
		errno = EOVERFLOW;
		n = (size_t)-1;
	}
	if (n != (size_t)-1)
		mbstowcs(s, text, size);
	else if (size > 0)
		s[0] = 0;
	free(bytes);
	free(text);
	return (int)n;
}

int swprintf(wchar_t *restrict s, size_t size, const wchar_t *restrict format,
	...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = vswprintf(s, size, format, arguments);
	va_end(arguments);
	return result;
}

size_t wcsftime(wchar_t *restrict s, size_t size,
	const wchar_t *restrict format, const struct tm *restrict date)
{
	char *bytes = in_bytes(format), *text = malloc(size * 4 + 1);
	size_t n = 0;

	if (bytes && text && strftime(text, size * 4 + 1, bytes, date) > 0)
		n = mbstowcs(NULL, text, 0);
	if (n == (size_t)-1 || n >= size)
		n = 0;
	if (n > 0)
		mbstowcs(s, text, size);
	free(bytes);
	free(text);
	return n;
}
