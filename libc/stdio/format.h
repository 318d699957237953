/* format.h - formatted text on its way to somewhere. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the text goes: put() is called with each piece. */
struct format_out {
	void (*put)(struct format_out *out, const char *text, size_t n);
	size_t written;		/* bytes so far: format.c counts */
	bool is_wide;		/* widths and precisions count characters */
};

/* A conversion specification, such as %-08.3lld. */
struct format_spec {
	bool left;		/* - */
	bool plus;		/* + */
	bool space;		/* a space where + would put a plus */
	bool alternate;		/* # */
	bool zero;		/* 0 */
	bool upper;		/* X E F G A: capitals */
	int width;
	int precision;		/* -1: not given */
	char kind;		/* the letter, in lower case */
};

int __format(struct format_out *out, const char *format, va_list arguments);

/* A byte of UTF-8 that goes on with a character. */
static inline bool __format_goes_on(char byte)
{
	return (byte & 0xc0) == 0x80;
}

void __format_put(struct format_out *out, const char *text, size_t n);
void __format_repeat(struct format_out *out, char c, int n);

/* A binary number apart: (-1)^negative * mantissa * 2^exponent. */
struct float_parts {
	uint64_t mantissa;
	int exponent;
	bool negative, infinite, nan;
	bool is_long;		/* a long double */
};

struct float_parts __float_split(double value);
struct float_parts __float_split_long(long double value);
void __format_float(struct format_out *out, const struct format_spec *spec,
	struct float_parts parts);
