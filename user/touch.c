/*
 * touch.c - set the times of files to now, and make them if they are missing.
 */
#include <errno.h>
#include <fcntl.h>
#include <program.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
	"touch [-c] FILE...\n"
	"Sets the times of the files to now; makes those that do not exist.\n"
	"  -c  make none\n";

static bool create = true;

static int touch(char *path)
{
	int fd;

	if (utimensat(AT_FDCWD, path, NULL, 0) == 0)
		return 0;
	if (errno != ENOENT)
		return -1;
	if (!create)
		return 0;
	fd = open(path, O_WRONLY | O_CREAT, 0666);
	return fd < 0 ? -1 : close(fd);
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "hc")) != -1)
		switch (option) {
		case 'c': create = false; break;
		default: usage(option, help);
		}
	if (optind == argc)
		usage('?', help);
	return finish(for_each_name(argv + optind, touch));
}
