/*
 * strtol.c - whole numbers from text.
 *
 * One function reads digits of any base into 64 bits and says whether they
 * fit. Each public function checks the range of its narrower type.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "libc/internal.h"

struct number {
	unsigned long long size;	/* without the sign */
	bool negative;
	bool too_large;			/* for 64 bits */
};

static int digit_of(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;		/* a small letter */
	return c >= 'a' && c <= 'z' ? c - 'a' + 10 : INT_MAX;
}

/* Skip 0x when a hexadecimal digit follows, and settle a base of 0. */
static const char *prefix(const char *s, int *base)
{
	bool zero = *s == '0';

	if (zero && (s[1] | 0x20) == 'x' && digit_of(s[2]) < 16 &&
	    (*base == 0 || *base == 16)) {
		*base = 16;
		return s + 2;
	}
	if (*base == 0)
		*base = zero ? 8 : 10;
	return s;
}

/* size * base + digit in two halves, to notice a result beyond 64 bits. */
static void append_digit(struct number *n, uint32_t base, uint32_t digit)
{
	uint64_t low = (n->size & 0xffffffff) * base + digit;
	uint64_t high = (n->size >> 32) * base + (low >> 32);

	if (high >> 32)
		n->too_large = true;
	else
		n->size = high << 32 | (uint32_t)low;
}

static struct number parse(const char *s, char **end, int base)
{
	struct number n = { 0, false, false };
	const char *start = s, *digits;
	int digit;

	if (end)
		*end = (char *)start;
	if (base < 0 || base == 1 || base > 36) {
		errno = EINVAL;
		return n;
	}
	while (isspace((unsigned char)*s))
		s++;
	n.negative = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	digits = s = prefix(s, &base);

	for (; (digit = digit_of((unsigned char)*s)) < base; s++)
		append_digit(&n, (uint32_t)base, (uint32_t)digit);
	if (end && s > digits)
		*end = (char *)s;
	return n;
}

/* Bring a signed number into 0 or low..high, size of low being high + 1. */
static long long fit(struct number n, unsigned long long high)
{
	unsigned long long limit = high + n.negative;

	if (n.too_large || n.size > limit) {
		errno = ERANGE;
		n.size = limit;
	}
	return (long long)(n.negative ? -n.size : n.size);
}

long strtol(const char *restrict s, char **restrict end, int base)
{
	return (long)fit(parse(s, end, base), LONG_MAX);
}

long long strtoll(const char *restrict s, char **restrict end, int base)
{
	return fit(parse(s, end, base), LLONG_MAX);
}

intmax_t strtoimax(const char *restrict s, char **restrict end, int base)
{
	return strtoll(s, end, base);
}

/* The unsigned ones take a minus sign too, and wrap around: so C says. */
unsigned long strtoul(const char *restrict s, char **restrict end, int base)
{
	struct number n = parse(s, end, base);

	if (n.too_large || n.size > ULONG_MAX) {
		errno = ERANGE;
		return ULONG_MAX;
	}
	return (unsigned long)(n.negative ? -n.size : n.size);
}

unsigned long long strtoull(const char *restrict s, char **restrict end,
	int base)
{
	struct number n = parse(s, end, base);

	if (n.too_large) {
		errno = ERANGE;
		return ULLONG_MAX;
	}
	return n.negative ? -n.size : n.size;
}

uintmax_t strtoumax(const char *restrict s, char **restrict end, int base)
{
	return strtoull(s, end, base);
}

int atoi(const char *s)
{
	return (int)strtol(s, NULL, 10);
}

long atol(const char *s)
{
	return strtol(s, NULL, 10);
}

long long atoll(const char *s)
{
	return strtoll(s, NULL, 10);
}
