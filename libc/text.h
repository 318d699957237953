/*
 * text.h - the few messages of libc itself.
 *
 * libc does not use printf() for them: a program that never prints should not
 * contain printf() because of an error message.
 */
#pragma once

#include <string.h>

#define TEXT_INT sizeof("-2147483648")

/* Write n in decimal at text, with an end of string; gives that end. */
static inline char *text_int(char *text, int n)
{
	char digits[TEXT_INT];
	char *digit = digits + sizeof(digits);
	unsigned int rest = n < 0 ? -(unsigned int)n : (unsigned int)n;
	size_t length;

	do {
		*--digit = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (n < 0)
		*--digit = '-';
	length = digits + sizeof(digits) - digit;
	memcpy(text, digit, length);
	text[length] = '\0';
	return text + length;
}

/* Write the strings, up to a NULL, on stderr as one message. */
void __text_error(const char *first, ...) __attribute__((sentinel));

/* The last part of argv[0], or "?". */
const char *__program_name(void);
