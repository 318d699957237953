/* gnu.c - functions of <string.h> that are not ISO C but much used. */
#include <string.h>
#include <strings.h>

void *mempcpy(void *restrict to, const void *restrict from, size_t n)
{
	return (char *)memcpy(to, from, n) + n;
}

void *memccpy(void *restrict to, const void *restrict from, int c, size_t n)
{
	const char *end = memchr(from, c, n);

	if (!end) {
		memcpy(to, from, n);
		return NULL;
	}
	return mempcpy(to, from, end - (const char *)from + 1);
}

void *memrchr(const void *memory, int c, size_t n)
{
	const unsigned char *p = memory;

	while (n-- > 0) {
		if (p[n] == (unsigned char)c)
			return (void *)(p + n);
	}
	return NULL;
}

void *memmem(const void *memory, size_t n, const void *wanted, size_t wanted_n)
{
	const char *p = memory, *end = p + n;

	if (wanted_n == 0)
		return (void *)memory;
	for (; (size_t)(end - p) >= wanted_n; p++) {
		size_t starts = end - p - wanted_n + 1;

		p = memchr(p, *(const unsigned char *)wanted, starts);
		if (!p)
			return NULL;
		if (memcmp(p, wanted, wanted_n) == 0)
			return (void *)p;
	}
	return NULL;
}

char *stpcpy(char *restrict to, const char *restrict from)
{
	size_t length = strlen(from);

	return (char *)memcpy(to, from, length + 1) + length;
}

char *stpncpy(char *restrict to, const char *restrict from, size_t n)
{
	size_t length = strnlen(from, n);

	memcpy(to, from, length);
	memset(to + length, '\0', n - length);
	return to + length;
}

char *strchrnul(const char *s, int c)
{
	char *found = strchr(s, c);

	return found ? found : (char *)s + strlen(s);
}

char *strcasestr(const char *s, const char *wanted)
{
	size_t n = strlen(wanted);

	do {
		if (strncasecmp(s, wanted, n) == 0)
			return (char *)s;
	} while (*s++ != '\0');
	return NULL;
}
