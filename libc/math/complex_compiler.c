/*
 * complex_compiler.c - products and quotients of complex numbers, which the
 * compiler calls. Annex G of ISO C: an infinity stays an infinity.
 */
#include "libc/math/x87.h"

#define MULTIPLY(name, type)						\
	type _Complex name(type a, type b, type c, type d);		\
	type _Complex name(type a, type b, type c, type d)		\
	{								\
		struct parts z = product(a, b, c, d);			\
									\
		return __builtin_complex((type)z.x, (type)z.y);		\
	}

#define DIVIDE(name, type)						\
	type _Complex name(type a, type b, type c, type d);		\
	type _Complex name(type a, type b, type c, type d)		\
	{								\
		struct parts z = quotient(a, b, c, d);			\
									\
		return __builtin_complex((type)z.x, (type)z.y);		\
	}

struct parts {
	wide x, y;
};

/* 1 or 0 for an infinite part or another, with its sign. */
static wide box(wide x)
{
	return copysignl(isinf(x) ? 1 : 0, x);
}

static wide no_nan(wide x)
{
	return isnan(x) ? copysignl(0, x) : x;
}

static struct parts product(wide a, wide b, wide c, wide d)
{
	struct parts z = { a * c - b * d, a * d + b * c };
	int first = isinf(a) || isinf(b), second = isinf(c) || isinf(d);

	if (!isnan(z.x) || !isnan(z.y))
		return z;
	if (!first && !second && !isinf(a * c) && !isinf(b * d) &&
	    !isinf(a * d) && !isinf(b * c))
		return z;
	a = first ? box(a) : no_nan(a);
	b = first ? box(b) : no_nan(b);
	c = second ? box(c) : no_nan(c);
	d = second ? box(d) : no_nan(d);
	z.x = INFINITY * (a * c - b * d);
	z.y = INFINITY * (a * d + b * c);
	return z;
}

/* The divisor is scaled, so that its square stays in range. */
static struct parts quotient(wide a, wide b, wide c, wide d)
{
	wide power = logbl(fmaxl(fabsl(c), fabsl(d))), below;
	wide scale = isfinite(power) ? -power : 0;
	wide x = x87_scale(c, scale), y = x87_scale(d, scale);
	struct parts z;

	below = x * x + y * y;
	z.x = x87_scale((a * x + b * y) / below, scale);
	z.y = x87_scale((b * x - a * y) / below, scale);
	if (!isnan(z.x) || !isnan(z.y))
		return z;
	if (below == 0 && (!isnan(a) || !isnan(b))) {
		z.x = copysignl(INFINITY, c) * a;
		z.y = copysignl(INFINITY, c) * b;
	} else if ((isinf(a) || isinf(b)) && isfinite(c) && isfinite(d)) {
		z.x = INFINITY * (box(a) * c + box(b) * d);
		z.y = INFINITY * (box(b) * c - box(a) * d);
	} else if (isinf(power) && power > 0 && isfinite(a) && isfinite(b)) {
		z.x = 0 * (a * box(c) + b * box(d));
		z.y = 0 * (b * box(c) - a * box(d));
	}
	return z;
}

MULTIPLY(__mulsc3, float)
MULTIPLY(__muldc3, double)
MULTIPLY(__mulxc3, long double)
DIVIDE(__divsc3, float)
DIVIDE(__divdc3, double)
DIVIDE(__divxc3, long double)
