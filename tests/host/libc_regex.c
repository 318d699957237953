/*
 * libc_regex.c - regular expressions against this machine's, and their bounds.
 *
 * Random patterns and texts: the answer and the borders of the match must be
 * the same. For groups in groups and repeated groups the rules of POSIX are
 * read in different ways: there the match as a whole is compared.
 *
 * flags: -ldl -D_GNU_SOURCE
 */
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

#define _REGEX_H 1		/* ours, not the header of this machine */
#define regcomp		our_regcomp
#define regexec		our_regexec
#define regerror	our_regerror
#define regfree		our_regfree
#include "libc/include/regex.h"
#include "libc/regex/set.c"
#include "libc/regex/regcomp.c"
#include "libc/regex/regexec.c"
#include "libc/regex/regerror.c"

#define ROUNDS	20000
#define GROUPS	10

/* Theirs: a regex_t of unknown size, the same numbers of flags and errors. */
static int (*their_regcomp)(void *, const char *, int);
static int (*their_regexec)(const void *, const char *, size_t, regmatch_t *,
	int);
static void (*their_regfree)(void *);

static void add_text(char *to, const char *const parts[], int count)
{
	strcat(to, parts[rand() % count]);
}

static void random_pattern(char *to, int depth, int extended, int *groups)
{
	static const char *const bytes[] = { "a", "b", "c", ".", "[ab]",
		"[^a]", "ab", "[[:alpha:]]", "[a-b]", "\\." };
	static const char *const repeats[] = { "*", "*", "\\{2\\}",
		"\\{0,2\\}", "\\{1,\\}" };
	static const char *const more[] = { "*", "+", "?", "{2}", "{0,2}",
		"{1,}", "{1,3}" };

	for (int i = rand() % 3 + 1; i > 0; i--) {
		if (depth > 0 && rand() % 4 == 0) {
			++*groups;
			strcat(to, extended ? "(" : "\\(");
			random_pattern(to, depth - 1, extended, groups);
			strcat(to, extended ? ")" : "\\)");
		} else
			add_text(to, bytes, 10);
		if (rand() % 3 == 0) {
			if (extended)
				add_text(to, more, 7);
			else
				add_text(to, repeats, 5);
		}
		if (extended && depth > 0 && i > 1 && rand() % 5 == 0)
			strcat(to, "|");
	}
}

/* Is a group repeated, or in another group, or one of several ways? */
static int is_doubtful(const char *pattern)
{
	return strstr(pattern, ")*") || strstr(pattern, ")+") ||
		strstr(pattern, ")?") || strstr(pattern, "){") ||
		strstr(pattern, "\\)\\{") || strchr(pattern, '|') ||
		(strstr(pattern, "((")) || strstr(pattern, "))") ||
		strstr(pattern, "\\)\\)");
}

static int differs(const char *pattern, const char *text, int flags,
	int exec_flags)
{
	regmatch_t ours[GROUPS], want[GROUPS];
	char theirs[512];
	regex_t regex;
	int compiled = regcomp(&regex, pattern, flags);
	int wanted = their_regcomp(theirs, pattern, flags);
	int found, right, bad = compiled != wanted;

	if (!bad && !compiled) {
		size_t count = is_doubtful(pattern) ? 1 : GROUPS;

		found = regexec(&regex, text, count, ours, exec_flags);
		right = their_regexec(theirs, text, count, want, exec_flags);
		bad = found != right || (!found && memcmp(ours, want,
			count * sizeof(ours[0])) != 0);
		if (bad)
			printf("# '%s' '%s' %d: %d %d-%d, not %d %d-%d\n",
				pattern, text, flags, found, ours[0].rm_so,
				ours[0].rm_eo, right, want[0].rm_so,
				want[0].rm_eo);
	} else if (bad)
		printf("# '%s' %d: error %d, not %d\n", pattern, flags,
			compiled, wanted);
	if (!compiled)
		regfree(&regex);
	if (!wanted)
		their_regfree(theirs);
	return bad;
}

static void check_random(void)
{
	int bad = 0, matched = 0;

	for (int i = 0; i < ROUNDS && bad < 10; i++) {
		char pattern[400] = "", text[12];
		int extended = rand() % 2, groups = 0, n = rand() % 10;
		static const int flags[] = { 0, 0, REG_ICASE, REG_NEWLINE };

		if (rand() % 6 == 0)
			strcat(pattern, "^");
		random_pattern(pattern, 2, extended, &groups);
		if (rand() % 6 == 0)
			strcat(pattern, "$");
		for (int k = 0; k < n; k++)
			text[k] = "aabbccAB.\n"[rand() % 10];
		text[n] = '\0';
		bad += differs(pattern, text, extended | flags[rand() % 4],
			rand() % 4);
		matched++;
	}
	is(bad, 0, "random_patterns_match_as_here");
	is(matched, ROUNDS, "all_rounds");
}

/* "pattern text begin end begin end ..." of the groups. */
static void check_by_hand(void)
{
	static const struct {
		int flags;
		const char *pattern, *text, *want;
	} cases[] = {
		{ 1, "(a|ab)(c|bcd)(d*)", "abcd", "0-4 0-2 2-3 3-4" },
		{ 1, "(a*)(ab)*(b*)", "abb", "0-3 0-1 - 1-3" },
		{ 1, "x(a|b|)y", "xy", "0-2 1-1" },
		{ 1, "(a*)*", "b", "0-0 0-0" },
		{ 0, "\\(a*\\)*", "bc", "0-0 0-0" },
		{ 1, "(((a*)*)*)*", "b", "0-0 0-0 0-0 0-0" },
		{ 1, "(a*)+", "aa", "0-2 0-2" },
		{ 1, "(b|c)?d", "ad", "1-2 -" },
		{ 0, "*a", "b*a", "1-3" },
		{ 0, "\\(*a\\)", "*a", "0-2 0-2" },
		{ 0, "\\(a*\\)b\\1", "xaabaa", "1-6 1-3" },
		{ 0, "\\([ab]*\\)x\\1", "abxab", "0-5 0-2" },
		{ 1, "(.)(.)\\2\\1", "xabbay", "1-5 1-2 2-3" },
		{ 0, "a\\{2,3\\}", "aaaa", "0-3" },
		{ 0, "a^b$c", "a^b$c", "0-5" },
		{ 0, "[]a]*", "]a]b", "0-3" }, { 0, "[^]]", "]x", "1-2" },
		{ 0, "[a-]*", "-a-b", "0-3" }, { 0, "[[.-.]]", "-", "0-1" },
		{ 0, "[[=a=]b]*", "abc", "0-2" },
		{ 5, "^b$", "a\nb\nc", "2-3" }, { 5, "a.b", "a\nb", "none" },
		{ 1, "a{0}b", "ab", "1-2" }, { 1, "()", "x", "0-0 0-0" },
		{ 1, "a||b", "b", "0-1" }, { 3, "ABC[d-f]", "xabcE", "1-5" },
		{ 1, "(", "", "error" }, { 0, "\\(", "", "error" },
		{ 0, "\\)", "", "error" }, { 1, "a)", "a)", "0-2" },
		{ 1, "[a", "", "error" }, { 1, "[b-a]", "", "error" },
		{ 1, "[[:none:]]", "", "error" }, { 1, "a\\", "", "error" },
		{ 0, "\\1", "", "error" }, { 1, "a{3,2}", "", "error" },
		{ 1, "a{256}", "", "error" }, { 1, "+a", "", "error" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char got[100] = "";
		regmatch_t match[GROUPS];
		regex_t regex;
		int error = regcomp(&regex, cases[i].pattern, cases[i].flags);

		if (error)
			strcpy(got, "error");
		else if (regexec(&regex, cases[i].text, GROUPS, match, 0))
			strcpy(got, "none");
		for (size_t k = 0; !*got + k && !error &&
		     k <= regex.re_nsub && strcmp(got, "none") != 0; k++) {
			char one[32] = "-";

			if (match[k].rm_so >= 0)
				snprintf(one, sizeof(one), "%d-%d",
					match[k].rm_so, match[k].rm_eo);
			if (k > 0)
				strcat(got, " ");
			strcat(got, one);
		}
		if (!ok(strcmp(got, cases[i].want) == 0, "%s_in_%s",
			cases[i].pattern, cases[i].text))
			printf("# %s, not %s\n", got, cases[i].want);
		if (!error)
			regfree(&regex);
	}
}

/* Patterns that take others for ever, or all memory. */
static void check_bounds(void)
{
	static char pattern[100000], text[100001];
	regex_t regex;
	char word[20];

	memset(text, 'a', 5000);
	is(regcomp(&regex, "(a*)*(a*)*(a*)*b", REG_EXTENDED), 0, "stars");
	is(regexec(&regex, text, 0, NULL, 0), REG_NOMATCH,
		"stars_of_stars_end");
	regfree(&regex);
	for (int i = 0; i < 20; i++)
		strcat(pattern, "a?");
	is(regcomp(&regex, strcat(pattern, "aaaaaaaaaaaaaaaaaaaa"),
		REG_EXTENDED), 0, "many_questions");
	is(regexec(&regex, text + 4980, 0, NULL, 0), 0, "questions_end");
	regfree(&regex);
	is(regcomp(&regex, "((((a{200}){200}){200}){200})", REG_EXTENDED),
		REG_ESPACE, "repeats_of_repeats_are_refused");
	memset(pattern, '(', 50000);
	is(regcomp(&regex, pattern, REG_EXTENDED), REG_ESPACE,
		"depth_is_bounded");
	memset(pattern, '|', 99999);
	ok(regcomp(&regex, pattern, REG_EXTENDED) == REG_ESPACE,
		"ways_are_bounded");
	is(regcomp(&regex, "\\(a*\\)\\(a*\\)\\(a*\\)\\1\\2\\3b", 0), 0,
		"back_references");
	text[400] = '\0';
	is(regexec(&regex, text, 0, NULL, 0), REG_ESPACE,
		"back_references_are_bounded");
	regfree(&regex);
	ok(regerror(REG_EBRACK, NULL, word, 5) == strlen("Unmatched [") + 1 &&
		strcmp(word, "Unma") == 0, "error_in_words");
}

static void check_rubbish(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		static const char letters[] = "ab()[]{}*+?|\\^$.,12-:=\n";
		char pattern[20], text[9] = "ab12a-b\n";
		int n = rand() % 19;
		regmatch_t match[3];
		regex_t regex;

		for (int k = 0; k < n; k++)
			pattern[k] = letters[rand() % (sizeof(letters) - 1)];
		pattern[n] = '\0';
		if (regcomp(&regex, pattern, rand() % 16) == 0) {
			regexec(&regex, text, 3, match, rand() % 4);
			regfree(&regex);
		}
	}
	ok(1, "rubbish_does_no_harm");
}

int main(void)
{
	their_regcomp = dlsym(RTLD_NEXT, "regcomp");
	their_regexec = dlsym(RTLD_NEXT, "regexec");
	their_regfree = dlsym(RTLD_NEXT, "regfree");
	srand(1);
	check_by_hand();
	check_bounds();
	check_rubbish();
	if (their_regcomp && their_regexec && their_regfree)
		check_random();
	return tap_done();
}
