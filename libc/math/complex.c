/*
 * complex.c - functions of complex numbers.
 *
 * From their real parts by the formulas of Euler. All calculate in long double.
 * Multiplication by I is written as parts, so that no infinity times 0 arises.
 */
#include <complex.h>

#include "libc/math/x87.h"

typedef long double complex plane;

static wide re(plane z)
{
	return __real__ z;
}

static wide im(plane z)
{
	return __imag__ z;
}

static plane point(wide x, wide y)
{
	return CMPLXL(x, y);
}

/* z * I and z / I */
static plane turned(plane z)
{
	return point(-im(z), re(z));
}

static plane turned_back(plane z)
{
	return point(im(z), -re(z));
}

long double creall(plane z)
{
	return re(z);
}

long double cimagl(plane z)
{
	return im(z);
}

long double cabsl(plane z)
{
	return hypotl(re(z), im(z));
}

long double cargl(plane z)
{
	return atan2l(im(z), re(z));
}

plane conjl(plane z)
{
	return point(re(z), -im(z));
}

plane cprojl(plane z)
{
	if (isinf(re(z)) || isinf(im(z)))
		return point(INFINITY, copysignl(0, im(z)));
	return z;
}

plane cexpl(plane z)
{
	wide size = expl(re(z)), sine, cosine;

	if (im(z) == 0)
		return point(size, im(z));
	__sine_and_cosine(im(z), &sine, &cosine);
	if (isinf(re(z)) && !isfinite(im(z)))
		return re(z) > 0 ? point(re(z), sine) : point(0, 0);
	return point(size * cosine, size * sine);
}

plane clogl(plane z)
{
	wide size = cabsl(z), x = fabsl(re(z)), y = fabsl(im(z));

	/* Near 1 the logarithm of the length would lose its bits. */
	if (size > 0.5L && size < 2) {
		wide large = fmaxl(x, y), small = fminl(x, y);

		return point(log1pl((large - 1) * (large + 1) +
			small * small) / 2, cargl(z));
	}
	return point(logl(size), cargl(z));
}

plane cpowl(plane z, plane exponent)
{
	if (z == 0)
		return exponent == 0 ? 1 : re(exponent) > 0 ? 0 :
			point(NAN, NAN);
	return cexpl(exponent * clogl(z));
}

plane csqrtl(plane z)
{
	wide size = cabsl(z), root;

	if (z == 0)
		return point(0, im(z));
	if (isinf(im(z)))
		return point(INFINITY, im(z));
	if (isinf(re(z)) && re(z) < 0)
		return point(isnan(im(z)) ? im(z) : 0,
			copysignl(INFINITY, im(z)));
	if (isinf(re(z)))
		return point(re(z), isnan(im(z)) ? im(z)
			: copysignl(0, im(z)));
	root = sqrtl(fabsl(re(z)) / 2 + size / 2);
	return re(z) >= 0 ? point(root, im(z) / (2 * root))
		: point(fabsl(im(z)) / (2 * root), copysignl(root, im(z)));
}

plane csinhl(plane z)
{
	wide sine, cosine;

	if (im(z) == 0)
		return point(sinhl(re(z)), im(z));
	__sine_and_cosine(im(z), &sine, &cosine);
	return point(re(z) == 0 ? re(z) : sinhl(re(z)) * cosine,
		coshl(re(z)) * sine);
}

plane ccoshl(plane z)
{
	wide sine, cosine;

	if (im(z) == 0)
		return point(coshl(re(z)),
			signbit(re(z)) ? -im(z) : im(z));
	__sine_and_cosine(im(z), &sine, &cosine);
	return point(coshl(re(z)) * cosine, re(z) == 0
		? re(z) * copysignl(1, sine) : sinhl(re(z)) * sine);
}

/* (sinh x cosh x + i sin y cos y) / (sinh^2 x + cos^2 y) */
plane ctanhl(plane z)
{
	wide sine, cosine, sinh, cosh, below;

	if (fabsl(re(z)) > 40)
		return point(copysignl(1, re(z)), copysignl(0,
			isfinite(im(z)) ? sinl(2 * im(z)) : im(z)));
	__sine_and_cosine(im(z), &sine, &cosine);
	sinh = sinhl(re(z));
	cosh = coshl(re(z));
	below = sinh * sinh + cosine * cosine;
	return point(sinh * cosh / below, sine * cosine / below);
}

plane csinl(plane z)
{
	return turned_back(csinhl(turned(z)));
}

plane ccosl(plane z)
{
	return ccoshl(turned(z));
}

plane ctanl(plane z)
{
	return turned_back(ctanhl(turned(z)));
}

/* W. Kahan, "Branch cuts for complex elementary functions" (1987). */
plane casinl(plane z)
{
	plane a = csqrtl(point(1 - re(z), -im(z)));
	plane b = csqrtl(point(1 + re(z), im(z)));

	return point(atan2l(re(z), re(a) * re(b) - im(a) * im(b)),
		asinhl(re(a) * im(b) - im(a) * re(b)));
}

plane cacosl(plane z)
{
	plane a = csqrtl(point(1 - re(z), -im(z)));
	plane b = csqrtl(point(1 + re(z), im(z)));

	return point(2 * atan2l(re(a), re(b)),
		asinhl(re(b) * im(a) - im(b) * re(a)));
}

plane cacoshl(plane z)
{
	plane a = csqrtl(point(re(z) - 1, im(z)));
	plane b = csqrtl(point(re(z) + 1, im(z)));

	return point(asinhl(re(a) * re(b) + im(a) * im(b)),
		2 * atan2l(im(a), re(b)));
}

/* log((1 + z) / (1 - z)) / 2, by parts. */
plane catanhl(plane z)
{
	wide x = re(z), y = im(z), square = y * y;
	wide below = (1 - x) * (1 - x) + square;

	if (isinf(x) || isinf(y))
		return point(copysignl(0, x), copysignl(HALF_PI, y));
	return point(log1pl(4 * fabsl(x) / ((1 - fabsl(x)) *
		(1 - fabsl(x)) + square)) / 4 * copysignl(1, x),
		atan2l(2 * y, below == 0 ? copysignl(0, x)
			: (1 - x) * (1 + x) - square) / 2);
}

plane casinhl(plane z)
{
	return turned_back(casinl(turned(z)));
}

plane catanl(plane z)
{
	return turned_back(catanhl(turned(z)));
}

#define COMPLEX_FORMS(name)						\
	double complex name(double complex z)				\
	{								\
		plane result = name##l(z);				\
									\
		return CMPLX(re(result), im(result));			\
	}								\
	float complex name##f(float complex z)				\
	{								\
		plane result = name##l(z);				\
									\
		return CMPLXF(re(result), im(result));			\
	}

#define REAL_FORMS(name)						\
	double name(double complex z)					\
	{								\
		return (double)name##l(z);				\
	}								\
	float name##f(float complex z)					\
	{								\
		return (float)name##l(z);				\
	}

REAL_FORMS(cabs)
REAL_FORMS(carg)
REAL_FORMS(cimag)
REAL_FORMS(creal)
COMPLEX_FORMS(cacos)
COMPLEX_FORMS(cacosh)
COMPLEX_FORMS(casin)
COMPLEX_FORMS(casinh)
COMPLEX_FORMS(catan)
COMPLEX_FORMS(catanh)
COMPLEX_FORMS(ccos)
COMPLEX_FORMS(ccosh)
COMPLEX_FORMS(cexp)
COMPLEX_FORMS(clog)
COMPLEX_FORMS(conj)
COMPLEX_FORMS(cproj)
COMPLEX_FORMS(csin)
COMPLEX_FORMS(csinh)
COMPLEX_FORMS(csqrt)
COMPLEX_FORMS(ctan)
COMPLEX_FORMS(ctanh)

double complex cpow(double complex z, double complex exponent)
{
	plane result = cpowl(z, exponent);

	return CMPLX(re(result), im(result));
}

float complex cpowf(float complex z, float complex exponent)
{
	plane result = cpowl(z, exponent);

	return CMPLXF(re(result), im(result));
}
