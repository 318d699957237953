/*
 * round.c - whole numbers near a number.
 *
 * frndint rounds as the control word says: bits 10 and 11 are 0 for nearest, 1
 * for down, 2 for up, 3 for towards 0.
 */
#include "libc/math/x87.h"

enum mode { DOWN = 1, UP, TO_ZERO };

static wide round_by(wide x, enum mode mode)
{
	uint16_t old, control;

	asm volatile("fnstcw %0" : "=m"(old));
	control = (uint16_t)((old & ~0xc00u) | (unsigned int)mode << 10);
	asm volatile("fldcw %1\n\tfrndint\n\tfldcw %2"
		: "+t"(x) : "m"(control), "m"(old));
	return x;
}

long double floorl(long double x)
{
	return round_by(x, DOWN);
}

long double ceill(long double x)
{
	return round_by(x, UP);
}

long double truncl(long double x)
{
	return round_by(x, TO_ZERO);
}

long double rintl(long double x)
{
	return x87_round(x);
}

/* As rint(), but the flag "inexact" stays as before. */
long double nearbyintl(long double x)
{
	uint32_t environment[7];

	asm volatile("fnstenv %1\n\tfldcw %1\n\tfrndint\n\tfldenv %1"
		: "+t"(x), "=m"(environment));
	return x;
}

/* Halves go away from 0. */
long double roundl(long double x)
{
	wide size = fabsl(x), whole = truncl(size);

	if (isnan(x) || isinf(x))
		return x;
	return copysignl(size - whole >= 0.5L ? whole + 1 : whole, x);
}

long double modfl(long double x, long double *whole)
{
	*whole = truncl(x);
	return copysignl(isinf(x) ? 0 : x - *whole, x);
}

double modf(double x, double *whole)
{
	wide part, rest = modfl(x, &part);

	*whole = (double)part;
	return (double)rest;
}

float modff(float x, float *whole)
{
	wide part, rest = modfl(x, &part);

	*whole = (float)part;
	return (float)rest;
}

EXACT_FORMS(floor)
EXACT_FORMS(ceil)
EXACT_FORMS(trunc)
EXACT_FORMS(rint)
EXACT_FORMS(nearbyint)
EXACT_FORMS(round)
