/*
 * big.h - whole numbers of thousands of digits, for strtod().
 *
 * The least significant word comes first; the highest word is not 0.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The longest are powers of ten: 10^(4966 + 800), for the smallest long double
   there is, written with 800 digits. */
#define BIG_WORDS 640

struct big {
	int count;
	uint32_t word[BIG_WORDS];
};

/* n = n * factor + more */
static inline void big_multiply(struct big *n, uint32_t factor, uint32_t more)
{
	uint64_t carry = more;

	for (int i = 0; i < n->count; i++) {
		carry += (uint64_t)n->word[i] * factor;
		n->word[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry)
		n->word[n->count++] = (uint32_t)carry;
}

static inline int big_bits(const struct big *n)
{
	if (n->count == 0)
		return 0;
	return 32 * n->count - __builtin_clz(n->word[n->count - 1]);
}

static inline void big_shift_left(struct big *n, int bits)
{
	int words = bits / 32;

	bits %= 32;
	if (n->count == 0)
		return;
	if (words > 0) {
		for (int i = n->count - 1; i >= 0; i--)
			n->word[i + words] = n->word[i];
		for (int i = 0; i < words; i++)
			n->word[i] = 0;
		n->count += words;
	}
	if (bits > 0)
		big_multiply(n, (uint32_t)1 << bits, 0);
}

/* Less than 0, 0, or more, as a is to b. */
static inline int big_compare(const struct big *a, const struct big *b)
{
	if (a->count != b->count)
		return a->count - b->count;
	for (int i = a->count - 1; i >= 0; i--) {
		if (a->word[i] != b->word[i])
			return a->word[i] < b->word[i] ? -1 : 1;
	}
	return 0;
}

/* a = a - b, which must not be larger. */
static inline void big_subtract(struct big *a, const struct big *b)
{
	int64_t borrow = 0;

	for (int i = 0; i < a->count; i++) {
		borrow += a->word[i];
		borrow -= i < b->count ? b->word[i] : 0;
		a->word[i] = (uint32_t)borrow;
		borrow >>= 32;
	}
	while (a->count > 0 && a->word[a->count - 1] == 0)
		a->count--;
}
