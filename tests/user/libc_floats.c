/*
 * libc_floats.c - each function of <math.h> for float and for long double
 * answers as its sister for double. tests/host/libc_math.c measures the latter.
 * Any system with GNU's names.
 */
#define _GNU_SOURCE
#include <float.h>
#include <inttypes.h>
#include <math.h>

#include "tests/user/helpers.h"

/* The compiler does not know these values. */
static volatile double half = 0.5, two = 2.25, negative = -2.5;

static int is_near(long double a, long double b, long double error)
{
	return fabsl(a - b) <= error * fmaxl(fabsl(b), 1);
}

/* The three sisters at this value. A float has 24 bits, a double 53. */
#define SISTERS(name, x)						\
	(expect(is_near(name##f((float)(x)), name(x), 4 * FLT_EPSILON)), \
	 expect(is_near(name##l(x), name(x), 4 * DBL_EPSILON)))
#define SISTERS_OF_TWO(name, x, y)					\
	(expect(is_near(name##f((float)(x), (float)(y)), name(x, y),	\
		4 * FLT_EPSILON)),					\
	 expect(is_near(name##l(x, y), name(x, y), 4 * DBL_EPSILON)))

CASE(float_of_an_angle_is_another_number)
{
	SISTERS(sin, half);
	SISTERS(cos, half);
	SISTERS(tan, half);
	SISTERS(asin, half);
	SISTERS(acos, half);
	SISTERS(atan, half);
	SISTERS_OF_TWO(atan2, half, negative);
	SISTERS_OF_TWO(hypot, half, two);
}

CASE(float_of_a_hyperbola_is_another_number)
{
	SISTERS(sinh, half);
	SISTERS(cosh, half);
	SISTERS(tanh, half);
	SISTERS(asinh, half);
	SISTERS(acosh, two);
	SISTERS(atanh, half);
}

CASE(float_of_a_power_is_another_number)
{
	SISTERS(exp, two);
	SISTERS(exp2, two);
	SISTERS(exp10, two);
	SISTERS(expm1, half);
	SISTERS(log, two);
	SISTERS(log2, two);
	SISTERS(log10, two);
	SISTERS(log1p, half);
	SISTERS(logb, two);
	SISTERS(sqrt, two);
	SISTERS(cbrt, two);
	SISTERS_OF_TWO(pow, two, half);
}

CASE(float_of_a_gamma_function_is_another_number)
{
	int sign = 0, sign_f = 0, sign_l = 0;

	SISTERS(erf, half);
	SISTERS(erfc, half);
	SISTERS(lgamma, two);
	SISTERS(gamma, two);
	SISTERS(tgamma, two);
	expect(is_near(lgammaf_r((float)negative, &sign_f),
		       lgamma_r(negative, &sign), 4 * FLT_EPSILON));
	expect(is_near(lgammal_r(negative, &sign_l), lgamma_r(negative, &sign),
		       4 * DBL_EPSILON));
	expect(sign == -1 && sign_f == -1 && sign_l == -1);
}

CASE(float_is_rounded_to_another_number)
{
	for (int i = -5; i <= 5; i++) {
		double x = i * half;

		SISTERS(ceil, x);
		SISTERS(floor, x);
		SISTERS(trunc, x);
		SISTERS(round, x);
		SISTERS(rint, x);
		SISTERS(nearbyint, x);
	}
}

CASE(whole_number_of_a_float_is_another_number)
{
	expect(lrintf((float)negative) == -2 && lrintl(negative) == -2);
	expect(llrint(negative) == -2 && llrintf((float)negative) == -2 &&
	       llrintl(negative) == -2);
	expect(lroundf((float)negative) == -3 && lroundl(negative) == -3);
	expect(llround(negative) == -3 && llroundf((float)negative) == -3 &&
	       llroundl(negative) == -3);
	expect(ilogbf((float)two) == 1 && ilogbl(two) == 1);
	expect(labs(-7L) == 7 && llabs(-7LL) == 7);
	expect(imaxabs(-7) == 7 && imaxdiv(-7, 2).quot == -3 &&
	       imaxdiv(-7, 2).rem == -1);
	expect(div(-7, 2).quot == -3 && div(-7, 2).rem == -1);
	expect(ldiv(-7, 2).quot == -3 && ldiv(-7, 2).rem == -1);
	expect(lldiv(-7, 2).quot == -3 && lldiv(-7, 2).rem == -1);
}

CASE(remainder_of_a_float_is_another_number)
{
	int quotient = 0;

	SISTERS_OF_TWO(fmod, negative, two);
	SISTERS_OF_TWO(remainder, negative, two);
	SISTERS_OF_TWO(drem, negative, two);
	SISTERS_OF_TWO(fdim, two, half);
	SISTERS_OF_TWO(fmax, two, half);
	SISTERS_OF_TWO(fmin, two, half);
	SISTERS_OF_TWO(copysign, two, negative);
	expect(remquof((float)negative, (float)two, &quotient) == -0.25F);
	expect(quotient == -1);
}

CASE(exponent_of_a_float_is_lost)
{
	int exponent = 0;
	float whole = 0;
	double all = 0;

	expect(frexp(two, &exponent) == 0.5625 && exponent == 2);
	expect(modf(negative, &all) == -0.5 && all == -2);
	expect(frexpf((float)two, &exponent) == 0.5625F && exponent == 2);
	expect(modff((float)negative, &whole) == -0.5F && whole == -2);
	expect(ldexpf((float)two, 3) == 18);
	expect(scalbnf((float)two, 3) == 18);
	expect(scalblnf((float)two, 3) == 18 && scalblnl(two, 3) == 18);
	SISTERS_OF_TWO(scalb, two, 3);
	SISTERS(significand, two);
	expect(significandf(10) == 1.25F);
}

CASE(next_number_of_a_type_is_that_of_another_type)
{
	long double one = 1;

	expect(nextafterl(one, 2) == 1 + LDBL_EPSILON);
	expect(nexttoward(1, 2.0L) == 1 + DBL_EPSILON);
	expect(nexttowardf(1, 2.0L) == 1 + FLT_EPSILON);
	expect(nexttowardl(one, 2) == 1 + LDBL_EPSILON);
	expect(isnan(nanf("")) && isnan(nanl("")));
}

CASE(sine_and_cosine_at_once_differ_from_one_alone)
{
	double sine, cosine;
	float sine_f, cosine_f;
	long double sine_l, cosine_l;

	sincos(half, &sine, &cosine);
	sincosf((float)half, &sine_f, &cosine_f);
	sincosl(half, &sine_l, &cosine_l);
	expect(is_near(sine, sin(half), DBL_EPSILON));
	expect(is_near(cosine, cos(half), DBL_EPSILON));
	expect(is_near(sine_f, sinf((float)half), FLT_EPSILON));
	expect(is_near(cosine_f, cosf((float)half), FLT_EPSILON));
	expect(is_near(sine_l, sinl(half), DBL_EPSILON));
	expect(is_near(cosine_l, cosl(half), DBL_EPSILON));
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
