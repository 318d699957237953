/*
 * bessel.c - Bessel functions of whole order (XSI).
 *
 * Up to FAR, J by the recurrence J(n-1) = 2n/x J(n) - J(n+1) from a large n
 * down, where errors shrink (J. C. P. Miller); all J are then scaled so that
 * J(0) + 2 J(2) + 2 J(4) + ... = 1. Y(0) and Y(1) are sums of these J. Beyond
 * FAR the series of Hankel. The error is below 1e-16 of the largest value near
 * x; the bits of a result near 0 are fewer.
 */
#include "libc/math/x87.h"

#define PI	3.141592653589793238462643383279502884L
#define EULER	0.577215664901532860606512090082402431L
#define FAR	40
#define TOP	120	/* J(TOP) of FAR is below the last bit */

/* j[0..TOP] for x from 0 to FAR. */
static void all_j(wide x, wide j[TOP + 1])
{
	wide sum = 0;

	if (x < 0x1p-30L) {	/* the recurrence would overflow */
		for (int n = 2; n <= TOP; n++)
			j[n] = 0;
		j[0] = 1;
		j[1] = x / 2;
		return;
	}
	j[TOP] = 0;
	j[TOP - 1] = 0x1p-16000L;
	for (int n = TOP - 1; n > 0; n--)
		j[n - 1] = 2 * n / x * j[n] - j[n + 1];
	for (int n = TOP; n > 0; n -= 2)
		sum += 2 * j[n];
	sum += j[0];
	for (int n = 0; n <= TOP; n++)
		j[n] /= sum;
}

/* Hankel: the waves P and Q of order n, 0 or 1, and the angle x - (n/2 + 1/4)
   pi as sine and cosine. */
static void far_waves(int n, wide x, wide *j, wide *y)
{
	wide term = 1, p = 1, q = 0, sine, cosine, root;

	for (int k = 1; fabsl(term) > 0x1p-70L && k < 80; k++) {
		term *= (4 * n * n - (2 * k - 1) * (2 * k - 1)) /
			(k * 8 * x);
		if (k % 2)
			q += k % 4 == 1 ? term : -term;
		else
			p += k % 4 == 0 ? term : -term;
	}
	__sine_and_cosine(x, &sine, &cosine);
	root = x87_sqrt(1 / (PI * x));
	if (n == 0) {
		wide difference = sine - cosine, sum = sine + cosine;

		*j = root * (p * sum - q * difference);
		*y = root * (p * difference + q * sum);
	} else {
		wide difference = sine - cosine, sum = -sine - cosine;

		*j = root * (p * difference - q * sum);
		*y = root * (p * sum + q * difference);
	}
}

/* Y(0) and Y(1) by Neumann's sums. */
static void near_y(wide x, const wide j[TOP + 1], wide y[2])
{
	wide sum = 0, logarithm = logl(x / 2) + EULER, first = 0;

	for (int k = TOP / 2 - 1; k > 0; k--) {
		wide sign = k % 2 ? 1 : -1;

		sum += sign * j[2 * k] / k;
		first += sign * (j[2 * k - 1] - j[2 * k + 1]) / (2 * k);
	}
	y[0] = 2 / PI * logarithm * j[0] + 4 / PI * sum;
	y[1] = 2 / PI * (logarithm * j[1] - j[0] / x) - 4 / PI * first;
}

/* J and Y of the orders 0 and 1 for a positive x. */
static void first_orders(wide x, wide j[2], wide y[2])
{
	wide all[TOP + 1];

	if (x > FAR) {
		far_waves(0, x, &j[0], &y[0]);
		far_waves(1, x, &j[1], &y[1]);
		return;
	}
	all_j(x, all);
	j[0] = all[0];
	j[1] = all[1];
	near_y(x, all, y);
}

wide __bessel_j(int n, wide x)
{
	wide all[TOP + 1], j[2], y[2], size = fabsl(x), sign = 1;

	if (isnan(x))
		return x;
	if (n < 0) {
		n = -n;
		x = -x;
	}
	if (signbit(x) && n % 2)
		sign = -1;
	if (isinf(x) || (x == 0 && n != 0))
		return sign * 0;
	if (size <= FAR) {
		all_j(size, all);
		return n <= TOP ? sign * all[n] : 0;
	}
	first_orders(size, j, y);
	for (int i = 1; i < n; i++) {
		wide next = 2 * i / size * j[1] - j[0];

		j[0] = j[1];
		j[1] = next;
	}
	return sign * j[n > 0];
}

wide __bessel_y(int n, wide x)
{
	wide j[2], y[2], sign = n < 0 && n % 2 ? -1 : 1;

	if (isnan(x) || x < 0)
		return (x - x) / (x - x);
	if (x == 0)
		return -sign / fabsl(x);	/* a pole: division by 0 */
	if (isinf(x))
		return 0;
	first_orders(x, j, y);
	n = n < 0 ? -n : n;
	for (int i = 1; i < n && !isinf(y[1]); i++) {
		wide next = 2 * i / x * y[1] - y[0];

		y[0] = y[1];
		y[1] = next;
	}
	return sign * y[n > 0];
}

double j0(double x)
{
	return as_double(__bessel_j(0, x));
}

double j1(double x)
{
	return as_double(__bessel_j(1, x));
}

double jn(int n, double x)
{
	return as_double(__bessel_j(n, x));
}

double y0(double x)
{
	return as_double(__bessel_y(0, x));
}

double y1(double x)
{
	return as_double(__bessel_y(1, x));
}

double yn(int n, double x)
{
	return as_double(__bessel_y(n, x));
}
