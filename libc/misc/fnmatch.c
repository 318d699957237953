/*
 * fnmatch.c - does a name match a shell pattern?
 *
 * A star first matches nothing, and one character more each time the rest of
 * the pattern fails. Only the last star is tried again: characters that an
 * earlier star could take, the last star can take as well. So the work is at
 * most the product of the lengths. (With FNM_PATHNAME a star ends at a slash.
 * The argument still holds: an earlier star cannot reach beyond the slash.)
 *
 * Pattern and name are UTF-8. A byte that is part of no character counts as a
 * character of its own.
 */
#include <fnmatch.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#define NO_CHARACTER	0x110000	/* and more: bytes alone */
#define CLASS_LONGEST	8

/* Take a character from the text. The end is 0, and stays. */
static wint_t take(const char **s)
{
	mbstate_t state = { 0 };
	wchar_t c;
	size_t n = mbrtowc(&c, *s, MB_LEN_MAX, &state);

	if (n == 0)
		return 0;
	if (n <= MB_LEN_MAX) {
		*s += n;
		return c;
	}
	return NO_CHARACTER + (unsigned char)*(*s)++;
}

static wint_t folded(wint_t c, int flags)
{
	return flags & FNM_CASEFOLD && c < NO_CHARACTER ? towlower(c) : c;
}

/* Is the character between low and high, in one of its cases? */
static bool is_between(wint_t low, wint_t c, wint_t high, int flags)
{
	if (low <= c && c <= high)
		return true;
	if (!(flags & FNM_CASEFOLD) || c >= NO_CHARACTER)
		return false;
	return (low <= towlower(c) && towlower(c) <= high) ||
	       (low <= towupper(c) && towupper(c) <= high);
}

/* A class [:name:], from behind the "[:"; NULL if there is no class. */
static const char *match_class(const char *p, wint_t c, int flags,
	bool *matched)
{
	char name[CLASS_LONGEST];
	const char *end = strstr(p, ":]");
	wctype_t class;

	if (!end || end - p >= CLASS_LONGEST)
		return NULL;
	memcpy(name, p, end - p);
	name[end - p] = '\0';
	class = wctype(name);
	if (!class)
		return NULL;
	if (c < NO_CHARACTER)
		*matched |= iswctype(c, class) || (flags & FNM_CASEFOLD &&
			(iswctype(towlower(c), class) ||
			 iswctype(towupper(c), class)));
	return end + 2;
}

/* One end of a range: a character, perhaps as [.x.] or [=x=] or behind a
   backslash. 0: the bracket has no end. */
static wint_t take_end(const char **p, int flags)
{
	const char *inside = *p + 2;
	wint_t c;

	if (**p == '[' && ((*p)[1] == '.' || (*p)[1] == '=')) {
		char mark = (*p)[1];

		c = take(&inside);
		if (c && inside[0] == mark && inside[1] == ']') {
			*p = inside + 2;
			return c;
		}
	}
	if (**p == '\\' && !(flags & FNM_NOESCAPE))
		++*p;
	return **p == '/' && flags & FNM_PATHNAME ? 0 : take(p);
}

/* A bracket expression, from behind the "["; returns the place behind the "]".
   NULL: there is no "]", and the "[" is an ordinary character. */
static const char *match_bracket(const char *p, wint_t c, int flags,
	bool *matched)
{
	bool negated = *p == '!' || *p == '^';
	const char *first, *after;

	*matched = false;
	if (negated)
		p++;
	for (first = p; *p != ']' || p == first; ) {
		wint_t low, high;

		if (p[0] == '[' && p[1] == ':' &&
		    (after = match_class(p + 2, c, flags, matched)) != NULL) {
			p = after;
			continue;
		}
		low = high = take_end(&p, flags);
		if (low && p[0] == '-' && p[1] != ']') {
			p++;
			high = take_end(&p, flags);
		}
		if (!low || !high)
			return NULL;
		*matched |= is_between(low, c, high, flags);
	}
	*matched ^= negated;
	return p + 1;
}

/* Must a period at s be matched by a period? */
static bool is_leading_period(const char *s, const char *start, int flags)
{
	if (*s != '.' || !(flags & FNM_PERIOD))
		return false;
	return s == start || (flags & FNM_PATHNAME && s[-1] == '/');
}

/* Match the character at *s without a star, and pass it; the rest of the
   pattern, or NULL. */
static const char *match_one(const char *p, const char **s, const char *start,
	int flags)
{
	bool matched, wild = !is_leading_period(*s, start, flags) &&
		!(**s == '/' && flags & FNM_PATHNAME);
	wint_t c = take(s);

	if (c == 0 || *p == '\0')
		return NULL;
	if (*p == '?')
		return wild ? p + 1 : NULL;
	if (*p == '[') {
		const char *after = match_bracket(p + 1, c, flags, &matched);

		if (after)
			return wild && matched ? after : NULL;
	}
	if (*p == '\\' && !(flags & FNM_NOESCAPE))
		p++;
	return folded(take(&p), flags) == folded(c, flags) ? p : NULL;
}

/* Is this the end of the name, or of a folder that is enough? */
static bool is_end(const char *s, int flags)
{
	return *s == '\0' || (*s == '/' && flags & FNM_LEADING_DIR);
}

int fnmatch(const char *pattern, const char *string, int flags)
{
	const char *s = string, *after_star = NULL, *star_took = NULL;

	while (*pattern != '\0' || !is_end(s, flags)) {
		const char *next;

		if (*pattern == '*') {
			if (is_leading_period(s, string, flags))
				return FNM_NOMATCH;
			after_star = ++pattern;
			star_took = s;
			continue;
		}
		next = match_one(pattern, &s, string, flags);
		if (next) {
			pattern = next;
			continue;
		}
		/* Let the last star take one character more. */
		if (!after_star || *star_took == '\0' ||
		    (*star_took == '/' && flags & FNM_PATHNAME))
			return FNM_NOMATCH;
		take(&star_took);
		s = star_took;
		pattern = after_star;
	}
	return 0;
}
