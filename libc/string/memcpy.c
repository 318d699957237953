/*
 * memcpy.c - copying and filling memory, four bytes at a time.
 *
 * Every repetition of a string instruction counts as an instruction, so the
 * bulk goes by `rep movsl` and only the last one to three bytes go alone.
 * Alignment is not looked for: the processor does not mind, and most callers
 * have it anyway.
 */
#include <stdint.h>
#include <string.h>

/* Words that may lie anywhere and alias anything. */
typedef uint16_t __attribute__((may_alias, aligned(1))) word16;

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	void *d = to;
	const void *s = from;
	size_t words = n / 4;

	asm volatile("rep movsl"
		: "+D"(d), "+S"(s), "+c"(words) : : "memory");
	if (n & 2) {
		*(word16 *)d = *(const word16 *)s;
		d = (char *)d + 2;
		s = (const char *)s + 2;
	}
	if (n & 1)
		*(char *)d = *(const char *)s;
	return to;
}

/* Copy from the end down, when the target overlaps the end of the source. The
   bytes that make no word go first. Each word is read before the copy writes
   there. */
static void copy_down(char *d, const char *s, size_t n)
{
	size_t words = n / 4;

	d += n;
	s += n;
	for (n %= 4; n > 0; n--)
		*--d = *--s;
	d -= 4;
	s -= 4;
	asm volatile("std; rep movsl; cld"
		: "+D"(d), "+S"(s), "+c"(words) : : "memory");
}

void *memmove(void *to, const void *from, size_t n)
{
	if ((uintptr_t)to - (uintptr_t)from >= n)
		return memcpy(to, from, n);
	copy_down(to, from, n);
	return to;
}

void *memset(void *memory, int c, size_t n)
{
	void *d = memory;
	size_t words = n / 4;
	uint32_t fill = (unsigned char)c * 0x01010101u;

	asm volatile("rep stosl" : "+D"(d), "+c"(words) : "a"(fill) : "memory");
	if (n & 2) {
		*(word16 *)d = (uint16_t)fill;
		d = (char *)d + 2;
	}
	if (n & 1)
		*(char *)d = (char)fill;
	return memory;
}
