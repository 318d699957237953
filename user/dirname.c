/*
 * dirname.c - print the directory part of a path.
 */
#include <libgen.h>
#include <program.h>
#include <unistd.h>

static const char help[] =
	"dirname PATH...\n"
	"Prints each path without its last component.\n";

int main(int argc, char **argv)
{
	argv = parse_no_options(argc, argv, help);
	if (!*argv)
		usage('?', help);
	for (; *argv; argv++)
		puts(dirname(*argv));
	return finish(0);
}
