/*
 * sort.c - sort lines.
 *
 * All input is read, then sorted, then written: sort must have seen the last
 * line before the first output.
 */
#include "user/sort/sort.h"

#include <err.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"sort [-bcfnrsu] [-k KEY]... [-t CHARACTER] [-o OUTPUT] [FILE...]\n"
	"Prints the lines of all files in order.\n"
	"  -n  by number       -r  the other way round  -f  fold case\n"
	"  -u  equal ones once -s  equal ones as they came\n"
	"  -b  without blanks in front   -c  only check, status 1 if unsorted\n"
	"  -k  FIELD[.CHAR][bfnr][,FIELD[.CHAR][bfnr]], counted from 1\n"
	"  -t  fields are separated by this character  -o  write to a file\n";

static char **lines;
static size_t line_count;

static void add_line(char *line, size_t length)
{
	lines = grow(lines, line_count, sizeof(*lines));
	lines[line_count++] = need(strndup(line, length));
}

static int check_order(bool unique)
{
	for (size_t i = 1; i < line_count; i++) {
		int order = compare_lines(lines[i - 1], lines[i]);

		if (order < 0 || (order == 0 && !unique))
			continue;
		warnx("line %zu is out of order: %s", i + 1, lines[i]);
		return 1;
	}
	return 0;
}

static void print_lines(bool unique)
{
	const char *previous = NULL;

	for (size_t i = 0; i < line_count; i++) {
		if (unique && previous &&
		    compare_lines(previous, lines[i]) == 0)
			continue;
		previous = lines[i];
		puts(previous);
	}
}

int main(int argc, char **argv)
{
	bool unique = false, check = false;
	const char *output = NULL;
	int option;

	while ((option = getopt(argc, argv, "hbcfk:no:rst:u")) != -1)
		switch (option) {
		case 'b': case 'f': case 'n': case 'r':
			set_ordering(option);
			break;
		case 'c': check = true; break;
		case 'k': add_key(optarg); break;
		case 'o': output = optarg; break;
		case 's': set_keys_only(); break;
		case 't':
			if (strlen(optarg) != 1)
				errx(2, "the separator is one character");
			set_separator(*optarg);
			break;
		case 'u':
			unique = true;
			set_keys_only();
			break;
		default: usage(option, help);
		}
	if (for_each_line(argv + optind, add_line))
		return 2;
	if (check)
		return check_order(unique);
	merge_sort(lines, line_count);
	if (output && !freopen(output, "w", stdout))
		err(2, "%s", output);
	print_lines(unique);
	return finish(0) ? 2 : 0;
}
