/*
 * libc_math.c - the functions of <math.h> against this machine's, in ulps.
 *
 * Ours are linked into this program under their own names; dlsym() finds those
 * of this machine's library. The difference of two results is counted in units
 * of the last place of the form: double, float or long double. Both libraries
 * err, so a difference of 1 says little, and of 100 that ours is wrong.
 *
 * link: libc/math/[a-z]*.c
 * flags: -D_GNU_SOURCE -fno-builtin -frounding-math -ldl
 */
#include <dlfcn.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

#define ROUNDS	20000

typedef long double wide;

static void *theirs;		/* the library */

static uint64_t random_bits(void)
{
	return (uint64_t)rand() << 42 ^ (uint64_t)rand() << 21 ^
		(uint64_t)rand();
}

static wide between(wide from, wide to)
{
	return from + (to - from) * (wide)(random_bits() >> 1) * 0x1p-63L;
}

/* A number with any exponent up to 2^most, with a sign. */
static wide of_any_size(int most)
{
	wide x = scalbnl(between(1, 2), rand() % (2 * most) - most);

	return rand() % 2 ? x : -x;
}

/* The difference in units of the last place of numbers with so many bits, and
   with exponents from `least` on; 1e9 if one of them is not a number. */
static wide ulps(wide ours, wide want, int bits, int least)
{
	int exponent = 0;

	if (isnan(ours) && isnan(want))
		return 0;
	if (ours == want)
		return 0;
	if (!isfinite(want))
		return 1e9;
	frexpl(want, &exponent);
	if (exponent < least)
		exponent = least;
	return fabsl(ours - want) / ldexpl(1, exponent - bits);
}

#define DOUBLE	DBL_MANT_DIG, DBL_MIN_EXP
#define FLOAT	FLT_MANT_DIG, FLT_MIN_EXP
#define WIDE	LDBL_MANT_DIG, LDBL_MIN_EXP

static const wide special[] = {
	0.0L, -0.0L, 1, -1, 0.5L, -0.5L, 2, -2, 3, -3, 1.5L, -1.5L, 2.5L, 10,
	-10, 100, 0x1p-1074L, -0x1p-1074L, 0x1p-1022L, 0x1.fffffffffffffp1023L,
	-0x1.fffffffffffffp1023L, 0x1p52L, 0x1p53L, 4503599627370497.5L,
	INFINITY, -INFINITY, NAN, 710, -746, 1024, 0.9999999999999999L,
	3.141592653589793116L, 1.570796326794896558L, 6381956970095103.0L,
	0x1p1000L, 1e22L, 170.5L, -170.5L, 0x1p-200L, 20, 33, 0.25L, 1e-8L,
};
#define SPECIAL	((int)(sizeof(special) / sizeof(special[0])))

/* ---- Functions of a number ----------------------------------------------- */

static const struct one {
	const char *name;
	double (*of_double)(double);
	float (*of_float)(float);
	wide (*of_wide)(wide);
	wide from, to;		/* to == 0: of any size, 2^from at most */
	double ulps, wide_ulps;	/* the largest difference */
} ones[] = {
#define ONE(name, from, to, most, wide_most) \
	{ #name, name, name##f, name##l, from, to, most, wide_most }
	ONE(acos, -1, 1, 1, 4), ONE(asin, -1, 1, 1, 4),
	ONE(atan, 40, 0, 1, 2), ONE(acosh, 1, 1000, 1, 5),
	ONE(asinh, 40, 0, 1, 4), ONE(atanh, -1, 1, 2, 5),
	ONE(sin, 1000, 0, 1, 2), ONE(cos, 1000, 0, 1, 2),
	ONE(tan, 1000, 0, 1, 3), ONE(sinh, -720, 720, 1, 5),
	ONE(cosh, -720, 720, 1, 4), ONE(tanh, -30, 30, 2, 5),
	ONE(exp, -750, 720, 1, 2), ONE(exp2, -1080, 1030, 1, 2),
	ONE(exp10, -320, 310, 2, 2),
	ONE(expm1, -50, 720, 1, 4), ONE(log, 1e-300L, 1e9L, 1, 2),
	ONE(log2, 1e-300L, 1e9L, 1, 2), ONE(log10, 1e-300L, 1e9L, 1, 2),
	ONE(log1p, -1, 9, 1, 3), ONE(logb, 1000, 0, 0, 0),
	ONE(cbrt, 1000, 0, 3, 1), ONE(sqrt, 0, 1e9L, 0, 0),
	ONE(fabs, 1000, 0, 0, 0), ONE(erf, -6, 6, 1, 12),
	ONE(erfc, -5, 26, 3, 16), ONE(tgamma, -30, 170, 5, 12),
	ONE(ceil, 60, 0, 0, 0), ONE(floor, 60, 0, 0, 0),
	ONE(nearbyint, 60, 0, 0, 0), ONE(rint, 60, 0, 0, 0),
	ONE(round, 60, 0, 0, 0), ONE(trunc, 60, 0, 0, 0),
	ONE(lgamma, 0, 1000, 4, 16), ONE(gamma, 0, 1000, 4, 16),
	ONE(significand, 1000, 0, 0, 0),
};

static wide argument(const struct one *f, int i)
{
	if (i < SPECIAL)
		return special[i];
	return f->to == 0 ? of_any_size((int)f->from)
		: between(f->from, f->to);
}

static void note(wide difference, wide *worst, wide x, wide *at)
{
	if (difference > *worst) {
		*worst = difference;
		*at = x;
	}
}

static void *their(const char *name, const char *suffix)
{
	char whole[32];
	void *function;

	snprintf(whole, sizeof(whole), "%s%s", name, suffix);
	function = dlsym(theirs, whole);
	if (!function)
		printf("# no %s here\n", whole);
	return function;
}

static void check_one(const struct one *f)
{
	double (*of_double)(double) = their(f->name, "");
	float (*of_float)(float) = their(f->name, "f");
	wide (*of_wide)(wide) = their(f->name, "l");
	wide worst[3] = { 0 }, at[3] = { 0 };

	for (int i = 0; i < ROUNDS; i++) {
		wide x = argument(f, i);
		double d = (double)x;
		float s = (float)x;

		note(ulps(f->of_double(d), of_double(d), DOUBLE), &worst[0],
			d, &at[0]);
		note(ulps(f->of_float(s), of_float(s), FLOAT), &worst[1],
			s, &at[1]);
		note(ulps(f->of_wide(x), of_wide(x), WIDE), &worst[2],
			x, &at[2]);
	}
	if (!ok(worst[0] <= f->ulps && worst[1] <= (f->ulps > 1 ? f->ulps : 1)
		&& worst[2] <= f->wide_ulps, "%s_is_near", f->name))
		printf("# %.1Lf at %La (%.20Lg), %.1Lf at %La, %.1Lf at %La\n",
			worst[0], at[0], at[0], worst[1], at[1], worst[2],
			at[2]);
}

/* ---- Functions of two numbers -------------------------------------------- */

static const struct two {
	const char *name;
	double (*of_double)(double, double);
	float (*of_float)(float, float);
	wide (*of_wide)(wide, wide);
	int size;		/* of the numbers: 2^size at most */
	double ulps, wide_ulps;
} twos[] = {
#define TWO(name, size, most, wide_most) \
	{ #name, name, name##f, name##l, size, most, wide_most }
	TWO(atan2, 300, 1, 2), TWO(copysign, 300, 0, 0), TWO(fdim, 60, 1, 0),
	TWO(fmax, 60, 0, 0), TWO(fmin, 60, 0, 0), TWO(fmod, 60, 0, 0),
	TWO(hypot, 500, 1, 2), TWO(nextafter, 300, 0, 0), TWO(pow, 9, 1, 2),
	TWO(remainder, 60, 0, 0), TWO(drem, 60, 0, 0),
	TWO(scalb, 9, 0, 0),
};

static void check_two(const struct two *f)
{
	double (*of_double)(double, double) = their(f->name, "");
	float (*of_float)(float, float) = their(f->name, "f");
	wide (*of_wide)(wide, wide) = their(f->name, "l");
	wide worst[3] = { 0 }, at[3] = { 0 }, and[3] = { 0 };

	for (int i = 0; i < ROUNDS; i++) {
		int is_special = i < SPECIAL * SPECIAL;
		wide x = is_special ? special[i / SPECIAL]
			: of_any_size(f->size);
		wide y = is_special ? special[i % SPECIAL]
			: of_any_size(f->size);
		wide before[3] = { worst[0], worst[1], worst[2] };

		if (i % 2 && !is_special)
			x = fabsl(x);
		note(ulps(f->of_double(x, y), of_double(x, y), DOUBLE),
			&worst[0], x, &at[0]);
		note(ulps(f->of_float(x, y), of_float(x, y), FLOAT),
			&worst[1], x, &at[1]);
		note(ulps(f->of_wide(x, y), of_wide(x, y), WIDE), &worst[2],
			x, &at[2]);
		for (int k = 0; k < 3; k++)
			if (worst[k] > before[k])
				and[k] = y;
	}
	if (!ok(worst[0] <= f->ulps && worst[1] <= 1 &&
		worst[2] <= f->wide_ulps, "%s_is_near", f->name))
		for (int k = 0; k < 3; k++)
			printf("# %.1Lf at %La, %La\n", worst[k], at[k],
				and[k]);
}

/* ---- The rest ------------------------------------------------------------ */

static void check_fma(void)
{
	double (*of_double)(double, double, double) = their("fma", "");
	float (*of_float)(float, float, float) = their("fma", "f");
	wide (*of_wide)(wide, wide, wide) = their("fma", "l");
	int bad[3] = { 0 };

	for (int i = 0; i < 10 * ROUNDS; i++) {
		wide x = of_any_size(5), y = of_any_size(5);
		wide z = i % 3 ? of_any_size(120) : -x * y *
			(1 + scalbnl(1, -(rand() % 70)));
		double dx = x, dy = y, dz = z;
		float sx = x, sy = y, sz = z;

		bad[0] += fma(dx, dy, dz) != of_double(dx, dy, dz);
		bad[1] += fmaf(sx, sy, sz) != of_float(sx, sy, sz);
		bad[2] += fmal(x, y, z) != of_wide(x, y, z);
	}
	is(bad[0], 0, "fma_is_exact");
	is(bad[1], 0, "fmaf_is_exact");
	is(bad[2], 0, "fmal_is_exact");
}

static void check_bessel(void)
{
	static const char *const names[] = { "j0", "j1", "y0", "y1" };
	double (*ours[])(double) = { j0, j1, y0, y1 };
	double (*jn_)(int, double) = their("jn", "");
	double (*yn_)(int, double) = their("yn", "");
	double worst = 0;

	for (int k = 0; k < 4; k++) {
		double (*want)(double) = their(names[k], "");
		double most = 0;

		for (int i = 0; i < ROUNDS / 10; i++) {
			double x = between(0.01L, 200);

			most = fmax(most, fabs(ours[k](x) - want(x)));
		}
		ok(most < 1e-14, "%s_is_near", names[k]);
	}
	for (int i = 0; i < ROUNDS / 10; i++) {
		double x = between(0.5L, 200);
		int n = rand() % 30;
		double y = yn_(n, x);

		worst = fmax(worst, fabs(jn(n, x) - jn_(n, x)));
		worst = fmax(worst, fabs(yn(n, x) - y) / fmax(1, fabs(y)));
		worst = fmax(worst, fabs(jn(-n, -x) - jn_(-n, -x)));
	}
	ok(worst < 1e-12, "jn_and_yn_are_near");
}

/* The forms for float and long double; y(x, n) is -infinity early for float. */
static void check_bessel_forms(void)
{
	float (*jnf_)(int, float) = their("jn", "f");
	float (*y0f_)(float) = their("y0", "f");
	wide (*jnl_)(int, wide) = their("jn", "l");
	wide (*y1l_)(wide) = their("y1", "l");
	wide worst[2] = { 0 };

	for (int i = 0; i < ROUNDS / 10; i++) {
		wide x = between(0.5L, 100);
		int n = rand() % 30;

		worst[0] = fmaxl(worst[0], fabsf(jnf(n, x) - jnf_(n, x)));
		worst[0] = fmaxl(worst[0], fabsf(y0f(x) - y0f_(x)));
		worst[1] = fmaxl(worst[1], fabsl(jnl(n, x) - jnl_(n, x)));
		worst[1] = fmaxl(worst[1], fabsl(y1l(x) - y1l_(x)));
	}
	ok(worst[0] < 1e-6L && worst[1] < 1e-15L &&
		j0f(1) == (float)j0(1) && j1f(1) == (float)j1(1) &&
		y1f(1) == (float)y1(1) && ynf(2, 1) == (float)yn(2, 1) &&
		(double)j0l(1) == j0(1) && (double)j1l(1) == j1(1) &&
		(double)y0l(1) == y0(1) && (double)ynl(2, 1) == yn(2, 1),
		"bessel_forms_are_near");
	if (worst[0] >= 1e-6L || worst[1] >= 1e-15L)
		printf("# %Lg %Lg\n", worst[0], worst[1]);
}

static void check_parts(void)
{
	int (*remquo_)(double, double, int *) = their("remquo", "");
	int bad = 0, ours, want, whole = 0;

	(void)remquo_;
	for (int i = 0; i < ROUNDS; i++) {
		wide x = of_any_size(1000), y = x * between(0.01L, 10);
		wide (*frexpl_)(wide, int *) = their("frexp", "l");
		wide (*modfl_)(wide, wide *) = their("modf", "l");
		wide (*remquol_)(wide, wide, int *) = their("remquo", "l");
		wide part, their_part, z = of_any_size(70);
		long (*lrint_)(double) = their("lrint", "");
		long (*lround_)(double) = their("lround", "");

		bad += frexpl(x, &ours) != frexpl_(x, &want) || ours != want;
		bad += modfl(z, &part) != modfl_(z, &their_part) ||
			part != their_part;
		bad += remquol(x, y, &ours) != remquol_(x, y, &want) ||
			(ours & 7) != (want & 7);
		z = between(-1e9L, 1e9L);
		whole += lrint(z) != lrint_(z) || lround(z) != lround_(z);
	}
	is(bad, 0, "parts_of_numbers_are_exact");
	is(whole, 0, "whole_numbers_are_exact");
	ok(ilogb(8) == 3 && ilogb(0) == FP_ILOGB0 && ilogb(0x1p-1074) == -1074,
		"ilogb_counts");
	ok(finite(1) && finitef(-0.5f) && finitel(0x1p16000L) &&
		!finite(INFINITY) && !finitef(NAN) && !finitel(-INFINITY),
		"a_number_is_finite_or_not");
	ok(scalbn(1, -1074) == 0x1p-1074 && scalbn(3, -1074) == 0x3p-1074 &&
		ldexp(1, 99999) == INFINITY && scalbln(1, 10) == 1024,
		"scaling_goes_to_the_smallest_number");
}

int main(void)
{
	theirs = dlopen("libm.so.6", RTLD_NOW | RTLD_LOCAL);
	if (!theirs) {
		printf("ok 1 - skipped # SKIP no libm.so.6 here\n1..1\n");
		return 0;
	}
	srand(1);
	for (int i = 0; i < (int)(sizeof(ones) / sizeof(ones[0])); i++)
		check_one(&ones[i]);
	for (int i = 0; i < (int)(sizeof(twos) / sizeof(twos[0])); i++)
		check_two(&twos[i]);
	check_fma();
	check_bessel();
	check_bessel_forms();
	check_parts();
	return tap_done();
}
