/*
 * fnmatch.c - does a name match a shell pattern?
 *
 * A star first matches nothing, and one character more each time the rest of
 * the pattern fails. Only the last star is tried again: characters that an
 * earlier star could take, the last star can take as well. So the work is at
 * most the product of the lengths. (With FNM_PATHNAME a star ends at a slash.
 * The argument still holds: an earlier star cannot reach beyond the slash.)
 */
#include <ctype.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <string.h>

struct class {
	const char *name;
	int (*contains)(int c);
};

static const struct class classes[] = {
	{ "alnum", isalnum }, { "alpha", isalpha }, { "blank", isblank },
	{ "cntrl", iscntrl }, { "digit", isdigit }, { "graph", isgraph },
	{ "lower", islower }, { "print", isprint }, { "punct", ispunct },
	{ "space", isspace }, { "upper", isupper }, { "xdigit", isxdigit },
};

/* A class [:name:], from behind the "[:"; NULL if there is no class. */
static const char *match_class(const char *p, int c, bool *matched)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		size_t n = strlen(classes[i].name);

		if (strncmp(p, classes[i].name, n) != 0 || p[n] != ':' ||
		    p[n + 1] != ']')
			continue;
		*matched |= classes[i].contains(c) != 0;
		return p + n + 2;
	}
	return NULL;
}

/* A bracket expression, from behind the "["; returns the place behind the "]".
   NULL: there is no "]", and the "[" is an ordinary character. */
static const char *match_bracket(const char *p, int c, int flags,
	bool *matched)
{
	bool negated = *p == '!' || *p == '^';
	const char *first, *after;
	int low, high;

	*matched = false;
	if (negated)
		p++;
	for (first = p; *p != ']' || p == first; ) {
		if (p[0] == '[' && p[1] == ':' &&
		    (after = match_class(p + 2, c, matched)) != NULL) {
			p = after;
			continue;
		}
		if (*p == '\\' && !(flags & FNM_NOESCAPE))
			p++;
		if (*p == '\0' || (*p == '/' && flags & FNM_PATHNAME))
			return NULL;
		low = high = (unsigned char)*p++;
		if (p[0] == '-' && p[1] != ']' && p[1] != '\0') {
			p++;
			if (*p == '\\' && !(flags & FNM_NOESCAPE))
				p++;
			if (*p == '\0')
				return NULL;
			high = (unsigned char)*p++;
		}
		*matched |= low <= c && c <= high;
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

/* Match one character without a star; the rest of the pattern, or NULL. */
static const char *match_one(const char *p, const char *s, const char *start,
	int flags)
{
	bool matched, wild = !is_leading_period(s, start, flags) &&
		!(*s == '/' && flags & FNM_PATHNAME);

	if (*s == '\0' || *p == '\0')
		return NULL;
	if (*p == '?')
		return wild ? p + 1 : NULL;
	if (*p == '[') {
		const char *after = match_bracket(p + 1, (unsigned char)*s,
			flags, &matched);

		if (after)
			return wild && matched ? after : NULL;
	}
	if (*p == '\\' && !(flags & FNM_NOESCAPE) && p[1] != '\0')
		p++;
	return *p == *s ? p + 1 : NULL;
}

int fnmatch(const char *pattern, const char *string, int flags)
{
	const char *s = string, *after_star = NULL, *star_took = NULL;

	while (*s != '\0' || *pattern == '*') {
		const char *next;

		if (*pattern == '*') {
			if (is_leading_period(s, string, flags))
				return FNM_NOMATCH;
			after_star = ++pattern;
			star_took = s;
			continue;
		}
		next = match_one(pattern, s, string, flags);
		if (next) {
			pattern = next;
			s++;
			continue;
		}
		/* Let the last star take one character more. */
		if (!after_star || *star_took == '\0' ||
		    (*star_took == '/' && flags & FNM_PATHNAME))
			return FNM_NOMATCH;
		s = ++star_took;
		pattern = after_star;
	}
	return *pattern == '\0' ? 0 : FNM_NOMATCH;
}
