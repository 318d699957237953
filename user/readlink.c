/*
 * readlink.c - print the text of symbolic links, or paths without links.
 */
#include <err.h>
#include <limits.h>
#include <program.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char help[] =
	"readlink [-f] PATH...\n"
	"Prints the text of symbolic links.\n"
	"  -f  the absolute path of each file, without links\n";

static int is_full;

static int show(char *path)
{
	char text[PATH_MAX];
	ssize_t length;

	if (is_full) {
		if (!realpath(path, text))
			return -1;
		return puts(text) < 0 ? -1 : 0;
	}
	length = readlink(path, text, sizeof(text));
	if (length < 0)
		return -1;
	printf("%.*s\n", (int)length, text);
	return 0;
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "hf")) != -1)
		switch (option) {
		case 'f':
			is_full = 1;
			break;
		default: usage(option, help);
		}
	if (optind == argc)
		usage('?', help);
	return finish(for_each_name(argv + optind, show));
}
