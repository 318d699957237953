/*
 * memchr.c - looking for a byte, four at a time, and comparing memory.
 *
 * ZERO_BYTE(w) is not 0 if and only if a byte of w is 0; its lowest bit is in
 * the first such byte. Subtracting 1 from each byte sets the high bit of a byte
 * of 0 or above 0x80, and ~w removes the bytes above 0x80. (A borrow can only
 * come out of a byte of 0.) MAYBE(w) leaves them in, and is shorter: the loops
 * ask MAYBE(w) first, for text has few bytes above 0x80.
 *
 * An aligned word never crosses a page, so reading a whole word that holds the
 * first or the last wanted byte cannot fault.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define ONES		0x01010101u
#define HIGHS		(ONES << 7)
#define MAYBE(w)	(((w) - ONES) & HIGHS)
#define ZERO_BYTE(w)	(((w) - ONES) & ~(w) & HIGHS)

typedef uint32_t __attribute__((may_alias)) word;

/* The word that holds the byte at p. */
static inline const word *word_of(const void *p)
{
	return (const word *)((uintptr_t)p & ~(uintptr_t)3);
}

/* Bits in the bytes of this word that stand before p: no byte of 0. */
static inline uint32_t bits_before(const void *p)
{
	return ~(~0u << (uintptr_t)p % 4 * 8);
}

static inline size_t first_byte(uint32_t zero_byte)
{
	return (size_t)__builtin_ctz(zero_byte) / 8;
}

__attribute__((no_sanitize("address")))
size_t strlen(const char *s)
{
	const word *at = word_of(s);
	uint32_t w = *at | bits_before(s);

	while (!MAYBE(w) || !ZERO_BYTE(w))
		w = *++at;
	return (const char *)at + first_byte(ZERO_BYTE(w)) - s;
}

size_t strnlen(const char *s, size_t n)
{
	const char *end = memchr(s, '\0', n);

	return end ? (size_t)(end - s) : n;
}

__attribute__((no_sanitize("address")))
void *memchr(const void *memory, int c, size_t n)
{
	uint32_t wanted = (unsigned char)c * ONES, w;
	uintptr_t start = (uintptr_t)memory, found;
	uintptr_t end = n < UINTPTR_MAX - start ? start + n : UINTPTR_MAX;
	const word *at = word_of(memory);

	if (n == 0)
		return NULL;
	w = (*at ^ wanted) | bits_before(memory);
	while (!MAYBE(w) || !ZERO_BYTE(w)) {
		if ((uintptr_t)++at >= end)
			return NULL;
		w = *at ^ wanted;
	}
	found = (uintptr_t)at + first_byte(ZERO_BYTE(w));
	return found < end ? (void *)found : NULL;
}

/* Words by a string instruction, which stops behind the first that differs. */
int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *p = a, *q = b;
	size_t words = n / 4;
	bool differs;

	n %= 4;
	if (words > 0) {
		asm volatile("repe cmpsl" : "=@ccne"(differs), "+S"(p),
			"+D"(q), "+c"(words) : : "memory");
		if (differs) {
			p -= 4;
			q -= 4;
			n = 4;
		}
	}
	for (; n > 0; p++, q++, n--) {
		if (*p != *q)
			return *p - *q;
	}
	return 0;
}

/* By words as long as these are equal, if both strings begin with a word. */
__attribute__((no_sanitize("address")))
int strcmp(const char *a, const char *b)
{
	if (((uintptr_t)a | (uintptr_t)b) % 4 == 0) {
		for (; *(const word *)a == *(const word *)b; a += 4, b += 4) {
			uint32_t w = *(const word *)a;

			if (MAYBE(w) && ZERO_BYTE(w))
				return 0;
		}
	}
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}
