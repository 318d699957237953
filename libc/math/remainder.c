/*
 * remainder.c - what is left of a division.
 *
 * The x87 subtracts at most 2^63 times the divisor at a time; a flag says that
 * the division goes on.
 */
#include "libc/math/x87.h"

#define GOES_ON	0x400u

long double fmodl(long double x, long double y)
{
	uint16_t status;

	do {
		asm("fprem\n\tfnstsw %1" : "+t"(x), "=a"(status) : "u"(y));
	} while (status & GOES_ON);
	return x;
}

long double remainderl(long double x, long double y)
{
	uint16_t status;

	do {
		asm("fprem1\n\tfnstsw %1" : "+t"(x), "=a"(status) : "u"(y));
	} while (status & GOES_ON);
	return x;
}

/* The quotient is the nearest whole number: its last three bits. The x87 has
 * them in flags, but an emulator may not (QEMU 7.2). */
long double remquol(long double x, long double y, int *quotient)
{
	long double rest = remainderl(x, y);
	long double most = fmodl(x, 8 * y);	/* of a multiple of 8 less */
	long double whole = fabsl((most - rest) / y);

	*quotient = isnan(whole) ? 0 : (int)(whole + 0.5L) & 7;
	if (signbit(x) != signbit(y))
		*quotient = -*quotient;
	return rest;
}

double remquo(double x, double y, int *quotient)
{
	return (double)remquol(x, y, quotient);
}

float remquof(float x, float y, int *quotient)
{
	return (float)remquol(x, y, quotient);
}

EXACT_FORMS_2(fmod)
EXACT_FORMS_2(remainder)
