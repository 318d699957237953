/* tgmath.h - names for all types: sqrt() of a float is sqrtf(), of a complex
 * number csqrt(). A whole number counts as a double. */
#pragma once

#include <complex.h>
#include <math.h>

/* The form of a real function, chosen by the type of a sum. */
#define __tg_real(name, type, ...)					\
	_Generic((type), float: name##f, long double: name##l,		\
		default: name)(__VA_ARGS__)
#define __tg_complex(name, complex_name, type, ...)			\
	_Generic((type), float: name##f, long double: name##l,		\
		float _Complex: complex_name##f,			\
		double _Complex: complex_name,				\
		long double _Complex: complex_name##l,			\
		default: name)(__VA_ARGS__)
/* A float stays a float, a whole number becomes a double. */
#define __tg_float(x)							\
	_Generic((x), float: (x), long double: (x),			\
		float _Complex: (x), double _Complex: (x),		\
		long double _Complex: (x), default: (double)1)

#define acos(x)	__tg_complex(acos, cacos, x, x)
#define acosh(x)	__tg_complex(acosh, cacosh, x, x)
#define asin(x)	__tg_complex(asin, casin, x, x)
#define asinh(x)	__tg_complex(asinh, casinh, x, x)
#define atan(x)	__tg_complex(atan, catan, x, x)
#define atanh(x)	__tg_complex(atanh, catanh, x, x)
#define cos(x)	__tg_complex(cos, ccos, x, x)
#define cosh(x)	__tg_complex(cosh, ccosh, x, x)
#define exp(x)	__tg_complex(exp, cexp, x, x)
#define log(x)	__tg_complex(log, clog, x, x)
#define sin(x)	__tg_complex(sin, csin, x, x)
#define sinh(x)	__tg_complex(sinh, csinh, x, x)
#define sqrt(x)	__tg_complex(sqrt, csqrt, x, x)
#define tan(x)	__tg_complex(tan, ctan, x, x)
#define tanh(x)	__tg_complex(tanh, ctanh, x, x)
#define fabs(x)	__tg_complex(fabs, cabs, x, x)
#define pow(x, y) __tg_complex(pow, cpow, \
	__tg_float(x) + __tg_float(y), x, y)

#define cbrt(x)	__tg_real(cbrt, x, x)
#define ceil(x)	__tg_real(ceil, x, x)
#define erf(x)	__tg_real(erf, x, x)
#define erfc(x)	__tg_real(erfc, x, x)
#define exp2(x)	__tg_real(exp2, x, x)
#define expm1(x)	__tg_real(expm1, x, x)
#define floor(x)	__tg_real(floor, x, x)
#define ilogb(x)	__tg_real(ilogb, x, x)
#define lgamma(x)	__tg_real(lgamma, x, x)
#define llrint(x)	__tg_real(llrint, x, x)
#define llround(x)	__tg_real(llround, x, x)
#define log10(x)	__tg_real(log10, x, x)
#define log1p(x)	__tg_real(log1p, x, x)
#define log2(x)	__tg_real(log2, x, x)
#define logb(x)	__tg_real(logb, x, x)
#define lrint(x)	__tg_real(lrint, x, x)
#define lround(x)	__tg_real(lround, x, x)
#define nearbyint(x)	__tg_real(nearbyint, x, x)
#define rint(x)	__tg_real(rint, x, x)
#define round(x)	__tg_real(round, x, x)
#define tgamma(x)	__tg_real(tgamma, x, x)
#define trunc(x)	__tg_real(trunc, x, x)

#define atan2(x, y) __tg_real(atan2, \
	__tg_float(x) + __tg_float(y), x, y)
#define copysign(x, y) __tg_real(copysign, \
	__tg_float(x) + __tg_float(y), x, y)
#define fdim(x, y) __tg_real(fdim, \
	__tg_float(x) + __tg_float(y), x, y)
#define fmax(x, y) __tg_real(fmax, \
	__tg_float(x) + __tg_float(y), x, y)
#define fmin(x, y) __tg_real(fmin, \
	__tg_float(x) + __tg_float(y), x, y)
#define fmod(x, y) __tg_real(fmod, \
	__tg_float(x) + __tg_float(y), x, y)
#define hypot(x, y) __tg_real(hypot, \
	__tg_float(x) + __tg_float(y), x, y)
#define nextafter(x, y) __tg_real(nextafter, \
	__tg_float(x) + __tg_float(y), x, y)
#define remainder(x, y) __tg_real(remainder, \
	__tg_float(x) + __tg_float(y), x, y)
#define fma(x, y, z) __tg_real(fma, \
	__tg_float(x) + __tg_float(y) + __tg_float(z), x, y, z)
#define remquo(x, y, quotient) __tg_real(remquo, \
	__tg_float(x) + __tg_float(y), x, y, quotient)
#define frexp(x, y)	__tg_real(frexp, x, x, y)
#define ldexp(x, y)	__tg_real(ldexp, x, x, y)
#define nexttoward(x, y)	__tg_real(nexttoward, x, x, y)
#define scalbln(x, y)	__tg_real(scalbln, x, x, y)
#define scalbn(x, y)	__tg_real(scalbn, x, x, y)

#define carg(z) _Generic((z), float: cargf, float _Complex: cargf, \
	long double: cargl, long double _Complex: cargl, default: carg)(z)
#define cimag(z) _Generic((z), float: cimagf, float _Complex: cimagf, \
	long double: cimagl, long double _Complex: cimagl, default: cimag)(z)
#define conj(z) _Generic((z), float: conjf, float _Complex: conjf, \
	long double: conjl, long double _Complex: conjl, default: conj)(z)
#define cproj(z) _Generic((z), float: cprojf, float _Complex: cprojf, \
	long double: cprojl, long double _Complex: cprojl, default: cproj)(z)
#define creal(z) _Generic((z), float: crealf, float _Complex: crealf, \
	long double: creall, long double _Complex: creall, default: creal)(z)
