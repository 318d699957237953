/* sign.c - sizes, signs, the larger and the smaller of two numbers. */
#include "libc/math/x87.h"

#define SIGNS(type, suffix)						\
	type fabs##suffix(type x)					\
	{								\
		return __builtin_fabs##suffix(x);			\
	}								\
	type copysign##suffix(type x, type y)				\
	{								\
		return __builtin_copysign##suffix(x, y);		\
	}								\
	type fmax##suffix(type x, type y)				\
	{								\
		if (isnan(x))						\
			return y;					\
		return isnan(y) || x > y ||				\
			(x == y && signbit(y)) ? x : y;			\
	}								\
	type fmin##suffix(type x, type y)				\
	{								\
		if (isnan(x))						\
			return y;					\
		return isnan(y) || x < y ||				\
			(x == y && signbit(x)) ? x : y;			\
	}								\
	type fdim##suffix(type x, type y)				\
	{								\
		if (isnan(x) || isnan(y))				\
			return x + y;					\
		return x > y ? x - y : 0;				\
	}								\
	type nan##suffix(const char *tag)				\
	{								\
		(void)tag;						\
		return NAN;						\
	}

SIGNS(double, )
SIGNS(float, f)
SIGNS(long double, l)
