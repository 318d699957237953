/*
 * set.c - bracket expressions: [a-z], [^]x], [[:digit:]_], [[.-.]], [[=e=]].
 */
#include <ctype.h>
#include <string.h>

#include "libc/regex/set.h"

static const struct {
	const char *name;
	int (*has)(int);
} classes[] = {
	{ "alnum", isalnum }, { "alpha", isalpha }, { "blank", isblank },
	{ "cntrl", iscntrl }, { "digit", isdigit }, { "graph", isgraph },
	{ "lower", islower }, { "print", isprint }, { "punct", ispunct },
	{ "space", isspace }, { "upper", isupper }, { "xdigit", isxdigit },
};

void __set_add(struct set *set, unsigned char c)
{
	set->bits[c >> 5] |= 1u << (c & 31);
}

void __set_ignore_case(struct set *set)
{
	for (int c = 'a'; c <= 'z'; c++) {
		int upper = toupper(c);

		if (set_has(set, (unsigned char)c))
			__set_add(set, (unsigned char)upper);
		else if (set_has(set, (unsigned char)upper))
			__set_add(set, (unsigned char)c);
	}
}

static int add_class(struct set *set, const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (strlen(classes[i].name) != length ||
		    memcmp(classes[i].name, name, length) != 0)
			continue;
		for (int c = 1; c < 256; c++) {
			if (classes[i].has(c))
				__set_add(set, (unsigned char)c);
		}
		return 0;
	}
	return REG_ECTYPE;
}

/* The name in [: :], [. .] or [= =]; *at moves behind it. NULL: no end. */
static const char *name_in(const char **at, char sign, size_t *length)
{
	const char *name = *at + 2, *end = name;

	while (*end && !(end[0] == sign && end[1] == ']'))
		end++;
	if (*end == '\0')
		return NULL;
	*length = (size_t)(end - name);
	*at = end + 2;
	return name;
}

/* A byte, or one byte in [. .] or [= =]: the end of a range. */
static int one_byte(const char **at, int *byte)
{
	char sign = (*at)[0] == '[' ? (*at)[1] : '\0';
	const char *name;
	size_t length;

	if (sign != '.' && sign != '=') {
		*byte = (unsigned char)*(*at)++;
		return *byte ? 0 : REG_EBRACK;
	}
	name = name_in(at, sign, &length);
	if (!name)
		return REG_EBRACK;
	*byte = (unsigned char)*name;
	return length == 1 ? 0 : REG_ECOLLATE;
}

static int add_range(const char **at, struct set *set)
{
	int low, high, error = one_byte(at, &low);

	high = low;
	if (!error && (*at)[0] == '-' && (*at)[1] != ']' && (*at)[1]) {
		++*at;
		error = one_byte(at, &high);
	}
	if (!error && high < low)
		error = REG_ERANGE;
	for (int c = low; !error && c <= high; c++)
		__set_add(set, (unsigned char)c);
	return error;
}

int __set_parse(const char **at, struct set *set, int flags)
{
	bool negated = **at == '^', first = true;
	int error = 0;

	memset(set, 0, sizeof(*set));
	*at += negated;
	for (; !error && (**at != ']' || first); first = false) {
		size_t length;
		const char *name;

		if (**at == '\0')
			return REG_EBRACK;
		if ((*at)[0] != '[' || (*at)[1] != ':') {
			error = add_range(at, set);
			continue;
		}
		name = name_in(at, ':', &length);
		error = name ? add_class(set, name, length) : REG_EBRACK;
	}
	++*at;
	if (flags & REG_ICASE)
		__set_ignore_case(set);
	for (int i = 0; negated && i < 8; i++)
		set->bits[i] = ~set->bits[i];
	set->bits[0] &= ~1u;
	if (negated && flags & REG_NEWLINE)
		set->bits[0] &= ~(1u << '\n');
	return error;
}
