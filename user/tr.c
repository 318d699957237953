/*
 * tr.c - translate, delete or squeeze characters.
 *
 * A typed set ("a-z[:digit:]\n") is expanded into the list of its characters;
 * the rest of the program works on the two lists.
 */
#include <err.h>
#include <program.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"tr [-c] [-s] SET1 SET2 | tr -d [-c] SET1 | tr -s [-c] SET1\n"
	"Turns each character of SET1 into the one of SET2 at its place.\n"
	"  -c  SET1 is every character but those named\n"
	"  -d  delete the characters of SET1\n"
	"  -s  print a run of the same character of the last set once\n"
	"A set has characters, a-z, [:class:], \\n \\t \\\\ \\NNN (octal).\n";

struct list {
	unsigned char chars[4096];
	int count;
};

static void add(struct list *list, int c)
{
	if (list->count == sizeof(list->chars))
		errx(2, "a set is too long");
	list->chars[list->count++] = c;
}

/* Adds a class named at text. Returns the characters used, or 0. */
static size_t add_class(struct list *list, const char *text)
{
	size_t length = strlen(text);
	int (*holds)(int c) = character_class(text, &length);

	if (!holds)
		return 0;
	for (int c = 0; c < 256; c++)
		if (holds(c))
			add(list, c);
	return length;
}

/* Reads a character, plain or after a backslash, and moves *text on. */
static int read_character(const char **text)
{
	static const char names[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
	const char *name;
	int value = 0;

	if (**text != '\\' || !(*text)[1])
		return (unsigned char)*(*text)++;
	++*text;
	if (**text >= '0' && **text <= '7') {
		for (int i = 0; i < 3 && **text >= '0' && **text <= '7'; i++)
			value = value * 8 + *(*text)++ - '0';
		return value & 0xff;
	}
	name = strchr(names, **text);
	value = (unsigned char)*(*text)++;
	return name ? values[name - names] : value;
}

static void expand(struct list *list, const char *text)
{
	while (*text) {
		size_t length = add_class(list, text);
		int first, last;

		text += length;
		if (length)
			continue;
		first = last = read_character(&text);
		if (text[0] == '-' && text[1]) {
			text++;
			last = read_character(&text);
		}
		if (last < first)
			errx(2, "a range runs backwards: '%c-%c'", first, last);
		for (; first <= last; first++)
			add(list, first);
	}
}

static void complement(struct list *list)
{
	bool named[256] = { false };

	for (int i = 0; i < list->count; i++)
		named[list->chars[i]] = true;
	list->count = 0;
	for (int c = 0; c < 256; c++)
		if (!named[c])
			add(list, c);
}

static struct list from, to;
static unsigned char map[256];
static bool kept[256], squeezed[256];

static void fill_tables(bool translate, bool delete, bool squeeze)
{
	const struct list *last_set = translate ? &to : &from;

	for (int c = 0; c < 256; c++) {
		map[c] = c;
		kept[c] = true;
	}
	/* A short SET2 is stretched with its last character. */
	for (int i = 0; i < from.count; i++)
		if (delete)
			kept[from.chars[i]] = false;
		else if (translate)
			map[from.chars[i]] = to.chars[i < to.count ? i :
						      to.count - 1];
	for (int i = 0; squeeze && i < last_set->count; i++)
		squeezed[last_set->chars[i]] = true;
}

/* Translates a piece where it lies; the result is its new length. *last is the
   character before the piece, or EOF. */
static size_t translate_piece(unsigned char *piece, size_t bytes, int *last)
{
	unsigned char *put = piece;
	int before = *last;

	for (const unsigned char *c = piece; c < piece + bytes; c++) {
		int next = map[*c];

		if (!kept[*c] || (next == before && squeezed[next]))
			continue;
		*put++ = next;
		before = next;
	}
	*last = before;
	return put - piece;
}

/* What a pipe or terminal has now, and not a whole piece, is translated at
   once. */
static void copy_translated(void)
{
	static unsigned char piece[16384];
	int last = EOF;
	ssize_t bytes;

	while ((bytes = read(0, piece, sizeof(piece))) > 0) {
		size_t left = translate_piece(piece, bytes, &last);

		fwrite(piece, 1, left, stdout);
	}
	if (bytes < 0)
		err(1, "standard input");
}

int main(int argc, char **argv)
{
	bool delete = false, squeeze = false, complemented = false;
	int option;

	while ((option = getopt(argc, argv, "hcCds")) != -1)
		switch (option) {
		case 'c': case 'C': complemented = true; break;
		case 'd': delete = true; break;
		case 's': squeeze = true; break;
		default: usage(option, help);
		}
	argc -= optind;
	argv += optind;
	if (argc < 1 || argc > 2 || (argc == 1 && !delete && !squeeze) ||
	    (argc == 2 && delete && !squeeze))
		usage('?', help);
	expand(&from, argv[0]);
	if (complemented)
		complement(&from);
	if (argc == 2)
		expand(&to, argv[1]);
	if (argc == 2 && !delete && to.count == 0)
		errx(2, "SET2 is empty");
	fill_tables(argc == 2, delete, squeeze);
	copy_translated();
	return finish(0);
}
