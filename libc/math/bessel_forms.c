/* bessel_forms.c - the Bessel functions for float and long double (GNU). */
#include "libc/math/x87.h"

#define KIND(j)								\
	float j##0f(float x)						\
	{								\
		return as_float(__bessel_##j(0, x));		\
	}								\
	float j##1f(float x)						\
	{								\
		return as_float(__bessel_##j(1, x));		\
	}								\
	float j##nf(int n, float x)					\
	{								\
		return as_float(__bessel_##j(n, x));		\
	}								\
	long double j##0l(long double x)				\
	{								\
		return __bessel_##j(0, x);				\
	}								\
	long double j##1l(long double x)				\
	{								\
		return __bessel_##j(1, x);				\
	}								\
	long double j##nl(int n, long double x)				\
	{								\
		return __bessel_##j(n, x);				\
	}

KIND(j)
KIND(y)
