/*
 * nl.c - number lines.
 */
#include <limits.h>
#include <program.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"nl [-b a|t|n] [-i STEP] [-s TEXT] [-v FIRST] [-w WIDTH] [FILE...]\n"
	"Prints the files with a number in front of each line.\n"
	"  -b  which lines: a(ll), t (those that are not empty), n(one)\n"
	"  -s  between number and line (else a tab)\n";

static char which = 't';
static const char *separator = "\t";
static long number = 1, step = 1;
static int width = 6;

static void print(char *line, size_t length)
{
	if (which == 'a' || (which == 't' && length > 0)) {
		printf("%*ld%s", width, number, separator);
		number += step;
	} else {
		printf("%*s", width + (int)strlen(separator), "");
	}
	puts(line);
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "hb:i:s:v:w:")) != -1)
		switch (option) {
		case 'b':
			which = *optarg;
			if (!strchr("atn", which) || strlen(optarg) != 1)
				usage('?', help);
			break;
		case 'i':
			step = parse_number(optarg, INT_MIN, INT_MAX, "step");
			break;
		case 's': separator = optarg; break;
		case 'v':
			number = parse_number(optarg, INT_MIN, INT_MAX,
					      "number");
			break;
		case 'w': width = parse_number(optarg, 1, 64, "width"); break;
		default: usage(option, help);
		}
	return finish(for_each_line(argv + optind, print));
}
