/* exp10.c - powers of 10 (GNU). */
#include "libc/math/x87.h"

long double exp10l(long double x)
{
	return powl(10, x);
}

FORMS(exp10)
