/*
 * nextafter.c - the neighbour of a number.
 *
 * The bits of a positive number, read as a whole number, count the numbers from
 * 0 up. A long double has an explicit first bit, which goes along with the
 * exponent.
 */
#include <string.h>

#include "libc/math/x87.h"

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
		return copysignl(__LDBL_DENORM_MIN__, to);
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
	return next.number;
}

long double nextafterl(long double from, long double to)
{
	return nexttowardl(from, to);
}

#define NEXT(type, suffix, bits_type, smallest)				\
	type nexttoward##suffix(type from, long double to)		\
	{								\
		bits_type bits;						\
									\
		if (isnan(from) || isnan(to))				\
			return (type)(from + to);			\
		if (from == to)						\
			return (type)to;				\
		if (from == 0)						\
			return to > 0 ? smallest : -smallest;		\
		memcpy(&bits, &from, sizeof(bits));			\
		bits += GROWS(from, to) ? 1 : -1;			\
		memcpy(&from, &bits, sizeof(bits));			\
		return from;						\
	}								\
	type nextafter##suffix(type from, type to)			\
	{								\
		return nexttoward##suffix(from, to);			\
	}

NEXT(double, , uint64_t, __DBL_DENORM_MIN__)
NEXT(float, f, uint32_t, __FLT_DENORM_MIN__)
