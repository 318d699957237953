/*
 * memchr.c - looking for a byte, four at a time, and comparing memory.
 *
 * ZERO_BYTE(w) is not 0 if and only if a byte of w is 0. Subtracting 1 from
 * each byte sets the high bit of a byte of 0 or above 0x80, and ~w removes the
 * bytes above 0x80. (A borrow can only come out of a byte of 0.)
 *
 * An aligned word never crosses a page, so reading a whole word that holds the
 * last wanted byte cannot fault.
 */
#include <stdint.h>
#include <string.h>

#define ONES		0x01010101u
#define ZERO_BYTE(w)	(((w) - ONES) & ~(w) & (ONES << 7))

typedef uint32_t __attribute__((may_alias)) word;
typedef uint32_t __attribute__((may_alias, aligned(1))) loose_word;

__attribute__((no_sanitize("address")))
size_t strlen(const char *s)
{
	const char *p = s;
	const word *w;

	while ((uintptr_t)p % sizeof(word)) {
		if (*p == '\0')
			return p - s;
		p++;
	}
	for (w = (const word *)p; !ZERO_BYTE(*w); w++)
		;
	for (p = (const char *)w; *p != '\0'; p++)
		;
	return p - s;
}

size_t strnlen(const char *s, size_t n)
{
	const char *end = memchr(s, '\0', n);

	return end ? (size_t)(end - s) : n;
}

__attribute__((no_sanitize("address")))
void *memchr(const void *memory, int c, size_t n)
{
	const unsigned char *p = memory;
	uint32_t wanted = (unsigned char)c * ONES;

	for (; n > 0 && (uintptr_t)p % sizeof(word); p++, n--) {
		if (*p == (unsigned char)c)
			return (void *)p;
	}
	while (n >= sizeof(word)) {
		uint32_t differences = *(const word *)p ^ wanted;

		if (ZERO_BYTE(differences))
			break;
		p += sizeof(word);
		n -= sizeof(word);
	}
	for (; n > 0; p++, n--) {
		if (*p == (unsigned char)c)
			return (void *)p;
	}
	return NULL;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *p = a, *q = b;

	while (n >= sizeof(word)) {
		if (*(const loose_word *)p != *(const loose_word *)q)
			break;
		p += sizeof(word);
		q += sizeof(word);
		n -= sizeof(word);
	}
	for (; n > 0; p++, q++, n--) {
		if (*p != *q)
			return *p - *q;
	}
	return 0;
}
