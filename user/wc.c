/*
 * wc.c - count lines, words and bytes.
 */
#include <ctype.h>
#include <program.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
	"wc [-clw] [FILE...]\n"
	"Counts newlines, words and bytes of the files or of standard input.\n"
	"  -c  bytes  -l  lines  -w  words (all three, unless one is named)\n";

struct counts {
	long long lines, words, bytes;
};

static struct counts total;
static bool want_lines, want_words, want_bytes;
static int width = 1;

static void print(const struct counts *counts, const char *name)
{
	const char *blank = "";

	if (want_lines)
		printf("%*lld", width, counts->lines), blank = " ";
	if (want_words)
		printf("%s%*lld", blank, width, counts->words), blank = " ";
	if (want_bytes)
		printf("%s%*lld", blank, width, counts->bytes);
	printf(name ? " %s\n" : "\n", name);
}

static void count(FILE *file, const char *name)
{
	struct counts counts = { 0 };
	bool in_word = false;
	int c;

	while ((c = getc(file)) != EOF) {
		counts.bytes++;
		counts.lines += c == '\n';
		if (isspace(c)) {
			in_word = false;
		} else if (isgraph(c) && !in_word) {
			counts.words++;
			in_word = true;
		}
	}
	total.lines += counts.lines;
	total.words += counts.words;
	total.bytes += counts.bytes;
	print(&counts, strcmp(name, "-") == 0 ? NULL : name);
}

/*
 * The width of the columns is needed before the first count is known: no count
 * is larger than the length of all files together. A pipe or a terminal has no
 * known length.
 */
static int column_width(char **names)
{
	long long bytes = 0;
	int digits = 1, least = 1;
	struct stat status;

	do {
		if (*names ? stat(*names, &status) : fstat(0, &status))
			continue;
		if (!S_ISREG(status.st_mode))
			least = 7;
		bytes += status.st_size;
	} while (*names && *++names);
	while (bytes /= 10)
		digits++;
	return digits > least ? digits : least;
}

int main(int argc, char **argv)
{
	int option, status;

	while ((option = getopt(argc, argv, "hclw")) != -1)
		switch (option) {
		case 'c': want_bytes = true; break;
		case 'l': want_lines = true; break;
		case 'w': want_words = true; break;
		default: usage(option, help);
		}
	argv += optind;
	if (!want_lines && !want_words && !want_bytes)
		want_lines = want_words = want_bytes = true;
	if (want_lines + want_words + want_bytes > 1 || (*argv && argv[1]))
		width = column_width(argv);
	status = for_each_file(argv, count);
	if (*argv && argv[1])
		print(&total, "total");
	return finish(status);
}
