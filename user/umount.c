/*
 * umount.c - take file systems out of the tree.
 */
#include <program.h>
#include <sys/mount.h>

static const char help[] =
	"umount DIRECTORY...\n"
	"Takes file systems out of the tree. All their files must be closed.\n";

static int take(char *path)
{
	return umount(path);
}

int main(int argc, char **argv)
{
	char **names = parse_no_options(argc, argv, help);

	if (!*names)
		usage('?', help);
	return finish(for_each_name(names, take));
}
