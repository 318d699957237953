/*
 * erf.c - the error function and its complement.
 *
 * Near 0 the series erf(x) = 2/sqrt(pi) e^-x^2 (x + 2x^3/3 + 4x^5/15 + ...),
 * whose terms are all positive. Farther out a continued fraction gives erfc(x)
 * with all bits (Abramowitz and Stegun, 7.1.14).
 */
#include "libc/math/x87.h"

#define TWO_BY_ROOT_PI	1.128379167095512573896158903121545172L
#define ROOT_PI		1.772453850905516027298167483341145183L

/* e^-x^2: the square needs more than 64 bits. */
static wide bell(wide x)
{
	struct pair square = pair_product(x, x);

	return __exp_of((struct pair){ -square.high, -square.low });
}

static wide series(wide x)
{
	wide term = x, sum = x;

	for (int i = 1; term > sum * 0x1p-66L; i++) {
		term *= 2 * x * x / (2 * i + 1);
		sum += term;
	}
	return TWO_BY_ROOT_PI * sum * bell(x);
}

/* erfc(x) for x from 0.75 on. Beyond 120 it underflows to 0. */
static wide fraction(wide x)
{
	wide rest = x;

	if (x > 120) {
		if (!isinf(x))
			raise_underflow();
		return 0;
	}
	for (int i = 60 + (int)(500 / (x * x)); i > 0; i--)
		rest = x + i / 2.0L / rest;
	return bell(x) / (ROOT_PI * rest);
}

long double erfl(long double x)
{
	wide size = fabsl(x);

	if (isnan(x))
		return x;
	if (size < 0x1p-40L)
		return x * TWO_BY_ROOT_PI;
	if (size > 10)			/* erfc(x) is below the last bit of 1 */
		return copysignl(1 - 0x1p-70L, x);
	return copysignl(size < 1 ? series(size) : 1 - fraction(size), x);
}

long double erfcl(long double x)
{
	if (isnan(x))
		return x;
	if (x < -10)
		return 2 - 0x1p-70L;
	if (x < 0.75L)
		return x > -1 ? 1 - erfl(x) : 2 - erfcl(-x);
	return fraction(x);
}

FORMS(erf)
FORMS(erfc)
