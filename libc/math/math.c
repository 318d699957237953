/*
 * math.c - functions that the x87 has as instructions.
 *
 * Each function is a few instructions. The results are the processor's: right
 * to the last bit or the bit before for usual arguments. sin(), cos() and tan()
 * of huge arguments (beyond 2^63) return the argument, as the processor does.
 */
#include <math.h>

typedef long double wide;

/* One instruction on one number. */
#define X87(instruction, x) ({						\
	wide result_;							\
	asm(instruction : "=t"(result_) : "0"((wide)(x)));		\
	result_;							\
})

double fabs(double x)
{
	return __builtin_fabs(x);
}

float fabsf(float x)
{
	return __builtin_fabsf(x);
}

double sqrt(double x)
{
	return (double)X87("fsqrt", x);
}

float sqrtf(float x)
{
	return (float)X87("fsqrt", x);
}

double sin(double x)
{
	return (double)X87("fsin", x);
}

double cos(double x)
{
	return (double)X87("fcos", x);
}

double tan(double x)
{
	wide sine = X87("fsin", x), cosine = X87("fcos", x);

	return (double)(sine / cosine);
}

/* The angle of the point (x, y). */
static wide angle(wide y, wide x)
{
	wide result;

	asm("fpatan" : "=t"(result) : "0"(x), "u"(y) : "st(1)");
	return result;
}

double atan2(double y, double x)
{
	return (double)angle(y, x);
}

double atan(double x)
{
	return (double)angle(x, 1);
}

double asin(double x)
{
	return (double)angle(x, X87("fsqrt", (1 - (wide)x) * (1 + (wide)x)));
}

double acos(double x)
{
	return (double)angle(X87("fsqrt", (1 - (wide)x) * (1 + (wide)x)), x);
}

double hypot(double x, double y)
{
	return (double)X87("fsqrt", (wide)x * x + (wide)y * y);
}
