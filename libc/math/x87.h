/*
 * x87.h - the instructions of the x87, and numbers as sums of two numbers.
 *
 * All functions of <math.h> calculate in long double, which has 64 bits of
 * mantissa, and round once at the end. FORMS() makes the functions for double
 * and float from the function for long double, EXACT_FORMS() where no rounding
 * takes place.
 *
 * Where 64 bits are too few, a number is a struct pair: high + low, with low
 * below half of the last bit of high. The steps are those of T. J. Dekker, "A
 * floating-point technique for extending the available precision" (1971), and
 * of Knuth, volume 2, section 4.2.2.
 *
 * fsin, fcos and fptan are not used: the processor knows pi to 66 bits only,
 * and emulators calculate these instructions with doubles.
 */
#pragma once

#include <math.h>
#include <stdint.h>

typedef long double wide;

struct pair {
	wide high, low;
};

/* ---- Flags of <fenv.h> --------------------------------------------------- */

/* The processor sets the flag when the square is stored. */
static inline void raise_by_square(float x)
{
	volatile float square = x;

	square *= square;
}

static inline void raise_underflow(void)
{
	raise_by_square(0x1p-120f);
}

static inline void raise_overflow(void)
{
	raise_by_square(0x1p120f);
}

/* A result below the smallest normal number has lost bits: also where 64 bits
 * of mantissa do not show the loss, as in sin(x) for a tiny x. */
static inline wide with_underflow(wide result, wide smallest)
{
	if (isless(fabsl(result), smallest) && result != 0)
		raise_underflow();
	return result;
}

/* x as the value of a function that is near x, and not x. */
static inline wide nearly(wide x)
{
	return with_underflow(x, __LDBL_MIN__);
}

/* ---- Forms --------------------------------------------------------------- */

static inline double as_double(wide x)
{
	return (double)with_underflow(x, __DBL_MIN__);
}

static inline float as_float(wide x)
{
	return (float)with_underflow(x, __FLT_MIN__);
}

/* The forms for double and float of a function with one or two numbers. */
#define FORMS_BY(name, to_double, to_float)				\
	double name(double x)						\
	{								\
		return to_double(name##l(x));				\
	}								\
	float name##f(float x)						\
	{								\
		return to_float(name##l(x));				\
	}
#define FORMS(name)		FORMS_BY(name, as_double, as_float)
#define EXACT_FORMS(name)	FORMS_BY(name, (double), (float))

#define FORMS_2_BY(name, to_double, to_float)				\
	double name(double x, double y)					\
	{								\
		return to_double(name##l(x, y));			\
	}								\
	float name##f(float x, float y)					\
	{								\
		return to_float(name##l(x, y));				\
	}
#define FORMS_2(name)		FORMS_2_BY(name, as_double, as_float)
#define EXACT_FORMS_2(name)	FORMS_2_BY(name, (double), (float))

#define LN2	0.693147180559945309417232121458176568L
#define HALF_PI	1.570796326794896619231321691639751442L

/* factor * log2(x) */
static inline wide x87_log2(wide factor, wide x)
{
	wide result;

	asm("fyl2x" : "=t"(result) : "0"(x), "u"(factor) : "st(1)");
	return result;
}

/* 2^x - 1 for x from -1 to 1, exact in the last bits of a small x. */
static inline wide x87_power_less_1(wide x)
{
	asm("f2xm1" : "+t"(x));
	return x;
}

/* x * 2^exponent for a whole exponent. */
static inline wide x87_scale(wide x, wide exponent)
{
	asm("fscale" : "+t"(x) : "u"(exponent));
	return x;
}

/* x as 1.bits * 2^exponent: the mantissa. */
static inline wide x87_extract(wide x, wide *exponent)
{
	wide mantissa;

	asm("fxtract" : "=t"(mantissa), "=u"(*exponent) : "0"(x));
	return mantissa;
}

static inline wide x87_sqrt(wide x)
{
	asm("fsqrt" : "+t"(x));
	return x;
}

/* The whole number near x, as the control word says. */
static inline wide x87_round(wide x)
{
	asm volatile("frndint" : "+t"(x));
	return x;
}

/* The angle of the point (x, y). */
static inline wide x87_angle(wide y, wide x)
{
	wide result;

	asm("fpatan" : "=t"(result) : "0"(x), "u"(y) : "st(1)");
	return result;
}

/* a + b exactly, for |a| >= |b|. */
static inline struct pair pair_join(wide a, wide b)
{
	struct pair sum = { a + b, 0 };

	sum.low = b - (sum.high - a);
	return sum;
}

/* a + b exactly. */
static inline struct pair pair_sum(wide a, wide b)
{
	struct pair sum = { a + b, 0 };
	wide part = sum.high - a;

	sum.low = (a - (sum.high - part)) + (b - part);
	return sum;
}

/* a * b exactly: the factors are cut into halves of 32 bits. */
static inline struct pair pair_product(wide a, wide b)
{
	const wide cut = 4294967297.0L;
	wide a_high = a * cut - (a * cut - a), a_low = a - a_high;
	wide b_high = b * cut - (b * cut - b), b_low = b - b_high;
	struct pair product = { a * b, 0 };

	product.low = ((a_high * b_high - product.high) + a_high * b_low +
		a_low * b_high) + a_low * b_low;
	return product;
}

static inline struct pair pair_times(struct pair a, struct pair b)
{
	struct pair product = pair_product(a.high, b.high);

	return pair_join(product.high, product.low + a.high * b.low +
		a.low * b.high);
}

/* a / b for numbers. */
static inline struct pair pair_quotient(wide a, struct pair b)
{
	wide high = a / b.high;
	struct pair back = pair_product(high, b.high);

	return pair_join(high,
		((a - back.high) - back.low - high * b.low) / b.high);
}

/* exp.c: 2^(x.high + x.low), and x * log2(e) for |x| below 20,000. */
wide __power_of_two(struct pair x);
struct pair __times_log2_e(wide x);
wide __exp_of(struct pair x);

/* trig.c: sine and cosine of any number. */
void __sine_and_cosine(wide x, wide *sine, wide *cosine);
/* bessel.c: the functions of the first and the second kind, of order n. */
wide __bessel_j(int n, wide x);
wide __bessel_y(int n, wide x);
/* gamma.c */
wide __log_gamma(wide x, int *sign);
