/*
 * echo.c - print the arguments.
 *
 * POSIX leaves options and backslashes of echo to each system. Here -n (no
 * newline) is the only option, and backslashes are plain characters. printf
 * does the rest.
 */
#include <program.h>
#include <stdbool.h>
#include <string.h>

static const char help[] =
	"echo [-n] [WORD...]\n"
	"Prints the words with a blank between them and a newline at the end.\n"
	"  -n  no newline\n"
	"echo -h with nothing else prints this; see also printf.\n";

int main(int argc, char **argv)
{
	bool newline = true;

	if (argc == 2 && strcmp(argv[1], "-h") == 0)
		usage('h', help);
	argv++;
	if (*argv && strcmp(*argv, "-n") == 0) {
		newline = false;
		argv++;
	}
	for (; *argv; argv++)
		printf("%s%s", *argv, argv[1] ? " " : "");
	if (newline)
		putchar('\n');
	return finish(0);
}
