/*
 * libc_complexes.c - each function of <complex.h> for float and for long double
 * answers as its sister for double. tests/host/libc_complex.c measures the
 * latter. Any POSIX system.
 */
#include <complex.h>
#include <float.h>
#include <math.h>

#include "tests/user/helpers.h"

/* The compiler does not know this value. */
static volatile double complex some = 0.5 + 0.25 * I;

static int is_near(long double complex a, long double complex b,
	long double error)
{
	return cabsl(a - b) <= error * fmaxl(cabsl(b), 1);
}

#define SISTERS(name)							\
	(expect(is_near(name##f((float complex)some), name(some),	\
		8 * FLT_EPSILON)),					\
	 expect(is_near(name##l(some), name(some), 8 * DBL_EPSILON)))

CASE(float_of_a_complex_angle_is_another_number)
{
	SISTERS(csin);
	SISTERS(ccos);
	SISTERS(ctan);
	SISTERS(casin);
	SISTERS(cacos);
	SISTERS(catan);
}

CASE(float_of_a_complex_hyperbola_is_another_number)
{
	SISTERS(csinh);
	SISTERS(ccosh);
	SISTERS(ctanh);
	SISTERS(casinh);
	SISTERS(cacosh);
	SISTERS(catanh);
}

CASE(float_of_a_complex_power_is_another_number)
{
	SISTERS(cexp);
	SISTERS(clog);
	SISTERS(csqrt);
	expect(is_near(cpowf((float complex)some, 2), cpow(some, 2),
		       8 * FLT_EPSILON));
	expect(is_near(cpowl(some, 2), cpow(some, 2), 8 * DBL_EPSILON));
}

CASE(part_of_a_complex_float_is_another_number)
{
	SISTERS(cabs);
	SISTERS(carg);
	SISTERS(conj);
	SISTERS(cproj);
	expect(crealf((float complex)some) == 0.5F && creall(some) == 0.5L);
	expect(cimagf((float complex)some) == 0.25F && cimagl(some) == 0.25L);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
