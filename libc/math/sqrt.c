/*
 * sqrt.c - roots and lengths.
 *
 * sqrt() must be right to the last bit. Rounding twice, to 64 bits and then to
 * 53, can miss by a bit, so the x87 is told to round to the short form at once.
 */
#include "libc/math/x87.h"

#define PRECISION	0x300u	/* in the control word */
#define OF_FLOAT	0x000u
#define OF_DOUBLE	0x200u

static wide root_rounded(wide x, unsigned int precision)
{
	uint16_t old, control;

	asm volatile("fnstcw %0" : "=m"(old));
	control = (uint16_t)((old & ~PRECISION) | precision);
	asm volatile("fldcw %1\n\tfsqrt\n\tfldcw %2"
		: "+t"(x) : "m"(control), "m"(old));
	return x;
}

long double sqrtl(long double x)
{
	return x87_sqrt(x);
}

double sqrt(double x)
{
	return (double)root_rounded(x, OF_DOUBLE);
}

float sqrtf(float x)
{
	return (float)root_rounded(x, OF_FLOAT);
}

/* Both sides are scaled, so that their squares stay in range. */
long double hypotl(long double x, long double y)
{
	wide exponent, larger = fmaxl(fabsl(x), fabsl(y));
	wide smaller = fminl(fabsl(x), fabsl(y));

	if (isinf(x) || isinf(y))
		return INFINITY;
	if (isnan(x) || isnan(y))
		return x + y;
	if (smaller == 0 || smaller <= larger * 0x1p-70L)
		return larger + smaller;
	x87_extract(larger, &exponent);
	x = x87_scale(x, -exponent);
	y = x87_scale(y, -exponent);
	return x87_scale(x87_sqrt(x * x + y * y), exponent);
}

EXACT_FORMS_2(hypot)
