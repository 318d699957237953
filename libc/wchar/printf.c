/*
 * printf.c - formatted text with a wide format.
 *
 * The format becomes UTF-8, and the engine of printf() does the work, with
 * widths and precisions that count characters.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#include "libc/stdio/format.h"

/* In memory that the caller frees; NULL and errno. */
static char *in_bytes(const wchar_t *s)
{
	size_t n = wcstombs(NULL, s, 0);
	char *bytes = n == (size_t)-1 ? NULL : malloc(n + 1);

	if (bytes)
		wcstombs(bytes, s, n + 1);
	return bytes;
}

/* UTF-8 in memory that grows. */
struct text_out {
	struct format_out out;
	char *text;
	size_t length, room;
	bool failed;
};

static void put_text(struct format_out *out, const char *text, size_t n)
{
	struct text_out *to = (struct text_out *)out;
	size_t room = to->room ? to->room : 64;
	char *larger;

	for (size_t i = 0; i < n; i++)		/* count characters */
		out->written -= __format_goes_on(text[i]);
	while (room <= to->length + n)
		room *= 2;
	larger = room > to->room ? realloc(to->text, room) : to->text;
	if (to->failed || !larger) {
		to->failed = true;
		return;
	}
	to->text = larger;
	to->room = room;
	memcpy(to->text + to->length, text, n);
	to->length += n;
}

/* Characters, or -1; the text, with a NUL behind it, is for free(). */
static int print(struct text_out *to, const wchar_t *format, va_list arguments)
{
	char *bytes = in_bytes(format);
	int result = -1;

	*to = (struct text_out){ .out = { put_text, .is_wide = true } };
	put_text(&to->out, "", 0);
	if (bytes && !to->failed)
		result = __format(&to->out, bytes, arguments);
	free(bytes);
	if (!to->failed)
		to->text[to->length] = '\0';
	return to->failed ? -1 : result;
}

int vfwprintf(FILE *restrict file, const wchar_t *restrict format,
	va_list arguments)
{
	struct text_out to;
	int result = print(&to, format, arguments);

	fwide(file, 1);
	if (result >= 0 && fwrite(to.text, 1, to.length, file) < to.length)
		result = -1;
	free(to.text);
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
	struct text_out to;
	int n = print(&to, format, arguments);

	if (n >= 0 && (size_t)n >= size) {
		errno = EOVERFLOW;
		n = -1;
	}
	if (n >= 0)
		mbstowcs(s, to.text, size);
	else if (size > 0)
		s[0] = 0;
	free(to.text);
	return n;
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
