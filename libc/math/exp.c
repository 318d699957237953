/*
 * exp.c - powers of e, 2 and 10.
 *
 * The x87 knows 2^x - 1 for x from -1 to 1 (f2xm1) and scaling by powers of two
 * (fscale). All is brought to base 2. The exponent is a struct pair: before the
 * point an exponent has up to 15 bits, which the fraction would lack.
 */
#include "libc/math/x87.h"

/* The largest exponent that makes a difference; infinities come here too. */
static wide within_range(wide x)
{
	if (x > 20000)
		return 20000;
	return x < -20000 ? -20000 : x;
}

wide __power_of_two(struct pair x)
{
	wide whole = x87_round(x.high);
	wide less_1 = x87_power_less_1(x.high - whole);

	less_1 += (1 + less_1) * x.low * LN2;
	return x87_scale(1 + less_1, whole);
}

struct pair __times_log2_e(wide x)
{
	const struct pair log2_e = { 1.442695040888963407359924681002L,
		-2.772710179645130978502e-20L };

	return pair_times((struct pair){ x, 0 }, log2_e);
}

wide __exp_of(struct pair x)
{
	struct pair power = __times_log2_e(within_range(x.high));

	power.low += x.low / LN2;
	return __power_of_two(power);
}

long double expl(long double x)
{
	if (isnan(x))
		return x + x;
	if (isinf(x))
		return x > 0 ? x : 0;
	return __exp_of((struct pair){ x, 0 });
}

long double exp2l(long double x)
{
	if (isnan(x))
		return x + x;
	if (isinf(x))
		return x > 0 ? x : 0;
	return __power_of_two((struct pair){ within_range(x), 0 });
}

/* e^x - 1, with all bits for a small x. */
long double expm1l(long double x)
{
	struct pair power;
	wide less_1;

	if (isnan(x))
		return x + x;
	if (isinf(x))
		return x > 0 ? x : -1;
	if (x < -70)			/* e^x is below the last bit of 1 */
		return 0x1p-70L - 1;
	if (fabsl(x) < 0x1p-70L)
		return nearly(x);
	if (fabsl(x) < 0x1p-40L)
		return x + x * x / 2;
	power = __times_log2_e(within_range(x));
	if (fabsl(power.high) > 1)
		return __power_of_two(power) - 1;
	less_1 = x87_power_less_1(power.high);
	return less_1 + (1 + less_1) * power.low * LN2;
}

FORMS(exp)
FORMS(exp2)
FORMS(expm1)
