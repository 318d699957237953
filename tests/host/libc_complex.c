/*
 * libc_complex.c - the functions of <complex.h> against this machine's.
 *
 * As libc_math.c. The error is the distance of two results, measured by the
 * length of the right one. Points on both sides of the branch cuts are
 * included: there, the sign of a zero decides.
 *
 * link: libc/math/[a-z]*.c
 * flags: -D_GNU_SOURCE -fno-builtin -ldl
 */
#include <complex.h>
#include <dlfcn.h>
#include <math.h>
#include <stdlib.h>

#include "tests/tap.h"

#define ROUNDS	20000

static const struct {
	const char *name;
	double complex (*ours)(double complex);
} functions[] = {
#define F(name) { #name, name }
	F(cacos), F(cacosh), F(casin), F(casinh), F(catan), F(catanh), F(ccos),
	F(ccosh), F(cexp), F(clog), F(conj), F(cproj), F(csin), F(csinh),
	F(csqrt), F(ctan), F(ctanh),
};

static const double special[] = {
	0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 1e-9, -1e-9, 3, -3, 20, -20,
};
#define SPECIAL	((int)(sizeof(special) / sizeof(special[0])))

static double part(void)
{
	double x = rand() / (double)RAND_MAX;

	return ldexp(x, rand() % 10 - 5) * (rand() % 2 ? 1 : -1);
}

static double complex point(int i)
{
	return i < SPECIAL * SPECIAL
		? CMPLX(special[i / SPECIAL], special[i % SPECIAL])
		: CMPLX(part(), part());
}

/* A NaN or infinity in ours must be one in theirs. */
static double distance(double complex ours, double complex want)
{
	double size = cabs(want);

	if (!isfinite(size))
		return isfinite(cabs(ours)) ? 1e9 : 0;
	if (!isfinite(cabs(ours)))
		return 1e9;
	return size == 0 ? cabs(ours) * 1e16 : cabs(ours - want) / size;
}

int main(void)
{
	void *theirs = dlopen("libm.so.6", RTLD_NOW | RTLD_LOCAL);
	double complex (*power)(double complex, double complex);
	double worst_power = 0;

	if (!theirs) {
		printf("ok 1 - skipped # SKIP no libm.so.6 here\n1..1\n");
		return 0;
	}
	srand(1);
	for (int f = 0; f < (int)(sizeof(functions) / sizeof(functions[0]));
	     f++) {
		double complex (*want)(double complex) =
			dlsym(theirs, functions[f].name);
		double worst = 0;
		double complex at = 0;

		for (int i = 0; i < ROUNDS; i++) {
			double complex z = point(i);
			double far = distance(functions[f].ours(z), want(z));

			if (far > worst) {
				worst = far;
				at = z;
			}
		}
		if (!ok(worst < 1e-15, "%s_is_near", functions[f].name))
			printf("# %g at %g, %g: %g, %g, not %g, %g\n", worst,
				creal(at), cimag(at),
				creal(functions[f].ours(at)),
				cimag(functions[f].ours(at)),
				creal(want(at)), cimag(want(at)));
	}
	power = dlsym(theirs, "cpow");
	for (int i = 0; i < ROUNDS; i++) {
		double complex z = point(SPECIAL * SPECIAL), w = part() / 8;

		worst_power = fmax(worst_power,
			distance(cpow(z, w), power(z, w)));
	}
	ok(worst_power < 1e-13, "cpow_is_near");
	ok(cabs(CMPLX(3, 4)) == 5 && carg(CMPLX(-1, -0.0)) == -M_PI &&
		creal(CMPLX(1, 2)) == 1 && cimag(CMPLX(1, 2)) == 2,
		"parts_of_a_point");
	ok(CMPLX(1, 2) * CMPLX(3, 4) == CMPLX(-5, 10) &&
		CMPLX(-5, 10) / CMPLX(3, 4) == CMPLX(1, 2) &&
		isinf(cabs(CMPLX(INFINITY, NAN) * CMPLX(1, 1))),
		"products_and_quotients");
	return tap_done();
}
