/* parts.c - mantissa and exponent: taken apart, and put together. */
#include <limits.h>

#include "libc/math/x87.h"

#define SCALE_AS(name, exponent_type)					\
	double name(double x, exponent_type exponent)			\
	{								\
		return (double)x87_scale(x, exponent);			\
	}								\
	float name##f(float x, exponent_type exponent)			\
	{								\
		return (float)x87_scale(x, exponent);			\
	}								\
	long double name##l(long double x, exponent_type exponent)	\
	{								\
		return x87_scale(x, exponent);				\
	}

SCALE_AS(ldexp, int)
SCALE_AS(scalbn, int)
SCALE_AS(scalbln, long)

long double frexpl(long double x, int *exponent)
{
	wide mantissa, power;

	*exponent = 0;
	if (x == 0 || isinf(x) || isnan(x))
		return x;
	mantissa = x87_extract(x, &power);
	*exponent = (int)power + 1;
	return mantissa / 2;
}

double frexp(double x, int *exponent)
{
	return (double)frexpl(x, exponent);
}

float frexpf(float x, int *exponent)
{
	return (float)frexpl(x, exponent);
}

/* -infinity for 0, with the flag of a division by 0: fxtract does so. */
long double logbl(long double x)
{
	wide exponent;

	if (isnan(x) || isinf(x))
		return x * x;
	x87_extract(x, &exponent);
	return exponent;
}

EXACT_FORMS(logb)

int ilogbl(long double x)
{
	volatile float zero = 0;

	if (x != 0 && isfinite(x))
		return (int)logbl(x);
	zero /= zero;			/* no number: FE_INVALID */
	if (x == 0)
		return FP_ILOGB0;
	return isnan(x) ? FP_ILOGBNAN : INT_MAX;
}

int ilogb(double x)
{
	return ilogbl(x);
}

int ilogbf(float x)
{
	return ilogbl(x);
}
