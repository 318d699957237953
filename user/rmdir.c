/*
 * rmdir.c - remove empty directories.
 */
#include <program.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"rmdir [-p] DIRECTORY...\n"
	"Removes empty directories.\n"
	"  -p  then those above them: rmdir -p a/b/c is rmdir a/b/c a/b a\n";

static bool parents;

/* Shortens a path to the directory above. Returns false if there is none. */
static bool go_up(char *path)
{
	size_t length = strlen(path);

	while (length && path[length - 1] == '/')
		length--;
	while (length && path[length - 1] != '/')
		length--;
	while (length && path[length - 1] == '/')
		length--;
	path[length] = '\0';
	return length > 0;
}

static int remove_directory(char *path)
{
	do {
		if (rmdir(path) < 0)
			return -1;
	} while (parents && go_up(path));
	return 0;
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "hp")) != -1)
		switch (option) {
		case 'p': parents = true; break;
		default: usage(option, help);
		}
	if (optind == argc)
		usage('?', help);
	return finish(for_each_name(argv + optind, remove_directory));
}
