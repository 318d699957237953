/*
 * ln.c - further names for files, and symbolic links.
 */
#include <err.h>
#include <program.h>
#include <unistd.h>

static const char help[] =
	"ln [-sf] FROM... TO\n"
	"Gives a file the further name TO, or a name in the directory TO.\n"
	"  -s  TO is a symbolic link, with the text FROM\n"
	"  -f  a file in the way is removed\n";

static int is_symbolic, is_forced;

static int make(const char *from, const char *to)
{
	if (is_forced)
		unlink(to);
	if ((is_symbolic ? symlink(from, to) : link(from, to)) == 0)
		return 0;
	warn("cannot link %s to %s", to, from);
	return 1;
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "hsf")) != -1)
		switch (option) {
		case 's':
			is_symbolic = 1;
			break;
		case 'f':
			is_forced = 1;
			break;
		default: usage(option, help);
		}
	if (argc - optind < 2)
		usage('?', help);
	return finish(for_each_source(argv + optind, make));
}
