/*
 * memcpy.c - the memory functions of kernel/lib/string.h, by string
 * instructions.
 *
 * Words first, then the rest of at most three bytes: an iteration of a REP
 * instruction counts as one instruction and an emulator charges it per
 * iteration too, so bytes would cost four times as much. The words need not be
 * aligned. A compiler may take a loop for memcpy() and replace the loop by a
 * call of memcpy(): no such loop may stand here. string.h lets the compiler
 * expand two names; parentheses around these names make the functions here.
 */
#include "kernel/lib/string.h"

#define WORD	sizeof(uint32_t)

void *(memcpy)(void *to, const void *from, size_t bytes)
{
	void *at = to;
	size_t count = bytes / WORD;

	__asm__ volatile("rep movsl" : "+D"(at), "+S"(from), "+c"(count)
			 :: "memory");
	count = bytes % WORD;
	__asm__ volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(count)
			 :: "memory");
	return to;
}

/*
 * From the last byte down: the odd bytes sit at the end and go first. No other
 * function ever sets the direction flag in the kernel, and every entry to the
 * kernel clears the flag.
 */
static void copy_down(void *to, const void *from, size_t bytes)
{
	char *at = (char *)to + bytes - 1;
	const char *source = (const char *)from + bytes - 1;
	size_t count = bytes % WORD;

	__asm__ volatile("std\n\t"
			 "rep movsb\n\t"
			 "sub $3, %0\n\t"
			 "sub $3, %1\n\t"
			 "mov %3, %2\n\t"
			 "rep movsl\n\t"
			 "cld"
			 : "+D"(at), "+S"(source), "+c"(count)
			 : "r"(bytes / WORD) : "memory", "cc");
}

void *memmove(void *to, const void *from, size_t bytes)
{
	if ((uintptr_t)to - (uintptr_t)from >= bytes)
		return memcpy(to, from, bytes);
	copy_down(to, from, bytes);
	return to;
}

void *(memset)(void *to, int byte, size_t bytes)
{
	void *at = to;
	size_t count = bytes / WORD;
	uint32_t word = (uint8_t)byte * 0x01010101u;

	__asm__ volatile("rep stosl" : "+D"(at), "+c"(count)
			 : "a"(word) : "memory");
	count = bytes % WORD;
	__asm__ volatile("rep stosb" : "+D"(at), "+c"(count)
			 : "a"(word) : "memory");
	return to;
}

/* When two words differ, the byte loop finds the first different byte. */
int memcmp(const void *a, const void *b, size_t bytes)
{
	const unsigned char *p = a;
	const unsigned char *q = b;

	while (bytes >= WORD) {
		uint32_t x, y;

		__builtin_memcpy(&x, p, WORD);
		__builtin_memcpy(&y, q, WORD);
		if (x != y)
			break;
		p += WORD;
		q += WORD;
		bytes -= WORD;
	}
	for (; bytes > 0; p++, q++, bytes--) {
		if (*p != *q)
			return *p - *q;
	}
	return 0;
}
