/* string.c - strings of wide characters, as <string.h> has them of bytes. */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

size_t wcslen(const wchar_t *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

size_t wcsnlen(const wchar_t *s, size_t most)
{
	size_t n = 0;

	while (n < most && s[n])
		n++;
	return n;
}

wchar_t *wmemcpy(wchar_t *restrict to, const wchar_t *restrict from, size_t n)
{
	return memcpy(to, from, n * sizeof(*to));
}

wchar_t *wmemmove(wchar_t *to, const wchar_t *from, size_t n)
{
	return memmove(to, from, n * sizeof(*to));
}

wchar_t *wmemset(wchar_t *s, wchar_t c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		s[i] = c;
	return s;
}

int wmemcmp(const wchar_t *a, const wchar_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	}
	return 0;
}

wchar_t *wmemchr(const wchar_t *s, wchar_t c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == c)
			return (wchar_t *)s + i;
	}
	return NULL;
}

wchar_t *wcpcpy(wchar_t *restrict to, const wchar_t *restrict from)
{
	size_t n = wcslen(from);

	wmemcpy(to, from, n + 1);
	return to + n;
}

wchar_t *wcscpy(wchar_t *restrict to, const wchar_t *restrict from)
{
	wcpcpy(to, from);
	return to;
}

wchar_t *wcpncpy(wchar_t *restrict to, const wchar_t *restrict from, size_t n)
{
	size_t length = wcsnlen(from, n);

	wmemcpy(to, from, length);
	wmemset(to + length, 0, n - length);
	return to + length;
}

wchar_t *wcsncpy(wchar_t *restrict to, const wchar_t *restrict from, size_t n)
{
	wcpncpy(to, from, n);
	return to;
}

wchar_t *wcscat(wchar_t *restrict to, const wchar_t *restrict from)
{
	wcscpy(to + wcslen(to), from);
	return to;
}

wchar_t *wcsncat(wchar_t *restrict to, const wchar_t *restrict from, size_t n)
{
	wchar_t *end = to + wcslen(to);
	size_t length = wcsnlen(from, n);

	wmemcpy(end, from, length);
	end[length] = 0;
	return to;
}

int wcsncmp(const wchar_t *a, const wchar_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
		if (a[i] == 0)
			break;
	}
	return 0;
}

int wcscmp(const wchar_t *a, const wchar_t *b)
{
	return wcsncmp(a, b, (size_t)-1);
}

int wcscoll(const wchar_t *a, const wchar_t *b)
{
	return wcscmp(a, b);
}

size_t wcsxfrm(wchar_t *restrict to, const wchar_t *restrict from, size_t n)
{
	size_t length = wcslen(from);

	if (length < n)
		wmemcpy(to, from, length + 1);
	return length;
}

int wcsncasecmp(const wchar_t *a, const wchar_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		wint_t x = towlower((wint_t)a[i]), y = towlower((wint_t)b[i]);

		if (x != y)
			return x < y ? -1 : 1;
		if (x == 0)
			break;
	}
	return 0;
}

int wcscasecmp(const wchar_t *a, const wchar_t *b)
{
	return wcsncasecmp(a, b, (size_t)-1);
}

wchar_t *wcschr(const wchar_t *s, wchar_t c)
{
	return wmemchr(s, c, wcslen(s) + 1);
}

wchar_t *wcsrchr(const wchar_t *s, wchar_t c)
{
	for (size_t i = wcslen(s) + 1; i > 0; i--) {
		if (s[i - 1] == c)
			return (wchar_t *)s + i - 1;
	}
	return NULL;
}

/* How many characters at the beginning are in the set, or are not? */
static size_t span(const wchar_t *s, const wchar_t *set, int in)
{
	size_t length = wcslen(set), n = 0;

	while (s[n] && (wmemchr(set, s[n], length) != NULL) == in)
		n++;
	return n;
}

size_t wcsspn(const wchar_t *s, const wchar_t *set)
{
	return span(s, set, 1);
}

size_t wcscspn(const wchar_t *s, const wchar_t *set)
{
	return span(s, set, 0);
}

wchar_t *wcspbrk(const wchar_t *s, const wchar_t *set)
{
	s += wcscspn(s, set);
	return *s ? (wchar_t *)s : NULL;
}

wchar_t *wcsstr(const wchar_t *s, const wchar_t *part)
{
	size_t length = wcslen(part);

	for (; wcsncmp(s, part, length) != 0; s++) {
		if (*s == 0)
			return NULL;
	}
	return (wchar_t *)s;
}

wchar_t *wcstok(wchar_t *restrict s, const wchar_t *restrict separators,
	wchar_t **restrict rest)
{
	if (!s)
		s = *rest;
	if (!s)
		return NULL;
	s += wcsspn(s, separators);
	*rest = NULL;
	if (*s == 0)
		return NULL;
	if (s[wcscspn(s, separators)]) {
		*rest = s + wcscspn(s, separators) + 1;
		(*rest)[-1] = 0;
	}
	return s;
}

wchar_t *wcsdup(const wchar_t *s)
{
	size_t n = wcslen(s) + 1;
	wchar_t *copy = malloc(n * sizeof(*copy));

	return copy ? wmemcpy(copy, s, n) : NULL;
}
