/* sincos.c - sine and cosine by one reduction (GNU). */
#include "libc/math/x87.h"

void sincosl(long double x, long double *sine, long double *cosine)
{
	__sine_and_cosine(x, sine, cosine);
}

void sincos(double x, double *sine, double *cosine)
{
	wide a, b;

	__sine_and_cosine(x, &a, &b);
	*sine = as_double(a);
	*cosine = (double)b;
}

void sincosf(float x, float *sine, float *cosine)
{
	wide a, b;

	__sine_and_cosine(x, &a, &b);
	*sine = as_float(a);
	*cosine = (float)b;
}
