/*
 * getopt.c - options of the command line, one letter each.
 *
 * __getopt_next points into the argument whose letters are being taken: -ab is
 * -a -b.
 */
#include <string.h>
#include <unistd.h>

#include "libc/internal.h"
#include "libc/text.h"

char *optarg;
int opterr = 1, optind = 1, optopt;
const char *__getopt_next = "";

static int complain(const char *options, const char *what)
{
	char letter[2] = { (char)optopt, '\0' };

	if (opterr && *options != ':')
		__text_error(__program_name(), ": ", what, " -- '", letter,
			"'\n", NULL);
	return '?';
}

int getopt(int argc, char *const argv[], const char *options)
{
	const char *known;

	if (optind == 0) {	/* begin again, as GNU and BSD programs ask */
		optind = 1;
		__getopt_next = "";
	}
	options += strspn(options, "+-");	/* see getopt_long.c */
	if (*__getopt_next == '\0') {
		const char *argument = optind < argc ? argv[optind] : NULL;

		if (!argument || argument[0] != '-' || argument[1] == '\0')
			return -1;
		optind++;
		if (strcmp(argument, "--") == 0)
			return -1;
		__getopt_next = argument + 1;
	}
	optarg = NULL;
	optopt = (unsigned char)*__getopt_next++;
	known = optopt == ':' ? NULL
		: strchr(options + (*options == ':'), optopt);
	if (!known)
		return complain(options, "unknown option");
	if (known[1] != ':')
		return optopt;

	if (*__getopt_next != '\0') {		/* -ovalue */
		optarg = (char *)__getopt_next;
		__getopt_next = "";
		return optopt;
	}
	if (known[2] == ':')		/* "o::": may do without */
		return optopt;
	if (optind >= argc) {
		complain(options, "option needs an argument");
		return *options == ':' ? ':' : '?';
	}
	optarg = argv[optind++];
	return optopt;
}
