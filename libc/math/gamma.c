/*
 * gamma.c - the gamma function and its logarithm.
 *
 * For a large x, Stirling's series; x * (x + 1) * ... leads from a smaller x to
 * a large one. The logarithm is 0 at 1 and 2, where a difference would lose all
 * bits: there, the series of Taylor around 2,
 *
 *	log gamma(2 + z) = (1 - C) z + (zeta(2) - 1) z^2/2
 *		- (zeta(3) - 1) z^3/3 + ...,  with C = 0.577...
 *
 * For a negative x, gamma(x) * gamma(1 - x) = pi / sin(pi x).
 */
#include "libc/math/x87.h"

#define PI		3.141592653589793238462643383279502884L
#define LARGE		24		/* where Stirling's series is exact */
#define HALF_LOG_2PI	0.918938533204672741780329736405617640L
#define ROOT_2PI	2.506628274631000502415765284811045253L
#define ONE_LESS_C	0.422784335098467139393487909917597569L

/* zeta(k) - 1 from k = 2 on; beyond the table nearly 2^-k. */
static const wide zeta_less_1[] = {
	0.6449340668482264364724L, 0.2020569031595942853997L,
	0.082323233711138191516L, 0.03692775514336992633137L,
	0.01734306198444913971452L, 0.008349277381922826839798L,
	0.004077356197944339378685L, 0.002008392826082214417853L,
	0.000994575127818085337146L, 0.0004941886041194645587023L,
	0.000246086553308048298638L, 0.0001227133475784891467518L,
	0.00006124813505870482925855L, 0.00003058823630702049355173L,
	0.00001528225940865187173257L, 0.0000076371976378997622736L,
	0.000003817293264999839856462L, 0.000001908212716553938925657L,
	9.53962033872796113152e-7L, 4.769329867878064631167e-7L,
	2.384505027277329900036e-7L, 1.192199259653110730678e-7L,
	5.960818905125947961244e-8L, 2.980350351465228018606e-8L,
	1.490155482836504123466e-8L, 7.450711789835429491981e-9L,
	3.725334024788457054819e-9L, 1.862659723513049006404e-9L,
	9.313274324196681828718e-10L, 4.656629065033784072989e-10L,
	2.328311833676505492001e-10L, 1.164155017270051977593e-10L,
	5.820772087902700889244e-11L, 2.910385044497099686929e-11L,
	1.455192189104198423593e-11L, 7.275959835057481014521e-12L,
	3.637979547378651190237e-12L, 1.818989650307065947585e-12L,
	9.094947840263889282533e-13L, 4.547473783042154026799e-13L,
	2.273736845824652515227e-13L, 1.136868407680227849349e-13L,
	5.684341987627585609277e-14L, 2.842170976889301855455e-14L,
	1.421085482803160676983e-14L, 7.105427395210852712877e-15L,
	3.552713691337113673298e-15L, 1.776356843579120327473e-15L,
	8.881784210930815903096e-16L, 4.440892103143813364198e-16L,
	2.220446050798041983999e-16L, 1.110223025141066133721e-16L,
	5.551115124845481243724e-17L, 2.775557562136124172582e-17L,
	1.387778780972523276284e-17L, 6.938893904544153697446e-18L,
	3.469446952165922624744e-18L, 1.734723476047576572049e-18L,
	8.673617380119933728342e-19L, 4.336808690020650487497e-19L,
};

/* Bernoulli's numbers B(2k) / (2k (2k - 1)). */
static const wide stirling[] = {
	1 / 12.0L, -1 / 360.0L, 1 / 1260.0L, -1 / 1680.0L, 1 / 1188.0L,
	-691 / 360360.0L, 1 / 156.0L, -3617 / 122400.0L,
	43867 / 244188.0L, -174611 / 125400.0L,
};

#define COUNT(array)	((int)(sizeof(array) / sizeof((array)[0])))

/* log gamma(x) - ((x - 1/2) log(x) - x + log(2 pi) / 2), for a large x */
static wide correction(wide x)
{
	wide sum = 0;

	if (x > 1e10L)		/* the square may overflow */
		return stirling[0] / x;
	for (int i = COUNT(stirling) - 1; i >= 0; i--)
		sum = sum / (x * x) + stirling[i];
	return sum / x;
}

/* log gamma(2 + z) for z from -0.5 to 0.5 */
static wide near_2(wide z)
{
	wide sum = 0;

	for (int i = COUNT(zeta_less_1) - 1; i >= 0; i--)
		sum = zeta_less_1[i] / (i + 2) - z * sum;
	return z * (ONE_LESS_C + z * sum);
}

/* sin(pi x), with the reduction done where it is exact. */
static wide sine_of_half_turns(wide x)
{
	wide whole = roundl(x), sine = sinl(PI * (x - whole));

	return fmodl(whole, 2) == 0 ? sine : -sine;
}

static wide log_of_positive(wide x)
{
	wide factor = 1;

	if (x < 0.5L)
		return log_of_positive(x + 1) - logl(x);
	if (x < 1.5L)
		return near_2(x - 1) - log1pl(x - 1);
	if (x < LARGE) {
		for (; x >= 2.5L; x--)
			factor *= x - 1;
		return near_2(x - 2) + logl(factor);
	}
	return (x - 0.5L) * (logl(x) - 1) - 0.5L + HALF_LOG_2PI +
		correction(x);
}

wide __log_gamma(wide x, int *sign)
{
	wide sine;

	*sign = signbit(x) && x == 0 ? -1 : 1;
	if (isnan(x) || isinf(x))
		return x * x;
	if (x > 0)
		return log_of_positive(x);
	if (x == truncl(x))
		return 1 / fabsl(x - x);	/* a pole */
	sine = sine_of_half_turns(x);
	*sign = sine < 0 ? -1 : 1;
	return logl(PI / fabsl(x * sine)) - log_of_positive(-x);
}

/* x^(x - 1/2) overflows before gamma(x): the power is taken in two halves. The
 * steps to a large x are exact sums; the logarithm of gamma grows by log x for
 * a step of 1. */
static wide gamma_of_positive(wide x)
{
	struct pair large = { x, 0 }, product = { 1, 0 };
	wide half;

	for (int i = 1; large.high < LARGE; i++) {
		product = pair_times(product, large);
		large = pair_sum(x, i);
	}
	half = powl(large.high, large.high / 2 - 0.25L);
	half = half * expl(-large.high) * half * ROOT_2PI / product.high;
	return half * expl(correction(large.high) + large.low *
			   logl(large.high) - product.low / product.high);
}

/* Whole numbers by multiplication, which is exact as long as it can be. */
static wide factorial(wide x)
{
	wide product = 1;

	for (; x > 1; x--)
		product *= x;
	return product;
}

/* gamma(x) of a number where gamma(-x) would overflow. */
static wide gamma_by_steps(wide x)
{
	wide result = tgammal(x + 120);

	for (int i = 119; i >= 0; i--)
		result /= x + i;
	return result;
}

long double tgammal(long double x)
{
	if (isnan(x) || x == 0)
		return 1 / x;
	if (isinf(x))
		return x > 0 ? x : x - x;
	if (x > 1800)
		return x * 0x1p16383L;	/* infinity, with the flag */
	if (x == truncl(x) && x > 0)
		return factorial(x - 1);
	if (x == truncl(x))
		return (x - x) / (x - x);	/* a pole with two signs: NaN */
	if (x > 0)
		return gamma_of_positive(x);
	if (x < -1800)
		return copysignl(0x1p-16000L, sine_of_half_turns(x)) *
			0x1p-16000L;
	if (x < -1700)
		return gamma_by_steps(x);
	return -PI / (x * sine_of_half_turns(x)) / gamma_of_positive(-x);
}

FORMS(tgamma)
