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

/* What a byte does to the word before: nothing, end it, go on with it. */
enum kind { OTHER, SPACE, WORD };
static unsigned char kinds[256];

static void learn_kinds(void)
{
	int c;

	for (c = 0; c < 256; c++)
		kinds[c] = isspace(c) ? SPACE : isgraph(c) ? WORD : OTHER;
}

/* Count a piece of a file; `last` is the kind before the piece. The result is
   the kind at its end. */
static enum kind count_piece(struct counts *counts, const unsigned char *byte,
			     size_t bytes, enum kind last)
{
	const unsigned char *end = byte + bytes;
	size_t lines = 0, words = 0;

	for (; byte < end; byte++) {
		enum kind kind = kinds[*byte];

		lines += *byte == '\n';
		if (kind == last || kind == OTHER)
			continue;
		words += kind == WORD;
		last = kind;
	}
	counts->bytes += bytes;
	counts->lines += lines;
	counts->words += words;
	return last;
}

static void count(FILE *file, const char *name)
{
	static unsigned char piece[16384];
	struct counts counts = { 0 };
	enum kind last = SPACE;
	size_t bytes;

	while ((bytes = fread(piece, 1, sizeof(piece), file)) > 0)
		last = count_piece(&counts, piece, bytes, last);
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
	learn_kinds();
	status = for_each_file(argv, count);
	if (*argv && argv[1])
		print(&total, "total");
	return finish(status);
}
