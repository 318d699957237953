/* lgamma.c - the logarithm of gamma; the sign is told in signgam. */
#include "libc/math/x87.h"

int signgam;

long double lgammal(long double x)
{
	return __log_gamma(x, &signgam);
}

double lgamma(double x)
{
	return (double)__log_gamma(x, &signgam);
}

float lgammaf(float x)
{
	return (float)__log_gamma(x, &signgam);
}
