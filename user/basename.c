/*
 * basename.c - print the last component of a path.
 */
#include <libgen.h>
#include <program.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"basename PATH [SUFFIX]\n"
	"Prints the last component of the path, without the suffix.\n";

int main(int argc, char **argv)
{
	int length;
	char *name;

	argv = parse_no_options(argc, argv, help);
	argc -= optind;
	if (argc < 1 || argc > 2)
		usage('?', help);
	name = basename(argv[0]);
	length = strlen(name);
	if (argc == 2) {
		int rest = length - strlen(argv[1]);

		if (rest > 0 && strcmp(name + rest, argv[1]) == 0)
			length = rest;
	}
	printf("%.*s\n", length, name);
	return finish(0);
}
