/*
 * remainder.c - what is left of a division.
 *
 * The x87 subtracts at most 2^63 times the divisor at a time; a flag says that
 * the division goes on. Three more flags have the last bits of the quotient.
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

/* The quotient is the nearest whole number: its last three bits. */
long double remquol(long double x, long double y, int *quotient)
{
	int is_negative = signbit(x) != signbit(y);
	uint16_t status;

	do {
		asm("fprem1\n\tfnstsw %1" : "+t"(x), "=a"(status) : "u"(y));
	} while (status & GOES_ON);
	*quotient = (status >> 8 & 1) * 4 + (status >> 14 & 1) * 2 +
		(status >> 9 & 1);
	if (is_negative)
		*quotient = -*quotient;
	return x;
}

double remquo(double x, double y, int *quotient)
{
	return (double)remquol(x, y, quotient);
}

float remquof(float x, float y, int *quotient)
{
	return (float)remquol(x, y, quotient);
}

long double remainderl(long double x, long double y)
{
	int quotient;

	return remquol(x, y, &quotient);
}

FORMS_2(fmod)
FORMS_2(remainder)
