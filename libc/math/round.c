/*
 * round.c - whole numbers near a number.
 *
 * frndint rounds as the control word says: bits 10 and 11 are 0 for nearest, 1
 * for down, 2 for up, 3 for towards 0.
 */
#include <math.h>
#include <stdint.h>

enum mode { NEAREST, DOWN, UP, TO_ZERO };

static long double round_by(long double x, enum mode mode)
{
	uint16_t old, control;

	asm volatile("fnstcw %0" : "=m"(old));
	control = (uint16_t)((old & ~0xc00u) | (unsigned int)mode << 10);
	asm volatile("fldcw %1\n\tfrndint\n\tfldcw %2"
		: "+t"(x) : "m"(control), "m"(old));
	return x;
}

double floor(double x)
{
	return (double)round_by(x, DOWN);
}

double ceil(double x)
{
	return (double)round_by(x, UP);
}

double trunc(double x)
{
	return (double)round_by(x, TO_ZERO);
}

double rint(double x)
{
	return (double)round_by(x, NEAREST);
}

/* Halves go away from 0. The sum is exact: a long double has bits to spare. */
double round(double x)
{
	return (double)round_by(x + __builtin_copysignl(0.5L, x), TO_ZERO);
}

long lround(double x)
{
	return (long)round(x);
}

double modf(double x, double *whole)
{
	*whole = trunc(x);
	return isinf(x) ? __builtin_copysign(0, x)
		: __builtin_copysign(x - *whole, x);
}

/* The remainder of x divided by y. The x87 subtracts at most 2^63 y at a time;
   a flag says that the division goes on. */
double fmod(double x, double y)
{
	long double rest = x;
	uint16_t status;

	do {
		asm("fprem\n\tfnstsw %1" : "+t"(rest), "=a"(status)
			: "u"((long double)y));
	} while (status & 0x400);
	return (double)rest;
}

double fmin(double x, double y)
{
	if (isnan(x))
		return y;
	return isnan(y) || x < y ? x : y;
}

double fmax(double x, double y)
{
	if (isnan(x))
		return y;
	return isnan(y) || x > y ? x : y;
}
