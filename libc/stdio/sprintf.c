/* sprintf.c - formatted text into memory. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "libc/stdio/format.h"

struct string_out {
	struct format_out out;
	char *next;
	size_t room;		/* without the end of string */
};

static void put_bounded(struct format_out *out, const char *text, size_t n)
{
	struct string_out *string = (struct string_out *)out;

	if (n > string->room)
		n = string->room;
	memcpy(string->next, text, n);
	string->next += n;
	string->room -= n;
}

/* Gives the length that the text has with room enough. */
int vsnprintf(char *restrict s, size_t size, const char *restrict format,
	va_list arguments)
{
	char nowhere[1];
	struct string_out string = {
		.out.put = put_bounded,
		.next = size > 0 ? s : nowhere,
		.room = size > 0 ? size - 1 : 0,
	};
	int result = __format(&string.out, format, arguments);

	*string.next = '\0';
	return result;
}

int vsprintf(char *restrict s, const char *restrict format, va_list arguments)
{
	return vsnprintf(s, INT_MAX, format, arguments);
}

int snprintf(char *restrict s, size_t size, const char *restrict format, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = vsnprintf(s, size, format, arguments);
	va_end(arguments);
	return result;
}

int sprintf(char *restrict s, const char *restrict format, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = vsprintf(s, format, arguments);
	va_end(arguments);
	return result;
}
