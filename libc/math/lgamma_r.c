/* lgamma_r.c - lgamma() for threads: the sign goes to the caller (BSD). */
#include "libc/math/x87.h"

long double lgammal_r(long double x, int *sign)
{
	return __log_gamma(x, sign);
}

double lgamma_r(double x, int *sign)
{
	return (double)__log_gamma(x, sign);
}

float lgammaf_r(float x, int *sign)
{
	return (float)__log_gamma(x, sign);
}
