/*
 * getopt_long.c - options by name, --like=this.
 *
 * Short options are left to getopt(). A name may be shortened as long as only
 * one option fits. Words between the options move behind the options, so that
 * the words come last:
 *
 *	... x y --all -n 5 ...		two words, then two options were read
 *	    ^   ^          ^
 *	first   words      optind
 *	word	end
 *
 * At the next argument, the options read since move in front of the words.
 * A '+' in front of the letters ends the options at the first word, as in
 * POSIX. A '-' there makes each word the argument of an option with the
 * value 1.
 */
#include <getopt.h>
#include <stdbool.h>
#include <string.h>

#include "libc/internal.h"
#include "libc/text.h"

static int first_word = 1, words_end = 1;

static int complain(const char *short_options, const char *what,
	const char *option, int result)
{
	if (opterr && *short_options != ':')
		__text_error(__program_name(), ": ", what, " '", option, "'\n",
			NULL);
	return *short_options == ':' && result == ':' ? ':' : '?';
}

static bool is_same(const struct option *a, const struct option *b)
{
	return a->has_arg == b->has_arg && a->flag == b->flag &&
		a->val == b->val;
}

/* The option that the first n bytes of name mean; NULL if none or several. */
static const struct option *find(const char *name, size_t n,
	const struct option *options)
{
	const struct option *found = NULL;
	bool several = false;

	for (; options->name; options++) {
		if (strncmp(options->name, name, n) != 0)
			continue;
		if (strlen(options->name) == n)
			return options;
		several = several || (found && !is_same(found, options));
		found = options;
	}
	return several ? NULL : found;
}

static void reverse(char **at, int count)
{
	char *last;

	for (; count > 1; at++, count -= 2) {
		last = at[count - 1];
		at[count - 1] = at[0];
		at[0] = last;
	}
}

/* Exchange the words with the options that were read behind them. */
static void exchange(char **argv)
{
	int options = optind - words_end;

	reverse(argv + first_word, words_end - first_word);
	reverse(argv + words_end, options);
	reverse(argv + first_word, optind - first_word);
	first_word += options;
	words_end = optind;
}

static bool is_word(const char *argument)
{
	return argument[0] != '-' || argument[1] == '\0';
}

/* Go to the next option; without one, to the first word. */
static void pass_words(int argc, char **argv, bool may_move)
{
	/* The program begins anew? */
	if (optind == 0 || optind < words_end) {
		optind = optind ? optind : 1;
		first_word = words_end = optind;
	}
	exchange(argv);
	while (may_move && optind < argc && is_word(argv[optind]))
		optind++;
	words_end = optind;
	if (optind == argc)
		optind = first_word;
}

/* The argument "--" ends the options; the words before come behind it. */
static int end_options(char **argv)
{
	optind++;
	exchange(argv);
	optind -= words_end - first_word;
	return -1;
}

int getopt_long(int argc, char *const argv[], const char *short_options,
	const struct option *long_options, int *index)
{
	bool may_move = *short_options != '+' && *short_options != '-';
	const struct option *option;
	const char *argument;
	size_t n;

	if (optind == 0)
		__getopt_next = "";
	if (*__getopt_next != '\0')
		return getopt(argc, argv, short_options);
	pass_words(argc, (char **)argv, may_move);
	argument = optind < argc ? argv[optind] : "";
	if (*short_options == '-' && optind < argc && is_word(argument)) {
		optarg = argv[optind++];
		return 1;
	}
	if (strncmp(argument, "--", 2) != 0)
		return getopt(argc, argv, short_options);
	if (!argument[2])
		return end_options((char **)argv);
	short_options += strspn(short_options, "+-");
	optind++;
	optopt = 0;
	n = strcspn(argument + 2, "=");
	optarg = NULL;
	option = find(argument + 2, n, long_options);
	if (!option)
		return complain(short_options, "unknown option", argument,
			'?');
	optopt = option->val;
	if (argument[2 + n] == '=' && option->has_arg == no_argument)
		return complain(short_options, "option takes no argument",
			argument, '?');
	if (argument[2 + n] == '=')
		optarg = (char *)argument + 2 + n + 1;
	if (!optarg && option->has_arg == required_argument) {
		if (optind >= argc)
			return complain(short_options,
				"option needs an argument", argument, ':');
		optarg = argv[optind++];
	}
	if (index)
		*index = (int)(option - long_options);
	if (!option->flag)
		return option->val;
	*option->flag = option->val;
	return 0;
}
