/*
 * mount.c - put file systems into the tree, or list them.
 *
 * A line of /etc/fstab has four words: the source, the directory, the type, and
 * the options `rw` or `ro`.
 */
#include <err.h>
#include <program.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static const char help[] =
	"mount [-ar] [-t TYPE] [[SOURCE] DIRECTORY]\n"
	"Puts the file system of a source into the tree, at a directory.\n"
	"With no directory: lists the file systems of the tree.\n"
	"  -t  the type (else memory)\n"
	"  -r  read only    -a  all lines of /etc/fstab\n"
	"A directory alone is looked up in /etc/fstab.\n";

static int put(const char *source, const char *directory, const char *type,
	       bool is_read_only)
{
	if (mount(source, directory, type, is_read_only ? MS_RDONLY : 0,
		  NULL) == 0)
		return 0;
	warn("%s at %s", source, directory);
	return 1;
}

static int list(void)
{
	char line[1200];
	FILE *file = fopen("/proc/mounts", "r");

	if (!file)
		err(1, "/proc/mounts");
	while (fgets(line, sizeof(line), file))
		fputs(line, stdout);
	fclose(file);
	return 0;
}

/* The line of /etc/fstab with this directory; NULL: all lines. */
static int put_lines(const char *directory)
{
	char line[1200], source[200], at[800], type[100], options[100];
	FILE *file = fopen("/etc/fstab", "r");
	int status = 0, count = 0;

	if (!file)
		err(1, "/etc/fstab");
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%199s %799s %99s %99s", source, at, type,
			   options) != 4 || source[0] == '#' ||
		    (directory && strcmp(directory, at)))
			continue;
		count++;
		status |= put(source, at, type, strcmp(options, "ro") == 0);
	}
	fclose(file);
	if (directory && count == 0)
		errx(1, "%s is not in /etc/fstab", directory);
	return status;
}

int main(int argc, char **argv)
{
	const char *type = "memory";
	bool all = false, is_read_only = false;
	int option;

	while ((option = getopt(argc, argv, "hart:")) != -1)
		switch (option) {
		case 'a': all = true; break;
		case 'r': is_read_only = true; break;
		case 't': type = optarg; break;
		default: usage(option, help);
		}
	argv += optind;
	argc -= optind;
	if (argc > 2 || (all && argc > 0))
		usage('?', help);
	if (argc == 2)
		return finish(put(argv[0], argv[1], type, is_read_only));
	return finish(all || argc == 1 ? put_lines(argv[0]) : list());
}
