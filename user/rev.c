/*
 * rev.c - print each line backwards.
 */
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

static const char help[] =
	"rev [FILE...]\n"
	"Prints each line with its last character first.\n";

static void reverse(FILE *file, const char *name)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	(void)name;
	while ((length = getline(&line, &size, file)) > 0) {
		bool newline = line[length - 1] == '\n';

		for (length -= newline; length > 0; length--)
			putchar(line[length - 1]);
		if (newline)
			putchar('\n');
	}
	free(line);
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "h")) != -1)
		usage(option, help);
	return finish(for_each_file(argv + optind, reverse));
}
