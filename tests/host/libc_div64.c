/*
 * libc_div64.c - 64-bit division from 32-bit division against the processor's.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/tap.h"

#define __udivmoddi4	our_udivmoddi4
#define __udivdi3	our_udivdi3
#define __umoddi3	our_umoddi3
#define __divmoddi4	our_divmoddi4
#define __divdi3	our_divdi3
#define __moddi3	our_moddi3
#include "arch/i686/div64.c"

/* Numbers of all lengths, many of them next to a power of two. */
static uint64_t number(void)
{
	uint64_t n = (uint64_t)rand() << 42 ^ (uint64_t)rand() << 21 ^
		(uint64_t)rand();

	if (rand() % 3 == 0)
		n = ((uint64_t)1 << rand() % 64) + (uint64_t)(rand() % 5 - 2);
	return n >> rand() % 64;
}

int main(void)
{
	long unsigned_bad = 0, signed_bad = 0;

	srand(1);
	for (long i = 0; i < 3000000; i++) {
		uint64_t n = number(), by = number() | (rand() % 2), rest;
		int64_t s = (int64_t)n, t = (int64_t)by;

		if (by == 0)
			continue;
		unsigned_bad += our_udivmoddi4(n, by, &rest) != n / by ||
			rest != n % by || our_udivdi3(n, by) != n / by ||
			our_umoddi3(n, by) != n % by;
		if (s == INT64_MIN)
			continue;
		signed_bad += our_divdi3(s, t) != s / t ||
			our_moddi3(s, t) != s % t ||
			our_divdi3(-s, t) != -s / t ||
			our_moddi3(-s, t) != -s % t;
	}
	is(unsigned_bad, 0, "unsigned_division");
	is(signed_bad, 0, "signed_division_rounds_to_0");
	return tap_done();
}
