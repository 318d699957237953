/*
 * printf.c - print words by a format, for programs that start programs.
 *
 * The shell has printf as a builtin. env, xargs and find need a program. This
 * program runs the builtin of the shell, so both commands have the same
 * meaning.
 */
#include <err.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"printf FORMAT [WORD...]\n"
	"Prints the words as FORMAT says: %s %b %c %d %i %o %u %x %X %%\n"
	"with flags, width and precision, and \\n \\t \\\\ \\NNN (octal).\n";

int main(int argc, char **argv)
{
	/* $0 and, in "$@", our own arguments. */
	char *start[] = { "sh", "-c", "printf \"$@\"", argv[0] };
	char **words = need(calloc(argc + 4, sizeof(*words)));

	if (argc == 2 && strcmp(argv[1], "-h") == 0)
		usage('h', help);
	if (argc < 2)
		usage('?', help);
	memcpy(words, start, sizeof(start));
	memcpy(words + 4, argv + 1, argc * sizeof(*argv));
	execv("/bin/sh", words);
	err(127, "/bin/sh");
}
