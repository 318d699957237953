/*
 * chmod.c - change the mode of files.
 *
 * A symbolic mode is a list such as u+x,go-w: user classes, operation, and
 * bits. The list is applied to the present mode of each file.
 */
#include <err.h>
#include <ftw.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"chmod [-R] MODE FILE...\n"
	"Sets the mode of the files: in octal, or as [ugoa][+-=][rwxX],...\n"
	"  -R  and of all below\n";

static const char *mode_text;
static int status;

/* The bits of u, g, o, a. */
static mode_t read_who(const char **text)
{
	mode_t who = 0;

	for (; **text && strchr("ugoa", **text); ++*text)
		switch (**text) {
		case 'u': who |= 0700; break;
		case 'g': who |= 0070; break;
		case 'o': who |= 0007; break;
		case 'a': who |= 0777; break;
		}
	return who;
}

/* X is x for directories, and for files with an execute bit. */
static mode_t read_bits(const char **text, mode_t mode)
{
	mode_t bits = 0;

	for (; **text && strchr("rwxX", **text); ++*text)
		switch (**text) {
		case 'r': bits |= 0444; break;
		case 'w': bits |= 0222; break;
		case 'x': bits |= 0111; break;
		case 'X':
			if (S_ISDIR(mode) || mode & 0111)
				bits |= 0111;
			break;
		}
	return bits;
}

static mode_t apply_symbolic(const char *text, mode_t mode)
{
	do {
		mode_t who = read_who(&text);

		if (!who) {
			mode_t mask = umask(0);

			umask(mask);
			who = 0777 & ~mask;
		}
		do {
			char action = *text;
			mode_t bits;

			if (!action || !strchr("+-=", action))
				errx(2, "bad mode: '%s'", mode_text);
			text++;
			bits = read_bits(&text, mode) & who;
			if (action == '=')
				mode &= ~who;
			mode = action == '-' ? mode & ~bits : mode | bits;
		} while (*text && *text != ',');
	} while (*text++ == ',');
	return mode & 07777;
}

static mode_t apply(mode_t mode)
{
	char *end;
	mode_t octal = strtoul(mode_text, &end, 8);

	if (*mode_text >= '0' && *mode_text <= '7') {
		if (*end || octal > 07777)
			errx(2, "bad mode: '%s'", mode_text);
		return octal;
	}
	return apply_symbolic(mode_text, mode);
}

static int change(char *path)
{
	struct stat file;

	if (stat(path, &file) < 0)
		return -1;
	return chmod(path, apply(file.st_mode));
}

static int change_visited(const char *path, const struct stat *file, int type,
			  struct FTW *where)
{
	(void)where;
	(void)type;
	if (chmod(path, apply(file->st_mode)) < 0) {
		warn("%s", path);
		status = 1;
	}
	return 0;
}

static int change_tree(char *path)
{
	return nftw(path, change_visited, 8, FTW_PHYS);
}

int main(int argc, char **argv)
{
	bool recursive = false;

	/* A mode such as -w looks like an option, so no getopt() here. */
	for (argv++; *argv && **argv == '-'; argv++)
		if (strcmp(*argv, "-R") == 0)
			recursive = true;
		else if (strcmp(*argv, "-h") == 0)
			usage('h', help);
		else
			break;
	if (argc < 3 || !argv[0] || !argv[1])
		usage('?', help);
	mode_text = *argv++;
	return finish(for_each_name(argv, recursive ? change_tree : change) |
		      status);
}
