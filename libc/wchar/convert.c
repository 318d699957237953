/* convert.c - whole strings from bytes to characters and back. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define BAD	((size_t)-1)
#define PART	((size_t)-2)

/* Without a place to go to, only count. */
size_t mbsnrtowcs(wchar_t *restrict to, const char **restrict from,
	size_t bytes, size_t n, mbstate_t *restrict state)
{
	static mbstate_t own;
	const char *s = *from, *end = s + bytes;
	size_t count = 0, used = 0;

	if (!state)
		state = &own;
	for (; (!to || count < n) && s < end; count++, s += used) {
		wchar_t c;

		used = mbrtowc(&c, s, (size_t)(end - s), state);
		if (used == BAD)
			break;
		if (used == PART) {
			s = end;
			break;
		}
		if (to)
			to[count] = c;
		if (c == 0) {
			s = NULL;
			break;
		}
	}
	if (to)
		*from = s;
	return used == BAD ? BAD : count;
}

size_t mbsrtowcs(wchar_t *restrict to, const char **restrict from, size_t n,
	mbstate_t *restrict state)
{
	return mbsnrtowcs(to, from, strlen(*from) + 1, n, state);
}

/* A character that does not fit whole is left. */
size_t wcsnrtombs(char *restrict to, const wchar_t **restrict from,
	size_t count, size_t n, mbstate_t *restrict state)
{
	const wchar_t *s = *from;
	size_t done = 0;
	char bytes[4];

	for (; count > 0; count--, s++) {
		size_t size = wcrtomb(bytes, *s, state);

		if (size == BAD) {
			done = BAD;
			break;
		}
		if (to && size > n - done)
			break;
		if (to)
			memcpy(to + done, bytes, size);
		if (*s == 0) {
			s = NULL;
			break;
		}
		done += size;
	}
	if (to)
		*from = s;
	return done;
}

size_t wcsrtombs(char *restrict to, const wchar_t **restrict from, size_t n,
	mbstate_t *restrict state)
{
	return wcsnrtombs(to, from, wcslen(*from) + 1, n, state);
}

size_t mbstowcs(wchar_t *restrict to, const char *restrict from, size_t n)
{
	mbstate_t state = { 0, 0 };
	const char *rest = from;

	return mbsrtowcs(to, &rest, n, &state);
}

size_t wcstombs(char *restrict to, const wchar_t *restrict from, size_t n)
{
	const wchar_t *rest = from;

	return wcsrtombs(to, &rest, n, NULL);
}

/* A part of a character is an error here. */
int mbtowc(wchar_t *restrict c, const char *restrict s, size_t n)
{
	mbstate_t state = { 0, 0 };
	size_t used;

	if (!s)
		return 0;	/* UTF-8 has no states */
	used = mbrtowc(c, s, n, &state);
	if (used != PART && used != BAD)
		return (int)used;
	errno = EILSEQ;
	return -1;
}

int mblen(const char *s, size_t n)
{
	return mbtowc(NULL, s, n);
}

int wctomb(char *s, wchar_t c)
{
	return s ? (int)wcrtomb(s, c, NULL) : 0;
}
