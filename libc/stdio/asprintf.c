/* asprintf.c - formatted text into memory from malloc(). */
#include <stdio.h>
#include <stdlib.h>

int vasprintf(char **result, const char *format, va_list arguments)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, arguments);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	text = n < 0 ? NULL : malloc((size_t)n + 1);
	if (!text)
		return -1;
	*result = text;
	return vsnprintf(text, (size_t)n + 1, format, arguments);
}

int asprintf(char **result, const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vasprintf(result, format, arguments);
	va_end(arguments);
	return n;
}
