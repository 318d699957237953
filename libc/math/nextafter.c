/*
 * nextafter.c - the neighbour of a number.
 *
 * The bits of a positive number, read as a whole number, count the numbers from
 * 0 up. A long double has an explicit first bit, which goes along with the
 * exponent.
 */
#include <string.h>

#include "libc/math/x87.h"

/* The next number with its flags: an overflow beyond the largest number, or an
 * underflow to a number below the smallest normal one, or to 0. */
static wide with_flags(wide from, wide next, wide smallest)
{
	if (isinf(next) && !isinf(from))
		raise_overflow();
	if (fabsl(next) < smallest)
		raise_underflow();
	return next;
}

/* from != to, no NaN: does the size grow? */
#define GROWS(from, to) (((from) < (to)) == ((from) > 0))

long double nexttowardl(long double from, long double to)
{
	union {
		wide number;
		struct {
			uint64_t mantissa;
			uint16_t exponent;	/* and the sign */
		};
	} next = { .number = from };

	if (isnan(from) || isnan(to))
		return from + to;
	if (from == to)
		return to;
	if (from == 0)
		return with_flags(from, copysignl(__LDBL_DENORM_MIN__, to),
				  __LDBL_MIN__);
	if (GROWS(from, to)) {
		if (++next.mantissa << 1 == 0) {
			next.mantissa |= 1ull << 63;
			next.exponent++;
		}
	} else {
		if (next.mantissa-- << 1 == 0 && next.exponent & 0x7fff) {
			next.exponent--;
			next.mantissa |= (uint64_t)!!(next.exponent & 0x7fff)
				<< 63;
		}
	}
	return with_flags(from, next.number, __LDBL_MIN__);
}

long double nextafterl(long double from, long double to)
{
	return nexttowardl(from, to);
}

#define NEXT(type, suffix, bits_type, least, smallest)			\
	type nexttoward##suffix(type from, long double to)		\
	{								\
		bits_type bits;						\
		type next;						\
									\
		if (isnan(from) || isnan(to))				\
			return (type)(from + to);			\
		if (from == to)						\
			return (type)to;				\
		next = to > 0 ? least : -least;				\
		memcpy(&bits, &from, sizeof(bits));			\
		bits += GROWS(from, to) ? 1 : -1;			\
		if (from != 0)						\
			memcpy(&next, &bits, sizeof(bits));		\
		return (type)with_flags(from, next, smallest);		\
	}								\
	type nextafter##suffix(type from, type to)			\
	{								\
		return nexttoward##suffix(from, to);			\
	}

NEXT(double, , uint64_t, __DBL_DENORM_MIN__, __DBL_MIN__)
NEXT(float, f, uint32_t, __FLT_DENORM_MIN__, __FLT_MIN__)
