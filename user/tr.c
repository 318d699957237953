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

int main(int argc, char **argv)
{
	bool delete = false, squeeze = false, complemented = false;
	bool deleted[256] = { false }, squeezed[256] = { false };
	unsigned char map[256];
	int option, c, last = EOF;
	const struct list *last_set;

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

	for (c = 0; c < 256; c++)
		map[c] = c;
	/* A short SET2 is stretched with its last character. */
	for (int i = 0; i < from.count; i++)
		if (delete)
			deleted[from.chars[i]] = true;
		else if (argc == 2)
			map[from.chars[i]] = to.chars[i < to.count ? i :
						      to.count - 1];
	last_set = argc == 2 ? &to : &from;
	for (int i = 0; squeeze && i < last_set->count; i++)
		squeezed[last_set->chars[i]] = true;

	while ((c = getchar()) != EOF) {
		if (deleted[c])
			continue;
		c = map[c];
		if (c == last && squeezed[c])
			continue;
		putchar(c);
		last = c;
	}
	if (ferror(stdin))
		err(1, "standard input");
	return finish(0);
}
