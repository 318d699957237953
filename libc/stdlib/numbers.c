/* numbers.c - absolute values, and quotient and remainder in one. */
#include <inttypes.h>
#include <stdlib.h>

int abs(int n)
{
	return n < 0 ? -n : n;
}

long labs(long n)
{
	return n < 0 ? -n : n;
}

long long llabs(long long n)
{
	return n < 0 ? -n : n;
}

intmax_t imaxabs(intmax_t n)
{
	return n < 0 ? -n : n;
}

div_t div(int n, int divisor)
{
	return (div_t){ n / divisor, n % divisor };
}

ldiv_t ldiv(long n, long divisor)
{
	return (ldiv_t){ n / divisor, n % divisor };
}

lldiv_t lldiv(long long n, long long divisor)
{
	return (lldiv_t){ n / divisor, n % divisor };
}

imaxdiv_t imaxdiv(intmax_t n, intmax_t divisor)
{
	return (imaxdiv_t){ n / divisor, n % divisor };
}
