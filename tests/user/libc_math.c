/*
 * libc_math.c - mathematics in a program: the flags of <fenv.h>, the rounding,
 * the forms that <tgmath.h> chooses, complex numbers. tests/host/libc_math.c
 * measures the functions. Any POSIX system.
 */
#include <fenv.h>
#include <float.h>
#include <tgmath.h>

#include "tests/user/helpers.h"

/* Values that the compiler must not know. */
static volatile double zero = 0, one = 1, three = 3, huge = 1e308;
static volatile long double wide_three = 3;

CASE(flags_tell_of_errors)
{
	volatile double x;

	feclearexcept(FE_ALL_EXCEPT);
	expect(fetestexcept(FE_ALL_EXCEPT) == 0);
	x = one / zero;
	expect(fetestexcept(FE_ALL_EXCEPT) == FE_DIVBYZERO && isinf(x));
	feclearexcept(FE_DIVBYZERO);
	x = zero / zero;
	expect(fetestexcept(FE_ALL_EXCEPT) == FE_INVALID && isnan(x));
	feclearexcept(FE_ALL_EXCEPT);
	x = one / three;
	expect(fetestexcept(FE_ALL_EXCEPT) == FE_INEXACT);
	feclearexcept(FE_ALL_EXCEPT);
	x = huge * huge;
	expect(fetestexcept(FE_OVERFLOW) && isinf(x));
	feraiseexcept(FE_UNDERFLOW);
	expect(fetestexcept(FE_UNDERFLOW | FE_DIVBYZERO) == FE_UNDERFLOW);
}

CASE(functions_raise_flags)
{
	volatile double x;

	feclearexcept(FE_ALL_EXCEPT);
	x = log(zero);
	expect(fetestexcept(FE_DIVBYZERO) && x == -INFINITY);
	feclearexcept(FE_ALL_EXCEPT);
	x = sqrt(-one);
	expect(fetestexcept(FE_INVALID) && isnan(x));
	feclearexcept(FE_ALL_EXCEPT);
	x = pow(zero, -one);
	expect(fetestexcept(FE_DIVBYZERO) && x == INFINITY);
	feclearexcept(FE_ALL_EXCEPT);
	x = exp(huge);
	expect(fetestexcept(FE_OVERFLOW) && x == INFINITY);
	feclearexcept(FE_ALL_EXCEPT);
	x = nearbyint(one / three);
	feclearexcept(FE_ALL_EXCEPT);
	x = nearbyint(x + 0.5);
	expect(fetestexcept(FE_INEXACT) == 0 && x == 0);
	x = rint(one / 4);
	expect(fetestexcept(FE_INEXACT));
}

/* The flags that a call raises, FE_INEXACT aside. */
#define FLAGS(call)							\
	({								\
		volatile double result_;				\
		feclearexcept(FE_ALL_EXCEPT);				\
		result_ = (call);					\
		(void)result_;						\
		fetestexcept(FE_ALL_EXCEPT & ~FE_INEXACT);		\
	})

CASE(quiet_nan_is_no_error)
{
	volatile double nan = NAN;

	expect(FLAGS(acosh(nan)) == 0 && FLAGS(asinh(nan)) == 0);
	expect(FLAGS(atanh(nan)) == 0 && FLAGS(sinh(nan)) == 0);
	expect(FLAGS(cosh(nan)) == 0 && FLAGS(tanh(nan)) == 0);
	expect(FLAGS(exp(nan)) == 0 && FLAGS(exp2(nan)) == 0);
	expect(FLAGS(expm1(nan)) == 0 && FLAGS(log1p(nan)) == 0);
	expect(FLAGS(nextafter(nan, one)) == 0 && FLAGS(erf(nan)) == 0);
}

CASE(result_that_lost_bits_underflows)
{
	volatile double tiny = 1e-310;
	volatile float small = 1e-40f;

	expect(FLAGS(sin(tiny)) == FE_UNDERFLOW);
	expect(FLAGS(asinf(small)) == FE_UNDERFLOW);
	expect(FLAGS(sinhf(small)) == FE_UNDERFLOW);
	expect(FLAGS(tanh(tiny)) == FE_UNDERFLOW);
	expect(FLAGS(expm1(tiny)) == FE_UNDERFLOW);
	expect(FLAGS(erfc(huge)) == FE_UNDERFLOW);
	expect(FLAGS(exp(-huge)) == FE_UNDERFLOW);
	expect(FLAGS(fabs(tiny)) == 0 && FLAGS(floor(tiny)) == 0);
	expect(FLAGS(fmod(tiny, one)) == 0 && FLAGS(expm1(-huge)) == 0);
	expect(FLAGS(erf(huge)) == 0 && FLAGS(hypot(tiny, zero)) == 0);
}

CASE(neighbour_out_of_range_is_told)
{
	volatile double most = DBL_MAX, least = DBL_MIN;
	volatile float most_float = FLT_MAX;

	expect(FLAGS(nextafter(most, HUGE_VAL)) == FE_OVERFLOW);
	expect(FLAGS(nextafterf(most_float, HUGE_VALF)) == FE_OVERFLOW);
	expect(FLAGS(nextafter(zero, one)) == FE_UNDERFLOW);
	expect(FLAGS(nextafter(least, zero)) == FE_UNDERFLOW);
	expect(FLAGS(nextafter(one, zero)) == 0);
	expect(FLAGS(nextafter(HUGE_VAL, zero)) == 0);
}

CASE(pole_and_domain_are_told)
{
	volatile double below = -zero;

	expect(FLAGS(ilogb(zero)) == FE_INVALID && ilogb(zero) == FP_ILOGB0);
	expect(FLAGS(ilogb(HUGE_VAL)) == FE_INVALID);
	expect(FLAGS(ilogb(three)) == 0 && ilogb(three) == 1);
	expect(FLAGS(y0(zero)) == FE_DIVBYZERO && y0(zero) == -HUGE_VAL);
	expect(y0(below) == -HUGE_VAL && y1(below) == -HUGE_VAL);
	expect(signbit(j1(below)) && !signbit(j1(zero)));
	expect(FLAGS(tgamma(huge)) == FE_OVERFLOW);
	expect(FLAGS(acos(huge)) == FE_INVALID);
}

/* A compiler may put its own rint() in line, which knows one mode only. */
static double (*volatile rounded)(double) = rint;

CASE(rounding_is_chosen)
{
	volatile double half = 2.5, less = -2.5;

	expect(fegetround() == FE_TONEAREST && FLT_ROUNDS == 1);
	expect(rounded(half) == 2 && lrint(half) == 2 && round(half) == 3);
	expect(fesetround(FE_UPWARD) == 0 && rounded(half) == 3);
	expect(fesetround(FE_DOWNWARD) == 0 && rounded(less) == -3);
	expect(fesetround(FE_TOWARDZERO) == 0 && nearbyint(less) == -2);
	expect(floor(half) == 2 && ceil(half) == 3 && round(half) == 3);
	expect(fegetround() == FE_TOWARDZERO);
	expect(fesetround(FE_TONEAREST) == 0 && rounded(half) == 2);
	expect(fesetround(99) != 0);
}

CASE(environment_is_kept_and_restored)
{
	fenv_t before;
	volatile double x;

	feclearexcept(FE_ALL_EXCEPT);
	fesetround(FE_UPWARD);
	expect(feholdexcept(&before) == 0);
	x = one / zero;
	fesetround(FE_TONEAREST);
	expect(fesetenv(&before) == 0 && fegetround() == FE_UPWARD);
	expect(fetestexcept(FE_ALL_EXCEPT) == 0);
	feholdexcept(&before);
	x = one / zero;
	expect(feupdateenv(&before) == 0 && fetestexcept(FE_DIVBYZERO));
	expect(fesetenv(FE_DFL_ENV) == 0 && fegetround() == FE_TONEAREST);
	(void)x;
}

static void end_by_signal(int signal)
{
	_exit(signal == SIGFPE ? 0 : 1);
}

CASE(enabled_flag_is_SIGFPE)
{
	volatile double x;

	signal(SIGFPE, end_by_signal);
	feclearexcept(FE_ALL_EXCEPT);
	expect(feenableexcept(FE_DIVBYZERO) == 0);
	expect(fegetexcept() == FE_DIVBYZERO);
	x = one / zero;
	feraiseexcept(FE_DIVBYZERO);	/* an emulator may wait until now */
	expect(x != x);			/* not reached */
}

CASE(flags_belong_to_a_process)
{
	int status;

	feclearexcept(FE_ALL_EXCEPT);
	if (fork() == 0) {
		feraiseexcept(FE_INVALID);
		fesetround(FE_UPWARD);
		_exit(fetestexcept(FE_INVALID) != FE_INVALID);
	}
	expect(wait(&status) > 0 && status == 0);
	expect(fetestexcept(FE_INVALID) == 0 && fegetround() == FE_TONEAREST);
}

CASE(names_for_all_types)
{
	float f = 2;
	double complex minus = -1;

	expect(sizeof(sqrt(f)) == sizeof(float));
	expect(sizeof(sqrt(wide_three)) == sizeof(long double));
	expect(sizeof(sqrt(2)) == sizeof(double));
	expect(sizeof(sqrt(minus)) == sizeof(double complex));
	expect(sizeof(pow(f, 2)) == sizeof(double));
	expect(sizeof(fmax(f, f)) == sizeof(float));
	expect(sqrt(minus) == I && fabs(minus) == 1);
	expect(creal(exp(I * M_PI)) == -1);
}

CASE(known_values)
{
	expect(pow(10, three) == 1000 && powl(2, wide_three) == 8);
	expect(fabs(sin(1e22) - -0.8522008497671888) < 1e-16);
	expect(fabs(tgamma(three + 2) - 24) == 0 && lgamma(one) == 0);
	expect(fabs(cbrt(three * 9) - 3) < 1e-15 && hypot(three, 4) == 5);
	expect(fma(1 + 0x1p-30, 1 - 0x1p-30, -1) == -0x1p-60);
	expect(fabs(j0(one) - 0.7651976865579666) < 1e-15);
	expect(isnan(nan("")) && nextafter(one, 2) == 1 + DBL_EPSILON);
}

/* The last three bits of the nearest whole quotient, with its sign. */
CASE(remquo_tells_the_bits_of_the_quotient)
{
	volatile double rest;
	int quotient, bits;

	for (int n = 0; n < 20; n++) {
		bits = n & 7;
		rest = remquo(n * three + 1, three, &quotient);
		expect(rest == 1 && (quotient & 7) == bits);
		rest = remquo(-(n * three + 1), three, &quotient);
		expect(rest == -1 && (-quotient & 7) == bits);
		rest = remquo(n * three - 1, -three, &quotient);
		expect(rest == -1);
		expect(n == 0 || (-quotient & 7) == bits);
	}
	expect(isnan(remquo(INFINITY, three, &quotient)));
}

CASE(division_by_infinity_leaves_the_number)
{
	int quotient;

	expect(remquo(three, INFINITY, &quotient) == 3 && quotient == 0);
	expect(fmod(three, INFINITY) == 3);
	expect(remainder(-three, -INFINITY) == -3);
}

CASE(lgamma_tells_the_sign_of_gamma)
{
	for (int n = 0; n < 20; n++) {
		double x = -n - one / 2;

		lgamma(x);
		expect(signgam == (tgamma(x) < 0 ? -1 : 1));
		expect(signgam == (n % 2 ? 1 : -1));
	}
	lgamma(three);
	expect(signgam == 1);
}

CASE(arc_cosine_is_never_negative)
{
	static const int modes[] = {
		FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO,
	};

	for (int i = 0; i < 4; i++) {
		fesetround(modes[i]);
		expect(!signbit(acos(one)) && acos(-one) > 3);
	}
	fesetround(FE_TONEAREST);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
