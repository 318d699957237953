/* wctype.c - kinds of wide characters: tables and bisection. */
#include <ctype.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "libc/wchar/unicode.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define ASCII		0x80

static int is_in(uint32_t c, const struct range *ranges, size_t n)
{
	size_t low = 0;

	while (low < n) {
		size_t middle = (low + n) / 2;

		if (c > ranges[middle].last)
			low = middle + 1;
		else if (c < ranges[middle].first)
			n = middle;
		else
			return 1;
	}
	return 0;
}

static wint_t mapped(wint_t c, const struct run *runs, size_t n)
{
	size_t low = 0;

	while (low < n) {
		size_t middle = (low + n) / 2;
		const struct run *run = &runs[middle];

		if (c > run->last)
			low = middle + 1;
		else if (c < run->first)
			n = middle;
		else
			return (c - run->first) % (uint32_t)run->step ? c
				: c + (uint32_t)run->more;
	}
	return c;
}

wint_t towlower(wint_t c)
{
	return c < ASCII ? (wint_t)tolower((int)c)
		: mapped(c, to_lower, COUNT(to_lower));
}

wint_t towupper(wint_t c)
{
	return c < ASCII ? (wint_t)toupper((int)c)
		: mapped(c, to_upper, COUNT(to_upper));
}

int iswalpha(wint_t c)
{
	return c < ASCII ? isalpha((int)c)
		: is_in(c, letters, COUNT(letters));
}

int iswdigit(wint_t c)
{
	return c - '0' < 10;
}

int iswalnum(wint_t c)
{
	return iswalpha(c) || iswdigit(c);
}

int iswxdigit(wint_t c)
{
	return c < ASCII && isxdigit((int)c);
}

/* A small letter is changed by towupper(), or is not changed by either. */
int iswlower(wint_t c)
{
	return c < ASCII ? islower((int)c) : towupper(c) != c;
}

int iswupper(wint_t c)
{
	return c < ASCII ? isupper((int)c) : towlower(c) != c;
}

int iswcntrl(wint_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 ||
		c == 0x2029;
}

int iswspace(wint_t c)
{
	return c < ASCII ? isspace((int)c) : c == 0x1680 || c == 0x205f ||
		(c >= 0x2000 && c <= 0x200a && c != 0x2007) ||
		c == 0x2028 || c == 0x2029 || c == 0x3000;
}

int iswblank(wint_t c)
{
	return c == '\t' || (iswspace(c) && !iswcntrl(c));
}

int iswprint(wint_t c)
{
	return c <= 0x10ffff && !iswcntrl(c) && (c < 0xd800 || c >= 0xe000) &&
		(c & 0xfffe) != 0xfffe;
}

int iswgraph(wint_t c)
{
	return iswprint(c) && !iswspace(c);
}

int iswpunct(wint_t c)
{
	return iswgraph(c) && !iswalnum(c);
}

int wcwidth(wchar_t c)
{
	uint32_t u = (uint32_t)c;

	if (u == 0)
		return 0;
	if (!iswprint(u))
		return -1;
	if (u >= 0x300 && is_in(u, marks, COUNT(marks)))
		return 0;
	return u >= 0x1100 && is_in(u, wide, COUNT(wide)) ? 2 : 1;
}

int wcswidth(const wchar_t *s, size_t n)
{
	int width = 0;

	for (size_t i = 0; i < n && s[i]; i++) {
		if (wcwidth(s[i]) < 0)
			return -1;
		width += wcwidth(s[i]);
	}
	return width;
}

static const struct {
	const char *name;
	int (*is)(wint_t);
} types[] = {
	{ "alnum", iswalnum }, { "alpha", iswalpha }, { "blank", iswblank },
	{ "cntrl", iswcntrl }, { "digit", iswdigit }, { "graph", iswgraph },
	{ "lower", iswlower }, { "print", iswprint }, { "punct", iswpunct },
	{ "space", iswspace }, { "upper", iswupper }, { "xdigit", iswxdigit },
};

wctype_t wctype(const char *name)
{
	for (size_t i = 0; i < COUNT(types); i++) {
		if (strcmp(types[i].name, name) == 0)
			return (wctype_t)i + 1;
	}
	return 0;
}

int iswctype(wint_t c, wctype_t type)
{
	return type > 0 && type <= (int)COUNT(types) && types[type - 1].is(c);
}

wctrans_t wctrans(const char *name)
{
	return strcmp(name, "tolower") == 0 ? 1
		: strcmp(name, "toupper") == 0 ? 2 : 0;
}

wint_t towctrans(wint_t c, wctrans_t change)
{
	return change == 1 ? towlower(c) : change == 2 ? towupper(c) : c;
}
