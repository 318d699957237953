/*
 * mkdir.c - make directories.
 */
#include <err.h>
#include <errno.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
	"mkdir [-p] [-m MODE] DIRECTORY...\n"
	"Makes directories.\n"
	"  -m  with this mode, in octal (else 777 without the umask)\n"
	"  -p  and those above them; no error if it exists\n";

static bool parents;
static mode_t mode = 0777;

static int make_if_missing(const char *path, mode_t bits)
{
	struct stat status;

	if (mkdir(path, bits) == 0)
		return 0;
	if (errno != EEXIST || stat(path, &status) < 0)
		return -1;
	errno = EEXIST;
	return S_ISDIR(status.st_mode) ? 0 : -1;
}

/* Cuts the path at each slash in turn and makes the directory in front. */
static int make(char *path)
{
	if (!parents)
		return mkdir(path, mode);
	for (char *slash = path + 1; *path && *slash; slash++) {
		int result;

		if (*slash != '/')
			continue;
		*slash = '\0';
		result = make_if_missing(path, 0777);
		*slash = '/';
		if (result < 0)
			return -1;
	}
	return make_if_missing(path, mode);
}

int main(int argc, char **argv)
{
	int option;
	char *end;

	while ((option = getopt(argc, argv, "hm:p")) != -1)
		switch (option) {
		case 'm':
			umask(0);
			mode = strtoul(optarg, &end, 8);
			if (*end || mode > 07777)
				errx(2, "bad mode: '%s'", optarg);
			break;
		case 'p': parents = true; break;
		default: usage(option, help);
		}
	if (optind == argc)
		usage('?', help);
	return finish(for_each_name(argv + optind, make));
}
