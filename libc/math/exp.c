/*
 * exp.c - powers and logarithms.
 *
 * The x87 knows 2^x - 1 for x from -1 to 1 (f2xm1), y * log2(x) (fyl2x) and
 * scaling by powers of two (fscale). All is brought to base 2.
 */
#include <math.h>

static long double log2_times(long double factor, long double x)
{
	long double result;

	asm("fyl2x" : "=t"(result) : "0"(x), "u"(factor) : "st(1)");
	return result;
}

static long double scale(long double x, long double exponent)
{
	asm("fscale" : "+t"(x) : "u"(exponent));
	return x;
}

/* 2^x: the whole part by scaling, the rest by f2xm1. */
static long double power_of_two(long double x)
{
	long double whole, fraction;

	if (isinf(x))
		return x > 0 ? x : 0;
	asm("frndint" : "=t"(whole) : "0"(x));
	asm("f2xm1" : "=t"(fraction) : "0"(x - whole));
	return scale(fraction + 1, whole);
}

double log(double x)
{
	return (double)log2_times(0.693147180559945309417232121458L, x);
}

double log10(double x)
{
	return (double)log2_times(0.301029995663981195213738894724L, x);
}

double log2(double x)
{
	return (double)log2_times(1, x);
}

double exp(double x)
{
	const long double log2_e = 1.442695040888963407359924681002L;

	return (double)power_of_two((long double)x * log2_e);
}

/* Small whole exponents by multiplication, which is exact where it can be. */
static long double whole_power(long double x, int n)
{
	long double result = 1;
	unsigned int rest = n < 0 ? -(unsigned int)n : (unsigned int)n;

	for (; rest > 0; rest /= 2, x *= x) {
		if (rest % 2)
			result *= x;
	}
	return n < 0 ? 1 / result : result;
}

double pow(double x, double y)
{
	long double size;

	if (y == 0 || x == 1)
		return 1;
	if (isnan(x) || isnan(y))
		return x + y;
	if (y == rint(y) && fabs(y) <= 1024)
		return (double)whole_power(x, (int)y);
	if (isinf(y)) {
		if (fabs(x) == 1)
			return 1;
		return (fabs(x) > 1) == (y > 0) ? INFINITY : 0;
	}
	if (x < 0 && y != rint(y))
		return (x - x) / (x - x);	/* not a real number: NaN */
	if (x == 0)
		return y > 0 ? 0 : INFINITY;
	size = power_of_two(log2_times(y, fabs(x)));
	return (double)(x < 0 && fmod(y, 2) != 0 ? -size : size);
}

double ldexp(double x, int exponent)
{
	return (double)scale(x, exponent);
}

double frexp(double x, int *exponent)
{
	*exponent = 0;
	if (x == 0 || isinf(x) || isnan(x))
		return x;
	long double mantissa, power;

	asm("fxtract" : "=t"(mantissa), "=u"(power) : "0"((long double)x));
	*exponent = (int)power + 1;
	return (double)(mantissa / 2);
}
