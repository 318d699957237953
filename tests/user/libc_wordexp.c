/*
 * libc_wordexp.c - wordexp(): words as the shell expands them. Any POSIX
 * system.
 */
#include <stdlib.h>
#include <string.h>
#include <wordexp.h>

#include "tests/user/helpers.h"

/* The words, joined by slashes. */
static const char *joined(const wordexp_t *result)
{
	static char text[200];
	size_t i;

	text[0] = '\0';
	for (i = 0; i < result->we_wordc; i++) {
		strcat(text, i ? "/" : "");
		strcat(text, result->we_wordv[result->we_offs + i]);
	}
	return text;
}

static int expands(const char *words, int flags, const char *wanted)
{
	wordexp_t result;
	int good;

	if (wordexp(words, &result, flags) != 0)
		return 0;
	good = strcmp(joined(&result), wanted) == 0 &&
	       !result.we_wordv[result.we_wordc];
	wordfree(&result);
	return good;
}

static int refuses(const char *words, int flags)
{
	wordexp_t result;

	return wordexp(words, &result, flags);
}

CASE(words_are_split_and_quotes_are_taken_off)
{
	expect(expands("a  b\tc", 0, "a/b/c"));
	expect(expands("'a  b' \"c d\" e\\ f", 0, "a  b/c d/e f"));
	expect(expands("", 0, ""));
	expect(expands("'' x", 0, "/x"));
	expect(expands("\"100%\" '%s'", 0, "100%/%s"));
}

CASE(variables_are_put_in)
{
	setenv("FRUIT", "red apple", 1);
	unsetenv("NOTHING");
	expect(expands("$FRUIT", 0, "red/apple"));
	expect(expands("\"${FRUIT}s\" ${NOTHING:-none}", 0, "red apples/none"));
	expect(expands("$NOTHING x", 0, "x"));
	expect(refuses("$NOTHING", WRDE_UNDEF) == WRDE_BADVAL);
	expect(expands("$FRUIT", WRDE_UNDEF, "red/apple"));
}

CASE(home_sums_and_files_are_put_in)
{
	setenv("HOME", "/tmp", 1);
	expect(expands("~ ~/x $((6 * 7))", 0, "/tmp//tmp/x/42"));
	expect(expands("/et[c] /no*such", 0, "/etc//no*such"));
	expect(expands("$((6 * 7))", WRDE_NOCMD, "42"));
}

CASE(commands_are_run_or_refused)
{
	expect(expands("$(echo one two)", 0, "one/two"));
	expect(expands("a`echo b`", 0, "ab"));
	expect(refuses("$(echo a)", WRDE_NOCMD) == WRDE_CMDSUB);
	expect(refuses("\"`echo a`\"", WRDE_NOCMD) == WRDE_CMDSUB);
	expect(expands("'$(echo a)' \\$x", WRDE_NOCMD, "$(echo a)/$x"));
}

CASE(operators_are_no_words)
{
	static const char operators[] = "|&;<>(){}\n";
	char words[] = "a ? b";
	size_t i;

	for (i = 0; i < sizeof(operators) - 1; i++) {
		words[2] = operators[i];
		expect(refuses(words, 0) == WRDE_BADCHAR);
	}
	expect(expands("'a|b' \"c;d\" \\&", 0, "a|b/c;d/&"));
}

CASE(open_quotes_and_brackets_are_refused)
{
	expect(refuses("'a", 0) == WRDE_SYNTAX);
	expect(refuses("\"a", 0) == WRDE_SYNTAX);
	expect(refuses("$(echo", 0) == WRDE_SYNTAX);
	expect(refuses("${x", 0) == WRDE_SYNTAX);
}

CASE(words_are_added_and_places_kept)
{
	wordexp_t result = { .we_offs = 2 };

	expect(wordexp("a b", &result, WRDE_DOOFFS) == 0);
	expect(!result.we_wordv[0] && !result.we_wordv[1]);
	expect(strcmp(joined(&result), "a/b") == 0);
	expect(wordexp("c", &result, WRDE_DOOFFS | WRDE_APPEND) == 0);
	expect(result.we_wordc == 3 && strcmp(joined(&result), "a/b/c") == 0);
	expect(wordexp("d", &result, WRDE_DOOFFS | WRDE_REUSE) == 0);
	expect(result.we_wordc == 1 && strcmp(joined(&result), "d") == 0);
	wordfree(&result);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
