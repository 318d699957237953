/*
 * env.c - print the environment, or run a program with a changed environment.
 */
#include <err.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"env [-i] [-u NAME]... [NAME=VALUE...] [PROGRAM [ARGUMENT...]]\n"
	"Runs the program with these variables; without one, prints them all.\n"
	"  -i  with nothing but these   -u  without this one\n";

int main(int argc, char **argv)
{
	static char *nothing[] = { NULL };
	int option;

	while ((option = getopt(argc, argv, "+hiu:")) != -1)
		switch (option) {
		case 'i': environ = nothing; break;
		case 'u': unsetenv(optarg); break;
		default: usage(option, help);
		}
	for (argv += optind; *argv && strchr(*argv, '='); argv++)
		if (putenv(*argv) != 0)
			err(1, "%s", *argv);
	if (*argv)
		execute(argv);
	for (char **variable = environ; *variable; variable++)
		puts(*variable);
	return finish(0);
}
