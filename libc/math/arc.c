/* arc.c - the inverse trigonometric functions, by the x87's fpatan. */
#include "libc/math/x87.h"

long double atan2l(long double y, long double x)
{
	return x87_angle(y, x);
}

long double atanl(long double x)
{
	return x87_angle(x, 1);
}

/* The angle in a right triangle with the longest side 1: the other side is the
   root of (1 - x)(1 + x), which keeps the bits near 1 and -1. */
long double asinl(long double x)
{
	if (isgreater(fabsl(x), 1))
		return (x - x) / (x - x);	/* no real number: NaN */
	return x87_angle(x, x87_sqrt((1 - x) * (1 + x)));
}

/* When results are rounded down, 1 - 1 is -0: the root has no sign. */
long double acosl(long double x)
{
	if (isgreater(fabsl(x), 1))
		return (x - x) / (x - x);
	return x87_angle(fabsl(x87_sqrt((1 - x) * (1 + x))), x);
}

FORMS_2(atan2)
FORMS(atan)
FORMS(asin)
FORMS(acos)
