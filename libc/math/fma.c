/*
 * fma.c - x * y + z, rounded once.
 *
 * The product is a struct pair, so it is exact. To round the sum once, the sum
 * is first rounded "to odd": if bits were lost, the last bit is set. Rounding
 * again to fewer bits then gives what a single rounding gives (S. Boldo and G.
 * Melquiond, "Emulation of FMA and correctly rounded sums", 2008).
 */
#include "libc/math/x87.h"

/* high + low, with the last bit set if bits were lost. */
static wide to_odd(wide high, wide low)
{
	union {
		wide number;
		uint64_t mantissa;
	} sum;
	struct pair exact = pair_sum(high, low);

	sum.number = exact.high;
	if (exact.low != 0 && sum.mantissa % 2 == 0)
		sum.number = nextafterl(exact.high,
			exact.low > 0 ? INFINITY : -INFINITY);
	return sum.number;
}

/* Is the sum a matter of exponents alone? */
static int is_plain(wide x, wide y, wide z)
{
	return isinf(x) || isinf(y) || isinf(z) || isnan(x) || isnan(y) ||
		isnan(z) || x == 0 || y == 0 || z == 0;
}

/* The sum, rounded to odd in 64 bits. */
static wide odd_sum(wide x, wide y, wide z)
{
	struct pair product, high, low;

	if (is_plain(x, y, z))
		return z == 0 && x != 0 && y != 0 ? x * y : x * y + z;
	product = pair_product(x, y);
	high = pair_sum(product.high, z);
	low = pair_sum(product.low, high.low);
	high = pair_sum(high.high, low.high);
	return to_odd(high.high, high.low + low.low);
}

double fma(double x, double y, double z)
{
	return (double)odd_sum(x, y, z);
}

float fmaf(float x, float y, float z)
{
	return (float)odd_sum(x, y, z);
}

long double fmal(long double x, long double y, long double z)
{
	struct pair product, high, low;
	wide x_power, y_power, z_power;

	if (is_plain(x, y, z))
		return x * y + z;
	/* Mantissas alone, so that the product stays in range. */
	x = x87_extract(x, &x_power);
	y = x87_extract(y, &y_power);
	x87_extract(z, &z_power);
	x_power += y_power;
	if (z_power - x_power > 200)	/* the product only says which way */
		return z + copysignl(0x1p-16400L, x * y);
	z = x87_scale(z, z_power - x_power < -200 ? -z_power - 200 : -x_power);
	product = pair_product(x, y);
	high = pair_sum(product.high, z);
	low = pair_sum(product.low, high.low);
	return x87_scale(high.high + to_odd(low.high, low.low), x_power);
}
