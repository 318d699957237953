/* scan.h - what the conversions of the scanf family share. */
#pragma once

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>

#include "libc/stdio/file.h"

enum length { INT, CHAR, SHORT, LONG, LONG_LONG, LONG_DOUBLE };

/* How a conversion ended. */
enum outcome { DONE, MISMATCH, END_OF_INPUT, NOT_UTF8, NO_MEMORY };

struct scan {
	FILE *file;
	va_list first;		/* all arguments */
	va_list arguments;	/* from the next one on */
	int number;		/* of the argument: %n$; 0: the next */
	bool allocates;		/* %m: text in memory of malloc() */
	size_t taken;		/* characters read so far */
	int left;		/* characters this conversion may still take */
	bool suppress;		/* %*: convert, but store nothing */
	enum length length;
	const char *set;	/* %[: the format behind the bracket */
};

/* The next character if the width allows one, else EOF. */
static inline int scan_next(struct scan *s)
{
	int c;

	if (s->left <= 0)
		return EOF;
	c = fgetc(s->file);
	if (c == EOF)
		return EOF;
	s->left--;
	s->taken++;
	return c;
}

static inline void scan_give_back(struct scan *s, int c)
{
	if (c == EOF)
		return;
	ungetc(c, s->file);
	s->left++;
	s->taken--;
}

/* The value of a hexadecimal digit; not a digit: more than any base. */
static inline int scan_digit(int c)
{
	if (isdigit(c))
		return c - '0';
	return isxdigit(c) ? (c | 0x20) - 'a' + 10 : INT_MAX;
}

/* Where the conversion stores; NULL: nowhere. */
void *scan_target(struct scan *s);

/* scan_wide.c: %ls %lc %l[ */
enum outcome scan_wide(struct scan *s, char letter);
/* scan_float.c: %a %e %f %g */
enum outcome scan_float(struct scan *s);
