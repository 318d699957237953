/*
 * compiler.c - functions that compilers call for operations that i686 lacks.
 *
 * Usually the compiler's own library has these functions. arch/i686/div64.c,
 * which has the divisions, says why libc has its own.
 */
#include <stdint.h>

int __clzdi2(uint64_t n);
int __ctzdi2(uint64_t n);
int __ffsdi2(uint64_t n);
int __popcountsi2(uint32_t n);
int __popcountdi2(uint64_t n);
int __paritysi2(uint32_t n);
int __paritydi2(uint64_t n);
int64_t __ashldi3(int64_t n, int bits);
int64_t __ashrdi3(int64_t n, int bits);
int64_t __lshrdi3(int64_t n, int bits);
int64_t __fixsfdi(float x);
int64_t __fixdfdi(double x);
int64_t __fixxfdi(long double x);
uint64_t __fixunssfdi(float x);
uint64_t __fixunsdfdi(double x);
uint64_t __fixunsxfdi(long double x);
float __floatundisf(uint64_t n);
double __floatundidf(uint64_t n);
long double __floatundixf(uint64_t n);
int64_t __mulodi4(int64_t a, int64_t b, int *overflow);

int __clzdi2(uint64_t n)
{
	uint32_t high = (uint32_t)(n >> 32);

	return high ? __builtin_clz(high) : 32 + __builtin_clz((uint32_t)n);
}

int __ctzdi2(uint64_t n)
{
	uint32_t low = (uint32_t)n;

	return low ? __builtin_ctz(low)
		: 32 + __builtin_ctz((uint32_t)(n >> 32));
}

int __ffsdi2(uint64_t n)
{
	return n ? __ctzdi2(n) + 1 : 0;
}

/* Add neighbours: bits to pairs, pairs to fours, and the rest at once. */
int __popcountsi2(uint32_t n)
{
	n -= n >> 1 & 0x55555555u;
	n = (n & 0x33333333u) + (n >> 2 & 0x33333333u);
	n = (n + (n >> 4)) & 0x0f0f0f0fu;
	return (int)(n * 0x01010101u >> 24);
}

int __popcountdi2(uint64_t n)
{
	return __popcountsi2((uint32_t)n) + __popcountsi2((uint32_t)(n >> 32));
}

int __paritysi2(uint32_t n)
{
	return __popcountsi2(n) & 1;
}

int __paritydi2(uint64_t n)
{
	return __popcountdi2(n) & 1;
}

/* Most compilers shift 64 bits and convert to signed numbers in line. */
int64_t __ashldi3(int64_t n, int bits)
{
	return n << bits;
}

int64_t __ashrdi3(int64_t n, int bits)
{
	return n >> bits;
}

int64_t __lshrdi3(int64_t n, int bits)
{
	return (int64_t)((uint64_t)n >> bits);
}

int64_t __fixxfdi(long double x)
{
	return (int64_t)x;
}

int64_t __fixdfdi(double x)
{
	return (int64_t)x;
}

int64_t __fixsfdi(float x)
{
	return (int64_t)x;
}

/* The x87 converts to signed numbers: the upper half goes down and back up. */
uint64_t __fixunsxfdi(long double x)
{
	const long double half = 0x1p63L;

	if (x < half)
		return (uint64_t)(int64_t)x;
	return (uint64_t)(int64_t)(x - half) + ((uint64_t)1 << 63);
}

uint64_t __fixunsdfdi(double x)
{
	return __fixunsxfdi(x);
}

uint64_t __fixunssfdi(float x)
{
	return __fixunsxfdi(x);
}

/* A long double holds all 64 bits. */
long double __floatundixf(uint64_t n)
{
	long double x = (long double)(int64_t)n;

	return (int64_t)n < 0 ? x + 0x1p64L : x;
}

double __floatundidf(uint64_t n)
{
	return (double)__floatundixf(n);
}

float __floatundisf(uint64_t n)
{
	return (float)__floatundixf(n);
}

int64_t __mulodi4(int64_t a, int64_t b, int *overflow)
{
	uint64_t x = a < 0 ? -(uint64_t)a : (uint64_t)a;
	uint64_t y = b < 0 ? -(uint64_t)b : (uint64_t)b;
	uint64_t limit = ((uint64_t)1 << 63) - ((a < 0) == (b < 0));

	*overflow = y != 0 && x > limit / y;
	return (int64_t)((uint64_t)a * (uint64_t)b);
}
