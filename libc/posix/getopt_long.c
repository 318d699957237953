/*
 * getopt_long.c - options by name, --like=this.
 *
 * Short options are left to getopt(). Arguments are not sorted: options end at
 * the first argument that is no option, as in POSIX. A name may be shortened as
 * long as only one option fits.
 */
#include <getopt.h>
#include <stdbool.h>
#include <string.h>

#include "libc/text.h"

static int complain(const char *short_options, const char *what,
	const char *option, int result)
{
	if (opterr && *short_options != ':')
		__text_error(__program_name(), ": ", what, " '", option, "'\n",
			NULL);
	return *short_options == ':' && result == ':' ? ':' : '?';
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
		several = found != NULL;
		found = options;
	}
	return several ? NULL : found;
}

int getopt_long(int argc, char *const argv[], const char *short_options,
	const struct option *long_options, int *index)
{
	const char *argument = optind > 0 && optind < argc ? argv[optind]
		: NULL;
	const struct option *option;
	size_t n;

	if (!argument || strncmp(argument, "--", 2) != 0 || !argument[2])
		return getopt(argc, argv, short_options);
	optind++;
	optopt = 0;
	n = strcspn(argument + 2, "=");
	option = find(argument + 2, n, long_options);
	if (!option)
		return complain(short_options, "unknown option", argument,
			'?');
	optarg = NULL;
	if (argument[2 + n] == '=')
		optarg = (char *)argument + 2 + n + 1;
	optopt = option->val;
	if (optarg && option->has_arg == no_argument)
		return complain(short_options, "option takes no argument",
			argument, '?');
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
