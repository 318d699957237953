/* hyperbolic.c - sinh() and its family, from expm1() and log1p(). */
#include "libc/math/x87.h"

/* Beyond this, e^-x is below the last bit of e^x. */
#define FAR	40

/* e^x / 2. Two factors, because e^x overflows before its half. */
static wide half_exp(wide x)
{
	wide root = expl(x / 2);

	return isinf(x) ? x : root / 2 * root;
}

long double sinhl(long double x)
{
	wide size = fabsl(x), less_1;

	if (isnan(x))
		return x + x;
	if (size > 11000)
		return copysignl(half_exp(size), x);
	if (size > FAR)
		return copysignl(expl(size) / 2, x);
	if (size < 0x1p-40L)
		return nearly(x);
	less_1 = expm1l(size);
	return copysignl((less_1 + less_1 / (less_1 + 1)) / 2, x);
}

long double coshl(long double x)
{
	wide size = fabsl(x), power;

	if (isnan(x))
		return x + x;
	if (size > 11000)
		return half_exp(size);
	power = expl(size);
	return power / 2 + 0.5L / power;
}

long double tanhl(long double x)
{
	wide size = fabsl(x), less_1;

	if (isnan(x))
		return x + x;
	if (size > FAR)
		return copysignl(1, x);
	if (size < 0x1p-40L)
		return nearly(x);
	less_1 = expm1l(2 * size);
	return copysignl(less_1 / (less_1 + 2), x);
}

long double asinhl(long double x)
{
	wide size = fabsl(x);

	if (isnan(x) || isinf(x))
		return x + x;
	if (size < 0x1p-40L)
		return nearly(x);
	if (size > 0x1p40L)
		return copysignl(logl(size) + LN2, x);
	return copysignl(log1pl(size + size * size /
		(1 + x87_sqrt(1 + size * size))), x);
}

long double acoshl(long double x)
{
	wide more = x - 1;

	if (isnan(x))
		return x + x;
	if (x < 1)
		return (x - x) / (x - x); /* no real number: NaN */
	if (x > 0x1p40L)
		return logl(x) + LN2;
	return log1pl(more + x87_sqrt(2 * more + more * more));
}

long double atanhl(long double x)
{
	wide size = fabsl(x);

	if (isnan(x))
		return x + x;
	if (size < 0x1p-40L)
		return nearly(x);
	return copysignl(log1pl(2 * size / (1 - size)) / 2, x);
}

FORMS(sinh)
FORMS(cosh)
FORMS(tanh)
FORMS(asinh)
FORMS(acosh)
FORMS(atanh)
