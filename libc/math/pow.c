/*
 * pow.c - x to the power of y.
 *
 * y * log2(x) has up to 15 bits before the point. For 64 right bits behind the
 * point the logarithm needs 80, so the logarithm is a struct pair:
 *
 *	x = m * 2^k, with m near 1;  s = (m - 1) / (m + 1)
 *	log(m) = 2 * (s + s^3/3 + s^5/5 + ...)
 */
#include "libc/math/x87.h"

static struct pair log2_of(wide x)
{
	const struct pair log2_e = { 1.442695040888963407359924681002L,
		-2.772710179645130978502e-20L };
	struct pair s, square, sum, result;
	wide k, m = x87_extract(x, &k), tail = 0;

	if (m > 1.41421356237309504880L) {
		m /= 2;
		k++;
	}
	s = pair_quotient(m - 1, pair_sum(m, 1));
	square = pair_times(s, s);
	for (int i = 31; i >= 5; i -= 2)
		tail = square.high * (tail + 1.0L / i);
	sum = pair_join(1.0L / 3, tail);
	sum.low -= 9.035018104045870283395e-21L;
	sum = pair_times(pair_times(square, sum), s);
	result = pair_sum(s.high, sum.high);
	result.low += s.low + sum.low;
	result = pair_times(result, log2_e);
	sum = pair_sum(k, 2 * result.high);
	return pair_join(sum.high, sum.low + 2 * result.low);
}

/* The cases with an infinite or zero x or y, of Annex F of ISO C. */
static wide limit_of_power(wide x, wide y)
{
	wide size = fabsl(x);

	if (isinf(y))
		return size == 1 ? 1 : (size > 1) == (y > 0) ? INFINITY : 0;
	if (x == 0 && y < 0)
		return 1 / size;	/* and the flag of a division by 0 */
	return (size > 1) == (y > 0) ? INFINITY : 0;
}

static wide usual_power(wide x, wide y)
{
	wide most = 0x1p90L;	/* no x but 1 has a power beyond */
	struct pair power;

	if (fabsl(y) > most)
		y = y > 0 ? most : -most;
	power = pair_times((struct pair){ y, 0 }, log2_of(x));
	if (fabsl(power.high) > 20000)
		power = (struct pair){ power.high > 0 ? 20000 : -20000, 0 };
	return __power_of_two(power);
}

long double powl(long double x, long double y)
{
	int is_whole = y == truncl(y);
	wide size;

	if (y == 0 || x == 1)
		return 1;
	if (isnan(x) || isnan(y))
		return x + y;
	if (isinf(x) || isinf(y) || x == 0)
		size = limit_of_power(x, y);
	else if (x < 0 && !is_whole)
		return (x - x) / (x - x);	/* not a real number: NaN */
	else
		size = usual_power(fabsl(x), y);
	/* Odd: half of a whole y is not whole. An infinite y is even. */
	if (signbit(x) && is_whole && !isinf(y) && y / 2 != truncl(y / 2))
		return -size;
	return size;
}

FORMS_2(pow)

/* The third root. Newton's step doubles the right bits of a good guess. */
long double cbrtl(long double x)
{
	wide k, m, third, guess;

	if (x == 0 || isinf(x) || isnan(x))
		return x;
	m = x87_extract(fabsl(x), &k);
	third = truncl(k / 3);
	m = x87_scale(m, k - 3 * third);
	guess = __power_of_two((struct pair){ x87_log2(1.0L / 3, m), 0 });
	guess -= (guess - m / (guess * guess)) / 3;
	return copysignl(x87_scale(guess, third), x);
}

FORMS(cbrt)
