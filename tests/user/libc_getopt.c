/*
 * libc_getopt.c - getopt_long(): long options, and words in between. Any
 * system with GNU's function.
 */
#define _GNU_SOURCE
#include <getopt.h>

#include "tests/user/helpers.h"

static int flag;
static const struct option options[] = {
	{ "all", no_argument, NULL, 'a' },
	{ "name", required_argument, NULL, 'n' },
	{ "colour", optional_argument, NULL, 'c' },
	{ "column", required_argument, NULL, 'C' },
	{ "colours", optional_argument, NULL, 'c' },
	{ "flag", no_argument, &flag, 7 },
	{ NULL, 0, NULL, 0 },
};

/* Each result as a word: the value, and =argument if there is one; then the
 * words that are no options. */
static const char *read_options(const char *short_options, char **words)
{
	static char text[200];
	char word[40];
	int count = 0, value;

	while (words[count])
		count++;
	text[0] = '\0';
	optind = 0;		/* begin anew */
	opterr = 0;
	optarg = NULL;
	while ((value = getopt_long(count, words, short_options, options,
				    NULL)) != -1) {
		snprintf(word, sizeof(word), value ? "%c%s%s " : "0%.0d%s%s ",
			 value, optarg ? "=" : "", optarg ? optarg : "");
		strcat(text, word);
	}
	strcat(text, "|");
	for (; optind < count; optind++) {
		strcat(text, " ");
		strcat(text, words[optind]);
	}
	return text;
}

#define READ(short_options, ...) \
	read_options(short_options, (char *[]){ "program", __VA_ARGS__, NULL })

static void expect_options(const char *got, const char *expected)
{
	if (strcmp(got, expected) != 0)
		printf("# %s\n# expected: %s\n", got, expected);
	expect(strcmp(got, expected) == 0);
}

CASE(arguments_stand_behind_a_sign_or_are_the_next_word)
{
	expect_options(READ("an:", "--name=x", "--all", "--name", "y", "z"),
		       "n=x a n=y | z");
	expect_options(READ("an:", "-anx", "-n", "y"), "a n=x n=y |");
	expect_options(READ("", "--colour=red", "--colour", "red"),
		       "c=red c | red");
	expect_options(READ("n:", "--name="), "n= |");
}

CASE(words_between_the_options_come_last)
{
	expect_options(READ("a", "x", "-a", "y", "--all", "z"), "a a | x y z");
	expect_options(READ("+a", "-a", "x", "-a"), "a | x -a");
	expect_options(READ("a", "x", "-a", "--", "-a", "y"), "a | x -a y");
	expect_options(READ("abn:", "x", "y", "-ban", "5", "z", "--name", "6"),
		       "b a n=5 n=6 | x y z");
	expect_options(READ("a", "x", "y"), "| x y");
	expect_options(READ("a", "x", "-a", "-", "--all"), "a a | x -");
	expect_options(READ("-a", "x", "-a", "y"), "\1=x a \1=y |");
	expect_options(READ("a", "--", "x"), "| x");
}

CASE(arguments_are_read_twice)
{
	char *words[] = { "program", "x", "-a", "y", "-b", NULL };

	expect_options(read_options("ab", words), "a b | x y");
	expect_options(read_options("ab", words), "a b | x y");
	optind = 1;
	expect(getopt_long(5, words, "ab", options, NULL) == 'a');
	expect(getopt_long(5, words, "ab", options, NULL) == 'b');
	expect(getopt_long(5, words, "ab", options, NULL) == -1);
	expect(optind == 3);
}

CASE(a_beginning_is_enough_if_it_is_the_only_one)
{
	expect_options(READ("", "--al", "--na=x"), "a n=x |");
	expect_options(READ("", "--colo"), "c |");	/* or --colours */
	expect_options(READ("", "--col=x"), "? |");
}

CASE(a_flag_is_set_and_gives_zero)
{
	flag = 0;
	expect_options(READ("", "--flag"), "0 |");
	expect(flag == 7);
}

CASE(what_is_wrong_gives_a_question_mark_or_a_colon)
{
	expect_options(READ("a", "--unknown"), "? |");
	expect_options(READ("a", "-z"), "? |");
	expect_options(READ("", "--all=x"), "? |");
	expect_options(READ("", "--name"), "? |");
	expect_options(READ(":n:", "--name"), ": |");
	expect_options(READ(":n:", "-n"), ": |");
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
