/*
 * rev.c - print each line backwards.
 */
#include <program.h>

static const char help[] =
	"rev [FILE...]\n"
	"Prints each line with its last character first.\n";

static void print_reversed(char *line, size_t length)
{
	while (length > 0)
		putchar(line[--length]);
	putchar('\n');
}

int main(int argc, char **argv)
{
	argv = parse_no_options(argc, argv, help);
	return finish(for_each_line(argv, print_reversed));
}
