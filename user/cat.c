/*
 * cat.c - print files one after another.
 *
 * Without -n the bytes go through read() and write(), not through stdio. So
 * bytes from a pipe or a terminal are passed on at once, not when a buffer is
 * full.
 */
#include <err.h>
#include <program.h>
#include <stdbool.h>
#include <unistd.h>

static const char help[] =
	"cat [-nu] [FILE...]\n"
	"Prints the files (- or none: standard input) one after another.\n"
	"  -n  number the lines\n"
	"  -u  as always: nothing is held back\n";

static bool failed;

static void copy(FILE *file, const char *name)
{
	char buffer[16384];
	ssize_t bytes;

	while ((bytes = read(fileno(file), buffer, sizeof(buffer))) > 0)
		if (write_all(STDOUT_FILENO, buffer, bytes) < 0)
			err(1, "standard output");
	if (bytes < 0) {
		warn("%s", name);
		failed = true;
	}
}

static void number(FILE *file, const char *name)
{
	static int line, last = '\n';
	int c;

	(void)name;
	while ((c = getc(file)) != EOF) {
		if (last == '\n')
			printf("%6d\t", ++line);
		putchar(c);
		last = c;
	}
}

int main(int argc, char **argv)
{
	bool numbered = false;
	int option;

	while ((option = getopt(argc, argv, "hnu")) != -1)
		switch (option) {
		case 'n': numbered = true; break;
		case 'u': break;
		default: usage(option, help);
		}
	if (for_each_file(argv + optind, numbered ? number : copy))
		failed = true;
	return finish(failed);
}
