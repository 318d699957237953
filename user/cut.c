/*
 * cut.c - print parts of each line.
 *
 * The list "2,4-6,9-" becomes one flag per position, and a flag for all
 * positions behind the last named position.
 */
#include <ctype.h>
#include <err.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"cut -c LIST | -f LIST [-d CHARACTER] [-s] [FILE...]\n"
	"Prints the characters (-c) or fields (-f) of each line that LIST\n"
	"names.\n"
	"  -d  fields end with this character (else: tab)\n"
	"  -s  leave out lines without a separator\n"
	"LIST is numbers and ranges from 1 on: 2,4-6,9-\n";

#define POSITIONS 4096

static bool wanted[POSITIONS + 1];
static bool wanted_behind;	/* all from POSITIONS on */
static char separator = '\t';
static bool separated_only;

static bool is_wanted(size_t position)
{
	return position < POSITIONS ? wanted[position] : wanted_behind;
}

static void read_list(const char *list)
{
	while (*list) {
		char *end = (char *)list;
		unsigned long first = 1, last;

		if (!isdigit((unsigned char)*list) && *list != '-')
			errx(2, "bad list of positions");
		if (*list != '-')
			first = strtoul(list, &end, 10);
		last = first;
		if (*end == '-') {
			list = end + 1;
			last = strtoul(list, &end, 10);
			if (end == list)
				last = POSITIONS;
		}
		if (first == 0 || last < first || first > POSITIONS ||
		    (*end && *end != ',') || (*end && !end[1]))
			errx(2, "bad list of positions");
		if (last >= POSITIONS)
			wanted_behind = true;
		for (; first <= last && first <= POSITIONS; first++)
			wanted[first] = true;
		list = *end ? end + 1 : end;
	}
}

static void print_characters(char *line, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (is_wanted(i + 1))
			putchar(line[i]);
	putchar('\n');
}

static void print_fields(char *line, size_t length)
{
	bool printed = false;

	(void)length;
	if (!strchr(line, separator)) {
		if (!separated_only)
			puts(line);
		return;
	}
	for (size_t field = 1; line; field++) {
		char *end = strchr(line, separator);
		int bytes = end ? end - line : (int)strlen(line);

		if (is_wanted(field)) {
			if (printed)
				putchar(separator);
			printf("%.*s", bytes, line);
			printed = true;
		}
		line = end ? end + 1 : NULL;
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	void (*print)(char *line, size_t length) = NULL;
	int option;

	while ((option = getopt(argc, argv, "hb:c:d:f:s")) != -1)
		switch (option) {
		case 'b': case 'c': case 'f':
			if (print)
				usage('?', help);
			print = option == 'f' ? print_fields : print_characters;
			read_list(optarg);
			break;
		case 'd':
			if (strlen(optarg) != 1)
				errx(2, "the separator is one character");
			separator = *optarg;
			break;
		case 's': separated_only = true; break;
		default: usage(option, help);
		}
	if (!print)
		usage('?', help);
	return finish(for_each_line(argv + optind, print));
}
