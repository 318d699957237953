/*
 * scan_float.c - floating-point numbers for the scanf family.
 *
 * The text is read once, character by character, and handed to strtod() without
 * its useless digits: zeros in front are left out, and digits behind the 800th
 * only say "and a little more". So a number may have any number of digits, and
 * each digit costs the same.
 */
#include <stdlib.h>
#include <string.h>

#include "libc/stdio/scan.h"
#include "libc/text.h"

#define DIGITS_MOST	800		/* of a number that count */
#define EXPONENT_MOST	10000000	/* far beyond any number */

struct decimal {
	char text[DIGITS_MOST + 40];
	size_t length, digits;	/* of text; of its digits */
	int base;
	long long exponent;	/* what the text is to be multiplied with */
	bool any, point, more;
};

static void add(struct decimal *d, char c)
{
	d->text[d->length++] = c;
	d->text[d->length] = '\0';
}

static void add_digit(struct decimal *d, char c)
{
	int bits = d->base == 16 ? 4 : 1;	/* of the exponent */

	d->any = true;
	if (c == '0' && d->digits == 0) {
		d->exponent -= d->point ? bits : 0;
	} else if (d->digits < DIGITS_MOST) {
		add(d, c);
		d->digits++;
		d->exponent -= d->point ? bits : 0;
	} else {
		d->more |= c != '0';
		d->exponent += d->point ? 0 : bits;
	}
}

/* Digits with a point; returns the next character. */
static int read_digits(struct scan *s, struct decimal *d, int c)
{
	for (; scan_digit(c) < d->base || (c == '.' && !d->point);
	     c = scan_next(s)) {
		if (c == '.')
			d->point = true;
		else
			add_digit(d, (char)c);
	}
	return c;
}

/* The exponent behind the letter in c; false: it has no digits. */
static bool read_exponent(struct scan *s, struct decimal *d, int *c)
{
	bool negative, any = false;
	long long exponent = 0;

	*c = scan_next(s);
	negative = *c == '-';
	if (*c == '-' || *c == '+')
		*c = scan_next(s);
	for (; isdigit(*c); *c = scan_next(s)) {
		any = true;
		if (exponent < EXPONENT_MOST)
			exponent = exponent * 10 + *c - '0';
	}
	d->exponent += negative ? -exponent : exponent;
	return any;
}

/* The number behind its sign; false: there is none. */
static bool read_decimal(struct scan *s, struct decimal *d, int *c)
{
	bool good = true;

	d->base = 10;
	if (*c == '0') {
		add_digit(d, '0');
		*c = scan_next(s);
		if (*c == 'x' || *c == 'X') {
			*d = (struct decimal){ .base = 16 };
			add(d, '0');
			add(d, 'x');
			*c = scan_next(s);
		}
	}
	*c = read_digits(s, d, *c);
	if (!d->any)
		return false;
	if (d->digits == 0 || d->more)
		add(d, d->more ? '1' : '0');
	if (d->more)
		d->exponent -= d->base == 16 ? 4 : 1;
	if (*c != EOF && (*c | 0x20) == (d->base == 16 ? 'p' : 'e'))
		good = read_exponent(s, d, c);
	add(d, d->base == 16 ? 'p' : 'e');
	text_int(d->text + d->length, (int)d->exponent);
	return good;
}

/* "inf", "infinity" or "nan"; false: a different word. */
static bool read_word(struct scan *s, struct decimal *d, int *c)
{
	const char *word = (*c | 0x20) == 'i' ? "infinity" : "nan";

	for (; *c != EOF && d->length < strlen(word) &&
	     (*c | 0x20) == word[d->length]; *c = scan_next(s))
		add(d, (char)*c);
	return d->length == 3 || d->length == 8;
}

static void store_float(struct scan *s, const char *text, bool negative)
{
	void *to = scan_target(s);

	if (!to)
		return;
	if (s->length == LONG_DOUBLE) {
		long double value = strtold(text, NULL);

		*(long double *)to = negative ? -value : value;
	} else if (s->length == LONG) {
		double value = strtod(text, NULL);

		*(double *)to = negative ? -value : value;
	} else {
		float value = strtof(text, NULL);

		*(float *)to = negative ? -value : value;
	}
}

enum outcome scan_float(struct scan *s)
{
	struct decimal d = { .length = 0 };
	int c = scan_next(s);
	bool negative = c == '-', good;

	if (c == EOF)
		return END_OF_INPUT;
	if (c == '-' || c == '+')
		c = scan_next(s);
	if (c != EOF && ((c | 0x20) == 'i' || (c | 0x20) == 'n'))
		good = read_word(s, &d, &c);
	else
		good = read_decimal(s, &d, &c);
	scan_give_back(s, c);
	if (!good)
		return MISMATCH;
	store_float(s, d.text, negative);
	return DONE;
}
