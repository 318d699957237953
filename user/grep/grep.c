/*
 * grep.c - print the lines that match a pattern.
 */
#include "user/grep/regex.h"

#include <err.h>
#include <ftw.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"grep [-EFHcilnoqrsvwx] PATTERN [FILE...] | grep ... -e PATTERN...\n"
	"Prints the lines that match one of the patterns (one a line).\n"
	"  -E  extended expressions: ( ) { } | + ? need no backslash\n"
	"  -F  plain text          -e  a pattern\n"
	"  -i  ignore case         -v  lines that do not match\n"
	"  -w  whole words only    -x  whole lines only\n"
	"  -c  only count          -l  only file names   -q  only the status\n"
	"  -n  with line numbers   -H  with file names   -o  only the match\n"
	"  -r  whole directories   -s  no word about unreadable files\n"
	"Status: 0 if a line was found, 1 if not, 2 after an error.\n";

static enum syntax syntax = BASIC;
static int flags;
static bool invert, counting, names_only, quiet, numbered, match_only;
static bool with_names, recursive, silent;
static struct regex *patterns[64];
static size_t pattern_count;
static bool found, failed;

static void add_patterns(const char *text)
{
	const char *end;

	do {
		end = strchr(text, '\n');
		if (pattern_count == sizeof(patterns) / sizeof(patterns[0]))
			errx(2, "too many patterns");
		patterns[pattern_count++] = regex_compile(text,
			end ? (size_t)(end - text) : strlen(text), syntax,
			flags);
		text = end ? end + 1 : NULL;
	} while (text);
}

/* The leftmost match of any pattern; of several, the longest. */
static bool find(const char *text, size_t length, size_t from, size_t *start,
		 size_t *end)
{
	bool any = false;

	for (size_t i = 0; i < pattern_count; i++) {
		size_t s, e;

		if (!regex_find(patterns[i], text, length, from, &s, &e))
			continue;
		if (!any || s < *start || (s == *start && e > *end)) {
			*start = s;
			*end = e;
		}
		any = true;
	}
	return any;
}

static void print_prefix(const char *name, long number)
{
	if (with_names)
		printf("%s:", name);
	if (numbered)
		printf("%ld:", number);
}

static void print_line(const char *name, long number, const char *line,
		       size_t length)
{
	size_t start, end = 0;

	if (!match_only) {
		print_prefix(name, number);
		fwrite(line, 1, length, stdout);
		putchar('\n');
		return;
	}
	for (size_t from = 0; !invert && from <= length &&
	     find(line, length, from, &start, &end);
	     from = end > start ? end : end + 1) {
		if (end == start)
			continue;
		print_prefix(name, number);
		fwrite(line + start, 1, end - start, stdout);
		putchar('\n');
	}
}

static void grep(FILE *file, const char *name)
{
	char *line = NULL;
	size_t size = 0, start, end;
	ssize_t length;
	long number = 0, count = 0;

	if (strcmp(name, "-") == 0)
		name = "(standard input)";
	while ((length = getline(&line, &size, file)) > 0) {
		number++;
		length -= line[length - 1] == '\n';
		if (find(line, length, 0, &start, &end) == invert)
			continue;
		count++;
		found = true;
		if (quiet || names_only)
			break;
		if (!counting)
			print_line(name, number, line, length);
	}
	free(line);
	if (names_only && count)
		puts(name);
	else if (counting && !quiet && !names_only) {
		if (with_names)
			printf("%s:", name);
		printf("%ld\n", count);
	}
}

static int visit(const char *path, const struct stat *status, int type,
		 struct FTW *where)
{
	char *names[] = { (char *)path, NULL };

	(void)status;
	(void)where;
	if (type == FTW_F && for_each_file(names, grep))
		failed = true;
	if (type == FTW_DNR || type == FTW_NS) {
		warn("%s", path);
		failed = true;
	}
	return 0;
}

static void search(char **names)
{
	static char *here[] = { ".", NULL };

	if (!recursive) {
		if (for_each_file(names, grep))
			failed = true;
		return;
	}
	for (names = *names ? names : here; *names; names++)
		if (nftw(*names, visit, 8, FTW_PHYS) < 0) {
			warn("%s", *names);
			failed = true;
		}
}

int main(int argc, char **argv)
{
	const char *given[64];
	size_t given_count = 0;
	int option;

	while ((option = getopt(argc, argv, "hEFHce:ilnoqrsvwx")) != -1)
		switch (option) {
		case 'E': syntax = EXTENDED; break;
		case 'F': syntax = FIXED; break;
		case 'H': with_names = true; break;
		case 'c': counting = true; break;
		case 'e':
			if (given_count == sizeof(given) / sizeof(given[0]))
				errx(2, "too many patterns");
			given[given_count++] = optarg;
			break;
		case 'i': flags |= IGNORE_CASE; break;
		case 'l': names_only = true; break;
		case 'n': numbered = true; break;
		case 'o': match_only = true; break;
		case 'q': quiet = true; break;
		case 'r': recursive = with_names = true; break;
		case 's': silent = true; break;
		case 'v': invert = true; break;
		case 'w': flags |= WHOLE_WORD; break;
		case 'x': flags |= WHOLE_LINE; break;
		default: usage(option, help);
		}
	argv += optind;
	if (given_count == 0) {
		if (!*argv)
			usage('?', help);
		given[given_count++] = *argv++;
	}
	for (size_t i = 0; i < given_count; i++)
		add_patterns(given[i]);
	if (argv[0] && argv[1])
		with_names = true;
	if (silent && !freopen("/dev/null", "w", stderr))
		err(2, "/dev/null");
	search(argv);
	if (finish(0) || (failed && !(quiet && found)))
		return 2;
	return found ? 0 : 1;
}
