/*
 * du.c - the room that files take, by directory.
 *
 * A file with several names counts once.
 */
#include <dirent.h>
#include <err.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
	"du [-as] [PATH...]\n"
	"Shows the room that each directory takes with all below, in KiB.\n"
	"  -a  each file, too\n"
	"  -s  only the paths themselves\n";

static bool shows_files, shows_sums;

/* The files with several names that were counted. */
static struct stat *seen;
static size_t seen_count;
static int status;

static bool is_counted(const struct stat *file)
{
	for (size_t i = 0; i < seen_count; i++)
		if (seen[i].st_ino == file->st_ino &&
		    seen[i].st_dev == file->st_dev)
			return true;
	seen = grow(seen, seen_count, sizeof(*seen));
	seen[seen_count++] = *file;
	return false;
}

static void show(unsigned long long blocks, const char *path)
{
	printf("%llu\t%s\n", (blocks + 1) / 2, path);
}

static unsigned long long measure(const char *path, bool is_named);

static unsigned long long measure_inside(const char *path)
{
	DIR *directory = opendir(path);
	unsigned long long blocks = 0;
	struct dirent *entry;
	char *inside;

	if (!directory) {
		warn("%s", path);
		status = 1;
		return 0;
	}
	while ((entry = readdir(directory)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		inside = join_path(path, entry->d_name);
		blocks += measure(inside, false);
		free(inside);
	}
	closedir(directory);
	return blocks;
}

/* The blocks of 512 bytes of the file and all below. is_named: the path is an
 * argument. */
static unsigned long long measure(const char *path, bool is_named)
{
	struct stat file;
	unsigned long long blocks;

	if (lstat(path, &file) < 0) {
		warn("%s", path);
		status = 1;
		return 0;
	}
	if (!S_ISDIR(file.st_mode) && file.st_nlink > 1 && is_counted(&file))
		return 0;
	blocks = file.st_blocks;
	if (S_ISDIR(file.st_mode))
		blocks += measure_inside(path);
	if (is_named || (S_ISDIR(file.st_mode) ? !shows_sums : shows_files))
		show(blocks, path);
	return blocks;
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "hask")) != -1)
		switch (option) {
		case 'a':
			shows_files = true;
			break;
		case 's':
			shows_sums = true;
			break;
		case 'k':		/* always so */
			break;
		default: usage(option, help);
		}
	if (shows_files && shows_sums)
		usage('?', help);
	argv += optind;
	if (!*argv)
		measure(".", true);
	while (*argv)
		measure(*argv++, true);
	return finish(status);
}
