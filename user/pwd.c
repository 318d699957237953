/*
 * pwd.c - print the working directory.
 */
#include <err.h>
#include <limits.h>
#include <program.h>
#include <unistd.h>

static const char help[] =
	"pwd [-LP]\n"
	"Prints the path of the working directory.\n";

int main(int argc, char **argv)
{
	char path[PATH_MAX];
	int option;

	while ((option = getopt(argc, argv, "hLP")) != -1)
		if (option == 'h' || option == '?')
			usage(option, help);
	if (!getcwd(path, sizeof(path)))
		err(1, "the working directory");
	puts(path);
	return finish(0);
}
