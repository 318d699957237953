/* gamma_old.c - gamma(), the old name of lgamma() (System V). */
#include "libc/math/x87.h"

long double gammal(long double x)
{
	return lgammal(x);
}

FORMS(gamma)
