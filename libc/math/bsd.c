/* bsd.c - functions of BSD that ISO C has under other names, or not at all. */
#include "libc/math/x87.h"

long double dreml(long double x, long double y)
{
	return remainderl(x, y);
}

EXACT_FORMS_2(drem)

/* x * 2^y. A y that is not whole, and 0 * infinity, have no answer: NaN. */
long double scalbl(long double x, long double y)
{
	if (isnan(x) || isnan(y))
		return x + y;
	if (isinf(y))
		return y > 0 ? x * y : x / -y;
	if (y != truncl(y))
		return (y - y) / (y - y);
	return x87_scale(x, y);
}

EXACT_FORMS_2(scalb)

/* The mantissa, from 1 to 2. */
long double significandl(long double x)
{
	wide exponent;

	if (x == 0 || isinf(x) || isnan(x))
		return x + x;
	return x87_extract(x, &exponent);
}

EXACT_FORMS(significand)

int finitel(long double x)
{
	return isfinite(x);
}

int finite(double x)
{
	return isfinite(x);
}

int finitef(float x)
{
	return isfinite(x);
}
