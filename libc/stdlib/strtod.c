/*
 * strtod.c - floating-point numbers from text, always the nearest.
 *
 * The text means an exact fraction, a quotient of two whole numbers of any
 * length. Long division computes the bits, as many as the format holds; the
 * remainder decides the rounding, half to even. There is no estimate and no
 * error to bound: the result is right by construction.
 *
 * Digits behind the 800th only count as "and a little more". 767 digits tell
 * any double from its neighbours.
 */
#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "libc/stdlib/big.h"

#define MAX_DIGITS	800
#define EXPONENT_LIMIT	100000000	/* far beyond any format */

/* What a binary format holds: 1.xxx * 2^e, with as many bits. */
struct format {
	int bits;
	int smallest, largest;	/* e of normal numbers */
};

static const struct format format_float = { 24, -126, 127 };
static const struct format format_double = { 53, -1022, 1023 };
static const struct format format_long = { 64, -16382, 16383 };

/* A number as text says it: numerator / 10^divisor_power * 2^exponent. */
struct text_number {
	struct big numerator;
	int power;		/* times 10^power */
	int exponent;		/* times 2^exponent */
	bool more;		/* and a little more */
	bool negative, infinite, nan;
};

/* A number in a format: mantissa * 2^exponent. */
struct binary {
	uint64_t mantissa;
	int exponent;
	bool negative, infinite, nan;
};

/* ---- Reading ------------------------------------------------------------ */

static int hex_digit(int c)
{
	if (isdigit(c))
		return c - '0';
	return isxdigit(c) ? (c | 0x20) - 'a' + 10 : -1;
}

/* The exponent behind the letter e or p, if any. */
static const char *read_exponent(const char *s, char letter, int *exponent)
{
	const char *p = s + 1;
	bool negative;
	int n = 0;

	if ((*s | 0x20) != letter)
		return s;
	negative = *p == '-';
	if (*p == '-' || *p == '+')
		p++;
	if (!isdigit((unsigned char)*p))
		return s;
	for (; isdigit((unsigned char)*p); p++) {
		if (n < EXPONENT_LIMIT)
			n = n * 10 + *p - '0';
	}
	*exponent += negative ? -n : n;
	return p;
}

/*
 * Digits, a point among them, of base 10 or 16. Gives the end, or NULL if there
 * is no digit. *scale counts the digits that the point must move to the right.
 */
static const char *read_digits(const char *s, struct text_number *number,
	int base, int *scale)
{
	bool point = false, any = false;
	int digits = 0, digit;

	*scale = 0;
	for (;; s++) {
		if (*s == '.' && !point) {
			point = true;
			continue;
		}
		digit = hex_digit((unsigned char)*s);
		if (digit < 0 || digit >= base)
			break;
		any = true;
		if (digits < MAX_DIGITS) {
			big_multiply(&number->numerator, (uint32_t)base,
				(uint32_t)digit);
			digits += number->numerator.count > 0;
			*scale -= point;
		} else {
			number->more |= digit != 0;
			*scale += !point;
		}
	}
	return any ? s : NULL;
}

static const char *read_number(const char *s, struct text_number *number)
{
	const char *end;
	int scale;

	if (s[0] == '0' && (s[1] | 0x20) == 'x') {
		end = read_digits(s + 2, number, 16, &scale);
		if (!end)
			return s + 1;	/* just the 0 */
		number->exponent = 4 * scale;
		return read_exponent(end, 'p', &number->exponent);
	}
	end = read_digits(s, number, 10, &number->power);
	return end ? read_exponent(end, 'e', &number->power) : NULL;
}

static const char *read_nan(const char *s)
{
	const char *p = s + 3;

	if (*p != '(')
		return p;
	do {
		p++;
	} while (isalnum((unsigned char)*p) || *p == '_');
	return *p == ')' ? p + 1 : s + 3;
}

/* Gives the end of the number in s, or NULL if there is none. */
static const char *read_text(const char *s, struct text_number *number)
{
	number->numerator.count = 0;
	number->power = number->exponent = 0;
	number->more = number->infinite = number->nan = false;
	while (isspace((unsigned char)*s))
		s++;
	number->negative = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	if (strncasecmp(s, "inf", 3) == 0) {
		number->infinite = true;
		return s + (strncasecmp(s, "infinity", 8) == 0 ? 8 : 3);
	}
	if (strncasecmp(s, "nan", 3) == 0) {
		number->nan = true;
		return read_nan(s);
	}
	return read_number(s, number);
}

/* ---- Rounding ----------------------------------------------------------- */

static void multiply_by_power_of_ten(struct big *n, int power)
{
	for (; power >= 9; power -= 9)
		big_multiply(n, 1000000000, 0);
	for (; power > 0; power--)
		big_multiply(n, 10, 0);
}

/* Shift until denominator <= numerator < 2 * denominator; gives e so that the
   value is the new quotient * 2^e. */
static int normalise(struct big *numerator, struct big *denominator)
{
	int e = big_bits(numerator) - big_bits(denominator);

	if (e > 0)
		big_shift_left(denominator, e);
	else
		big_shift_left(numerator, -e);
	if (big_compare(numerator, denominator) < 0) {
		big_shift_left(numerator, 1);
		e--;
	}
	return e;
}

/* The first bits of the quotient, from the bit of value 1 on, rounded. *exact
   says whether no rounding was needed. */
static uint64_t divide(struct big *numerator, const struct big *denominator,
	int bits, bool more, bool *exact)
{
	uint64_t quotient = 0;
	int order;

	for (; bits > 0; bits--) {
		quotient <<= 1;
		if (big_compare(numerator, denominator) >= 0) {
			big_subtract(numerator, denominator);
			quotient |= 1;
		}
		big_shift_left(numerator, 1);
	}
	*exact = numerator->count == 0 && !more;
	order = big_compare(numerator, denominator);
	if (order > 0 || (order == 0 && (more || quotient & 1)))
		quotient++;
	return quotient;
}

static void overflow(struct binary *result)
{
	result->infinite = true;
	errno = ERANGE;
}

static void round_to(const struct format *format, struct text_number *number,
	struct binary *result)
{
	struct big denominator = { .count = 1, .word = { 1 } };
	int digits = big_bits(&number->numerator) * 3 / 10;
	int e, bits = format->bits;
	bool exact;

	result->mantissa = 0;
	result->exponent = 0;
	if (number->numerator.count == 0)
		return;
	/* No work on numbers that are far outside. */
	if (number->power + digits > 5000 || number->exponent > 20000) {
		overflow(result);
		return;
	}
	if (number->power + digits < -5100 || number->exponent < -25000) {
		errno = ERANGE;
		return;
	}
	if (number->power > 0)
		multiply_by_power_of_ten(&number->numerator, number->power);
	else
		multiply_by_power_of_ten(&denominator, -number->power);

	e = normalise(&number->numerator, &denominator) + number->exponent;
	if (e < format->smallest)	/* fewer bits are left for it */
		bits -= format->smallest - e;
	if (bits < 0) {
		errno = ERANGE;
		return;
	}
	result->exponent = e - bits + 1;
	result->mantissa = divide(&number->numerator, &denominator, bits,
		number->more, &exact);
	if (bits == 64 ? result->mantissa == 0 : result->mantissa >> bits) {
		if (bits == format->bits) {	/* rounded up to 2^bits */
			result->mantissa = (uint64_t)1 << (bits - 1);
			result->exponent++;
			e++;
		}
	}
	if (e > format->largest)
		overflow(result);
	else if (bits < format->bits && !exact)
		errno = ERANGE;
}

static struct binary convert(const char *s, char **end,
	const struct format *format)
{
	struct text_number number;
	struct binary result = { .infinite = false };
	const char *after = read_text(s, &number);

	if (end)
		*end = (char *)(after ? after : s);
	if (!after)
		return result;
	result.negative = number.negative;
	result.infinite = number.infinite;
	result.nan = number.nan;
	if (!number.infinite && !number.nan)
		round_to(format, &number, &result);
	return result;
}

/* ---- Building ----------------------------------------------------------- */

/* Sign, exponent field and mantissa of a format whose first bit is hidden. */
static uint64_t pack(const struct binary *b, const struct format *format)
{
	int stored = format->bits - 1;
	uint64_t hidden = (uint64_t)1 << stored;
	uint64_t top = 2 * (uint64_t)format->largest + 1;	/* field */
	uint64_t field = 0, mantissa = b->mantissa, sign;

	sign = b->negative ? (top + 1) << stored : 0;
	if (b->nan)
		return sign | top << stored | hidden >> 1;
	if (b->infinite)
		return sign | top << stored;
	if (mantissa & hidden)
		field = (uint64_t)(b->exponent + stored + format->largest);
	return sign | field << stored | (mantissa & (hidden - 1));
}

double strtod(const char *restrict s, char **restrict end)
{
	struct binary b = convert(s, end, &format_double);
	uint64_t bits = pack(&b, &format_double);
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

float strtof(const char *restrict s, char **restrict end)
{
	struct binary b = convert(s, end, &format_float);
	uint32_t bits = (uint32_t)pack(&b, &format_float);
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* The x87's own format hides no bit. */
long double strtold(const char *restrict s, char **restrict end)
{
	struct binary b = convert(s, end, &format_long);
	uint64_t mantissa = b.mantissa;
	uint16_t high = 0;
	long double value = 0;

	if (mantissa >> 63)
		high = (uint16_t)(b.exponent + 63 + 16383);
	if (b.infinite || b.nan) {
		high = 0x7fff;
		mantissa = (uint64_t)(b.nan ? 3 : 2) << 62;
	}
	high |= (uint16_t)(b.negative << 15);
	memcpy(&value, &mantissa, sizeof(mantissa));
	memcpy((char *)&value + sizeof(mantissa), &high, sizeof(high));
	return value;
}

double atof(const char *s)
{
	return strtod(s, NULL);
}
