/*
 * rm.c - remove files and trees.
 */
#include <err.h>
#include <errno.h>
#include <ftw.h>
#include <program.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"rm [-fr] FILE...\n"
	"Removes files.\n"
	"  -r  and directories with all that is in them\n"
	"  -f  no word about files that do not exist\n";

static bool force, recursive;
static int status;

static int remove_one(const char *path, const struct stat *file, int type,
		      struct FTW *where)
{
	(void)where;
	(void)file;
	if ((type == FTW_DP ? rmdir(path) : unlink(path)) < 0) {
		warn("%s", path);
		status = 1;
	}
	return 0;
}

/* Refuses the root, "." and "..": the caller still needs these directories. */
static bool is_refused(const char *path)
{
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	if (path[strspn(path, "/")] && strcmp(name, ".") && strcmp(name, ".."))
		return false;
	warnx("refusing to remove %s", path);
	return true;
}

static void remove_path(const char *path)
{
	struct stat file;
	int failed;

	if (is_refused(path)) {
		status = 1;
		return;
	}
	failed = lstat(path, &file);
	if (failed && force && errno == ENOENT)
		return;
	if (!failed && S_ISDIR(file.st_mode)) {
		errno = EISDIR;
		failed = recursive ? nftw(path, remove_one, 8,
					  FTW_DEPTH | FTW_PHYS) : -1;
	} else if (!failed) {
		failed = unlink(path);
	}
	if (failed) {
		warn("%s", path);
		status = 1;
	}
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "hRfr")) != -1)
		switch (option) {
		case 'R': case 'r': recursive = true; break;
		case 'f': force = true; break;
		default: usage(option, help);
		}
	argv += optind;
	if (!*argv && !force)
		usage('?', help);
	for (; *argv; argv++)
		remove_path(*argv);
	return finish(status);
}
