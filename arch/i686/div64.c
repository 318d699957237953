/*
 * div64.c - division of 64 bits by 64 bits, for a processor without.
 *
 * The compiler calls these functions where a program divides a long long.
 * Usually such functions come with the compiler. Parley has its own, so that a
 * student can read all linked code, and because clang's i686 target has none.
 *
 * i686 divides 64 bits by 32 (`div`), if the quotient has 32. With a divisor of
 * 32 bits that is schoolbook division with two digits. With a longer divisor
 * the quotient has at most 32 bits: shift divisor and dividend down until the
 * divisor fits, divide, and the estimate is at most 1 too high (Knuth, The Art
 * of Computer Programming, 4.3.1, theorem B).
 *
 * Division by 0 raises the processor's divide error, as it does for int.
 */
#include <stdint.h>

uint64_t __udivmoddi4(uint64_t n, uint64_t divisor, uint64_t *remainder);
uint64_t __udivdi3(uint64_t n, uint64_t divisor);
uint64_t __umoddi3(uint64_t n, uint64_t divisor);
int64_t __divdi3(int64_t n, int64_t divisor);
int64_t __moddi3(int64_t n, int64_t divisor);
int64_t __divmoddi4(int64_t n, int64_t divisor, int64_t *remainder);

/* high:low / divisor, where high < divisor; the remainder goes to *rest. */
static inline uint32_t divide(uint32_t high, uint32_t low, uint32_t divisor,
	uint32_t *rest)
{
	uint32_t quotient;

	asm("divl %4"
		: "=a"(quotient), "=d"(*rest)
		: "0"(low), "1"(high), "rm"(divisor)
		: "cc");
	return quotient;
}

static uint64_t divide_by_short(uint64_t n, uint32_t divisor,
	uint64_t *remainder)
{
	uint32_t high = n >> 32, quotient_high = 0, quotient_low, rest = 0;

	if (high >= divisor)
		quotient_high = divide(0, high, divisor, &high);
	quotient_low = divide(high, (uint32_t)n, divisor, &rest);
	*remainder = rest;
	return (uint64_t)quotient_high << 32 | quotient_low;
}

static uint64_t divide_by_long(uint64_t n, uint64_t divisor,
	uint64_t *remainder)
{
	int shift = 32 - __builtin_clz((uint32_t)(divisor >> 32));
	uint64_t top = n >> 1;	/* the upper half is below divisor */
	uint32_t short_divisor, quotient, rest;

	/* 32 bits with the highest bit set, also when shift is 32. */
	short_divisor = (uint32_t)(divisor >> shift);
	quotient = divide((uint32_t)(top >> 32), (uint32_t)top, short_divisor,
		&rest);
	quotient >>= shift - 1;

	/* Now the quotient is right or 1 too high. */
	if (quotient > 0)
		quotient--;
	*remainder = n - quotient * divisor;
	if (*remainder >= divisor) {
		*remainder -= divisor;
		quotient++;
	}
	return quotient;
}

uint64_t __udivmoddi4(uint64_t n, uint64_t divisor, uint64_t *remainder)
{
	uint64_t ignored;

	if (!remainder)
		remainder = &ignored;
	if (divisor >> 32 == 0)
		return divide_by_short(n, (uint32_t)divisor, remainder);
	if (n < divisor) {
		*remainder = n;
		return 0;
	}
	return divide_by_long(n, divisor, remainder);
}

uint64_t __udivdi3(uint64_t n, uint64_t divisor)
{
	uint64_t remainder;

	return __udivmoddi4(n, divisor, &remainder);
}

uint64_t __umoddi3(uint64_t n, uint64_t divisor)
{
	uint64_t remainder;

	__udivmoddi4(n, divisor, &remainder);
	return remainder;
}

/* C rounds towards 0: the remainder has the sign of n. */
int64_t __divmoddi4(int64_t n, int64_t divisor, int64_t *remainder)
{
	uint64_t positive = n < 0 ? -(uint64_t)n : (uint64_t)n;
	uint64_t by = divisor < 0 ? -(uint64_t)divisor : (uint64_t)divisor;
	uint64_t rest, quotient = __udivmoddi4(positive, by, &rest);

	*remainder = (int64_t)(n < 0 ? -rest : rest);
	return (int64_t)((n < 0) != (divisor < 0) ? -quotient : quotient);
}

int64_t __divdi3(int64_t n, int64_t divisor)
{
	int64_t remainder;

	return __divmoddi4(n, divisor, &remainder);
}

int64_t __moddi3(int64_t n, int64_t divisor)
{
	int64_t remainder;

	__divmoddi4(n, divisor, &remainder);
	return remainder;
}
