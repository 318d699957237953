/*
 * mv.c - rename files, or move them into another directory.
 *
 * The file does not move: rename() gives the file a new name. rename() cannot
 * cross file systems; there the file is copied and removed.
 */
#include <err.h>
#include <errno.h>
#include <program.h>
#include <unistd.h>

static const char help[] =
	"mv [-f] FROM... TO\n"
	"Renames a file to TO, or moves files into the directory TO.\n"
	"  -f  as always: what is in the way is replaced\n";

static int move(const char *from, const char *to)
{
	char *copy[] = { "cp", "-rp", "--", (char *)from, (char *)to, NULL };
	char *remove[] = { "rm", "-rf", "--", (char *)from, NULL };

	if (rename(from, to) == 0)
		return 0;
	if (errno == EXDEV)
		return run(copy) || run(remove);
	warn("cannot move %s to %s", from, to);
	return 1;
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "hf")) != -1)
		if (option != 'f')
			usage(option, help);
	if (argc - optind < 2)
		usage('?', help);
	return finish(for_each_source(argv + optind, move));
}
