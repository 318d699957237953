/* string_l.c - texts, for programs that name a locale. */
#include <string.h>
#include <strings.h>

int strcoll_l(const char *a, const char *b, locale_t locale)
{
	(void)locale;
	return strcoll(a, b);
}

char *strerror_l(int error, locale_t locale)
{
	(void)locale;
	return strerror(error);
}

size_t strxfrm_l(char *restrict to, const char *restrict from, size_t n,
	locale_t locale)
{
	(void)locale;
	return strxfrm(to, from, n);
}

int strcasecmp_l(const char *a, const char *b, locale_t locale)
{
	(void)locale;
	return strcasecmp(a, b);
}

int strncasecmp_l(const char *a, const char *b, size_t n, locale_t locale)
{
	(void)locale;
	return strncasecmp(a, b, n);
}
