/*
 * tty.c - print the name of the terminal at standard input.
 */
#include <program.h>
#include <stdbool.h>
#include <unistd.h>

static const char help[] =
	"tty [-s]\n"
	"Prints the name of the terminal. Status 1: it is none.\n"
	"  -s  only the status\n";

int main(int argc, char **argv)
{
	bool silent = false;
	const char *name;
	int option;

	while ((option = getopt(argc, argv, "hs")) != -1)
		switch (option) {
		case 's': silent = true; break;
		default: usage(option, help);
		}
	name = ttyname(STDIN_FILENO);
	if (!silent)
		puts(name ? name : "not a tty");
	return finish(name ? 0 : 1);
}
