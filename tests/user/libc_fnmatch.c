/* libc_fnmatch.c - fnmatch(): which names match. Any POSIX system. */
#define _GNU_SOURCE
#include <fnmatch.h>
#include <locale.h>

#include "tests/user/helpers.h"

struct example {
	const char *pattern, *name;
	int flags;
	int result;
};

#define NO	FNM_NOMATCH

static void check(const struct example *e, size_t count)
{
	for (; count > 0; count--, e++) {
		int result = fnmatch(e->pattern, e->name, e->flags);

		if (result == e->result)
			continue;
		printf("# fnmatch(\"%s\", \"%s\", %d) is %d, not %d\n",
		       e->pattern, e->name, e->flags, result, e->result);
		fflush(stdout);
		expect(!"the answer of fnmatch");
	}
}

#define CHECK(list)	check(list, sizeof(list) / sizeof(*(list)))

CASE(star_takes_too_little_or_too_much)
{
	static const struct example list[] = {
		{ "", "", 0, 0 }, { "", "a", 0, NO }, { "a", "", 0, NO },
		{ "*", "", 0, 0 }, { "*", "abc", 0, 0 },
		{ "a*c", "ac", 0, 0 }, { "a*c", "abcb", 0, NO },
		{ "*b*", "abc", 0, 0 }, { "**c", "abc", 0, 0 },
		{ "*abc", "ababc", 0, 0 }, { "?", "", 0, NO },
		{ "?*", "a", 0, 0 }, { "*?", "a", 0, 0 },
		{ "?*?", "a", 0, NO }, { "a*", "ba", 0, NO },
		{ "*.c", "a.c.c", 0, 0 }, { "a", "A", 0, NO },
	};

	CHECK(list);
}

CASE(pattern_with_a_range_matches_beyond_it)
{
	static const struct example list[] = {
		{ "[b-d]", "b", 0, 0 }, { "[b-d]", "d", 0, 0 },
		{ "[b-d]", "a", 0, NO }, { "[b-d]", "e", 0, NO },
		{ "[!b-d]", "a", 0, 0 }, { "[!b-d]", "c", 0, NO },
		{ "[!b-d]", "", 0, NO }, { "[a-]", "-", 0, 0 },
		{ "[-a]", "-", 0, 0 }, { "[a-]", "b", 0, NO },
		{ "[]a]", "]", 0, 0 }, { "[!]a]", "]", 0, NO },
		{ "[!]a]", "b", 0, 0 }, { "[]-a]", "^", 0, 0 },
		{ "[a-c-]", "-", 0, 0 }, { "[0-9a-f]", "c", 0, 0 },
		{ "[0-9a-f]", "g", 0, NO }, { "[*]", "*", 0, 0 },
		{ "[?]", "a", 0, NO }, { "[[]", "[", 0, 0 },
		{ "[a", "[a", 0, 0 }, { "[", "[", 0, 0 },
		{ "[a", "a", 0, NO }, { "[!", "[!", 0, 0 },
	};

	CHECK(list);
}

CASE(class_contains_other_characters)
{
	static const struct example list[] = {
		{ "[[:digit:]]", "7", 0, 0 }, { "[[:digit:]]", "x", 0, NO },
		{ "[![:digit:]]", "x", 0, 0 }, { "[[:digit:]x]", "x", 0, 0 },
		{ "[[:alpha:][:digit:]]", "5", 0, 0 },
		{ "[[:alpha:][:digit:]]", "-", 0, NO },
		{ "[[:space:]]", " ", 0, 0 }, { "[[:upper:]]", "a", 0, NO },
		{ "[[:xdigit:]]", "F", 0, 0 }, { "[[:xdigit:]]", "G", 0, NO },
		{ "[[:alpha:]", "a", 0, NO },
		{ "[:digit:]", "d", 0, 0 }, { "[:digit:]", "1", 0, NO },
	};

	CHECK(list);
}

CASE(character_between_points_or_equal_signs_is_not_found)
{
	static const struct example list[] = {
		{ "[[.-.]]", "-", 0, 0 }, { "[[.].]x]", "]", 0, 0 },
		{ "[[.a.]-c]", "b", 0, 0 }, { "[a-[.c.]]", "b", 0, 0 },
		{ "[a-[.c.]]", "d", 0, NO }, { "[[=a=]]", "a", 0, 0 },
		{ "[[=a=]b]", "b", 0, 0 }, { "[[=a=]]", "b", 0, NO },
		{ "[![.-.]]", "-", 0, NO }, { "[![.-.]]", "a", 0, 0 },
	};

	CHECK(list);
}

CASE(slash_is_matched_by_something_else)
{
	static const struct example list[] = {
		{ "a*b", "a/b", 0, 0 }, { "a*b", "a/b", FNM_PATHNAME, NO },
		{ "a?b", "a/b", 0, 0 }, { "a?b", "a/b", FNM_PATHNAME, NO },
		{ "a[/]b", "a/b", 0, 0 }, { "a[/]b", "a/b", FNM_PATHNAME, NO },
		{ "a[!x]b", "a/b", 0, 0 },
		{ "a[!x]b", "a/b", FNM_PATHNAME, NO },
		{ "a[.-0]b", "a/b", 0, 0 },
		{ "a[.-0]b", "a/b", FNM_PATHNAME, NO },
		{ "*/b", "a/b", FNM_PATHNAME, 0 },
		{ "*/b", "x/a/b", FNM_PATHNAME, NO },
		{ "*/*b", "ab/cb", FNM_PATHNAME, 0 },
		{ "a\\/b", "a/b", FNM_PATHNAME, 0 },
		{ "*", "a/", FNM_PATHNAME, NO },
	};

	CHECK(list);
}

CASE(leading_period_is_matched_by_something_else)
{
	static const struct example list[] = {
		{ "*", ".a", 0, 0 }, { "*", ".a", FNM_PERIOD, NO },
		{ "?a", ".a", FNM_PERIOD, NO }, { ".*", ".a", FNM_PERIOD, 0 },
		{ "[.]a", ".a", FNM_PERIOD, NO },
		{ "[!b]a", ".a", FNM_PERIOD, NO },
		{ "\\.a", ".a", FNM_PERIOD, 0 },
		{ "a*", "a.b", FNM_PERIOD, 0 },
		{ "a/*", "a/.b", FNM_PERIOD, 0 },
		{ "a/*", "a/.b", FNM_PERIOD | FNM_PATHNAME, NO },
		{ "a/?b", "a/.b", FNM_PERIOD | FNM_PATHNAME, NO },
		{ "a/.*", "a/.b", FNM_PERIOD | FNM_PATHNAME, 0 },
		{ "*b", "a/.b", FNM_PERIOD, 0 },
	};

	CHECK(list);
}

CASE(backslash_is_kept_or_lost_at_the_wrong_place)
{
	static const struct example list[] = {
		{ "\\*", "*", 0, 0 }, { "\\*", "a", 0, NO },
		{ "\\*", "\\a", FNM_NOESCAPE, 0 },
		{ "\\*", "*", FNM_NOESCAPE, NO },
		{ "\\a", "a", 0, 0 }, { "\\\\", "\\", 0, 0 },
		{ "[\\]]", "]", 0, 0 }, { "[\\a]", "\\", 0, NO },
		{ "[\\a]", "\\", FNM_NOESCAPE, 0 },
		{ "[a\\-c]", "b", 0, NO }, { "[a\\-c]", "-", 0, 0 },
		{ "\\[a]", "[a]", 0, 0 }, { "\\[a]", "a", 0, NO },
		{ "a\\", "a", 0, NO }, { "a\\", "a\\", 0, NO },
		{ "a\\", "a\\", FNM_NOESCAPE, 0 },
	};

	CHECK(list);
}

CASE(case_of_a_letter_matters_with_casefold)
{
	static const struct example list[] = {
		{ "ReadMe", "README", 0, NO },
		{ "ReadMe", "README", FNM_CASEFOLD, 0 },
		{ "[a-c]X", "Bx", FNM_CASEFOLD, 0 },
		{ "[A-C]", "b", FNM_CASEFOLD, 0 },
		{ "[!a-c]", "B", FNM_CASEFOLD, NO },
		{ "*.C", "x.c", FNM_CASEFOLD, 0 },
		{ "[a-c]", "D", FNM_CASEFOLD, NO },
	};

	CHECK(list);
}

CASE(rest_behind_a_slash_counts_with_leading_dir)
{
	static const struct example list[] = {
		{ "a", "a/b", 0, NO }, { "a", "a/b", FNM_LEADING_DIR, 0 },
		{ "a*", "ab/c/d", FNM_LEADING_DIR | FNM_PATHNAME, 0 },
		{ "a", "ab/c", FNM_LEADING_DIR, NO },
		{ "a/b", "a/b/c", FNM_LEADING_DIR, 0 },
		{ "a", "a", FNM_LEADING_DIR, 0 },
		{ "*b", "ab/c", FNM_LEADING_DIR, 0 },
		{ "?", "ab/c", FNM_LEADING_DIR, NO },
	};

	CHECK(list);
}

CASE(character_of_several_bytes_counts_as_several)
{
	static const struct example list[] = {
		{ "?", "\u00e4", 0, 0 }, { "a?c", "a\u20acc", 0, 0 },
		{ "*?", "\U0001f600", 0, 0 }, { "\\\u00e4", "\u00e4", 0, 0 },
		{ "[\u00e4\u00f6]", "\u00f6", 0, 0 },
		{ "[\u00e4\u00f6]", "\u00fc", 0, NO },
		{ "[!\u00e4]", "\u00f6", 0, 0 }, { "[!a]", "\u20ac", 0, 0 },
		{ "*\u00e4", "\u00e4\u00e4", 0, 0 },
	};
	/* The library of Linux tries bytes as well. */
	static const struct example parley[] = {
		{ "??", "\u00e4", 0, NO },
		{ "[\u0430-\u0434]", "\u0433", 0, 0 },
		{ "[\u0430-\u0434]", "\u0436", 0, NO },
		{ "[[:alpha:]]", "\u00e4", 0, 0 },
		{ "\u00c4", "\u00e4", FNM_CASEFOLD, 0 },
		{ "?", "\xc3", 0, 0 }, { "?\xff", "\xc3\xff", 0, 0 },
		{ "\xc3*", "\u00e4", 0, NO },
	};

	require(setlocale(LC_ALL, "C.UTF-8") != NULL);
	CHECK(list);
	if (leak_is_parley())
		CHECK(parley);
}

/* A star for each character, and a last character that no name has. */
CASE(hostile_pattern_takes_exponential_time)
{
	static char pattern[400], name[400];

	for (size_t i = 0; i < sizeof(pattern) - 2; i++)
		pattern[i] = i % 2 ? '*' : 'a';
	pattern[sizeof(pattern) - 2] = 'b';
	memset(name, 'a', sizeof(name) - 1);
	expect(fnmatch(pattern, name, 0) == NO);
	expect(fnmatch(pattern, name, FNM_PATHNAME | FNM_PERIOD) == NO);
	expect(fnmatch(pattern, name, FNM_LEADING_DIR) == NO);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
