/* log.c - logarithms: each is the x87's fyl2x with its own factor. */
#include "libc/math/x87.h"

long double logl(long double x)
{
	return x87_log2(LN2, x);
}

long double log2l(long double x)
{
	return x87_log2(1, x);
}

long double log10l(long double x)
{
	return x87_log2(0.301029995663981195213738894724493027L, x);
}

/* log(1 + x), with all bits for a small x. The sum loses the last bits of x;
   the quotient brings them back. */
long double log1pl(long double x)
{
	wide sum = 1 + x;

	if (isnan(x))
		return x + x;
	if (isinf(x) || x <= -1)
		return logl(sum);
	if (fabsl(x) < 0x1p-66L)
		return nearly(x);
	if (fabsl(x) < 0.25L) {
		wide result;

		asm("fyl2xp1" : "=t"(result) : "0"(x), "u"(LN2) : "st(1)");
		return result;
	}
	return logl(sum) + (x - (sum - 1)) / sum;
}

FORMS(log)
FORMS(log2)
FORMS(log10)
FORMS(log1p)
