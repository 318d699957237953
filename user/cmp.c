/*
 * cmp.c - compare two files.
 */
#include <err.h>
#include <program.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"cmp [-ls] FILE1 FILE2\n"
	"Compares two files byte by byte and says where they first differ.\n"
	"  -l  print all differences: position, both bytes in octal\n"
	"  -s  only the status: 0 if equal, 1 if not, 2 after an error\n";

enum mode { FIRST, ALL, SILENT };

static FILE *open_file(const char *name)
{
	FILE *file = strcmp(name, "-") ? fopen(name, "r") : stdin;

	if (!file)
		err(2, "%s", name);
	return file;
}

/* Reads on. Ends the program after a failure: an error is no end of file. */
static int next_byte(FILE *file, const char *name)
{
	int c = getc(file);

	if (c == EOF && ferror(file))
		err(2, "%s", name);
	return c;
}

/* Returns whether the files are equal; prints differences as the mode says. */
static bool compare(FILE *files[2], char **names, enum mode mode)
{
	long position = 0, line = 1;
	bool equal = true;

	for (;;) {
		int a = next_byte(files[0], names[0]);
		int b = next_byte(files[1], names[1]);

		if (a == EOF && b == EOF)
			return equal;
		if (a == EOF || b == EOF) {
			if (mode != SILENT)
				warnx("%s ends after %ld bytes",
				      names[a != EOF], position);
			return false;
		}
		position++;
		if (a != b) {
			equal = false;
			if (mode == FIRST)
				printf("%s %s differ: char %ld, line %ld\n",
				       names[0], names[1], position, line);
			if (mode != ALL)
				return false;
			printf("%ld %o %o\n", position, a, b);
		}
		line += a == '\n';
	}
}

int main(int argc, char **argv)
{
	enum mode mode = FIRST;
	FILE *files[2];
	int option;
	bool equal;

	while ((option = getopt(argc, argv, "hls")) != -1)
		switch (option) {
		case 'l': mode = ALL; break;
		case 's': mode = SILENT; break;
		default: usage(option, help);
		}
	argv += optind;
	if (argc - optind != 2)
		usage('?', help);
	files[0] = open_file(argv[0]);
	files[1] = open_file(argv[1]);
	equal = compare(files, argv, mode);
	return finish(0) ? 2 : !equal;
}
