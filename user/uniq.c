/*
 * uniq.c - print each run of equal lines once.
 */
#include <ctype.h>
#include <err.h>
#include <limits.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char help[] =
	"uniq [-cdiu] [-f FIELDS] [-s CHARACTERS] [INPUT [OUTPUT]]\n"
	"Prints one of each run of equal lines that follow one another.\n"
	"  -c  print how many there were  -d  only repeated lines\n"
	"  -u  only unrepeated lines      -i  upper and lower case are equal\n"
	"  -f, -s  skip so many fields and characters before comparing\n";

static bool counted, ignore_case, hide_single, hide_repeated;
static int skip_fields, skip_characters;

/* The part of the line to compare. */
static const char *significant(const char *line)
{
	for (int i = 0; i < skip_fields && *line; i++) {
		line += strspn(line, " \t");
		line += strcspn(line, " \t\n");
	}
	for (int i = 0; i < skip_characters && *line; i++)
		line++;
	return line;
}

static bool are_equal(const char *a, const char *b)
{
	a = significant(a);
	b = significant(b);
	return (ignore_case ? strcasecmp(a, b) : strcmp(a, b)) == 0;
}

/* The run of the last lines. */
static char *first;
static long count;

static void print_run(void)
{
	if (count == 0 || (count == 1 && hide_single) ||
	    (count > 1 && hide_repeated))
		return;
	if (counted)
		printf("%7ld ", count);
	puts(first);
}

static void add_line(char *line, size_t length)
{
	if (count && are_equal(line, first)) {
		count++;
		return;
	}
	print_run();
	free(first);
	first = need(strndup(line, length));
	count = 1;
}

int main(int argc, char **argv)
{
	int option, status;

	while ((option = getopt(argc, argv, "hcdf:is:u")) != -1)
		switch (option) {
		case 'c': counted = true; break;
		case 'd': hide_single = true; break;
		case 'f':
			skip_fields = parse_number(optarg, 0, INT_MAX, "count");
			break;
		case 'i': ignore_case = true; break;
		case 's':
			skip_characters = parse_number(optarg, 0, INT_MAX,
						       "count");
			break;
		case 'u': hide_repeated = true; break;
		default: usage(option, help);
		}
	argv += optind;
	if (argv[0] && argv[1]) {
		if (argv[2])
			usage('?', help);
		if (!freopen(argv[1], "w", stdout))
			err(1, "%s", argv[1]);
		argv[1] = NULL;
	}
	status = for_each_line(argv, add_line);
	print_run();
	return finish(status);
}
