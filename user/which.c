/*
 * which.c - find programs by name, as the shell would.
 */
#include <limits.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
	"which [-a] NAME...\n"
	"Prints the path of the program that each name stands for.\n"
	"  -a  and of those that it hides\n";

static bool print_if_program(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0 || !S_ISREG(status.st_mode) ||
	    access(path, X_OK) < 0)
		return false;
	puts(path);
	return true;
}

/* Returns whether there is such a program. */
static bool search(const char *name, const char *path, bool all)
{
	bool found = false;

	if (strchr(name, '/'))
		return print_if_program(name);
	while (path && (all || !found)) {
		int length = strcspn(path, ":");
		char file[PATH_MAX];

		snprintf(file, sizeof(file), "%.*s/%s", length ? length : 1,
			 length ? path : ".", name);
		if (print_if_program(file))
			found = true;
		path = path[length] ? path + length + 1 : NULL;
	}
	return found;
}

int main(int argc, char **argv)
{
	const char *path = getenv("PATH");
	int option, status = 0;
	bool all = false;

	while ((option = getopt(argc, argv, "ha")) != -1)
		switch (option) {
		case 'a': all = true; break;
		default: usage(option, help);
		}
	argv += optind;
	if (!*argv)
		usage('?', help);
	for (; *argv; argv++)
		if (!search(*argv, path ? path : "/bin", all))
			status = 1;
	return finish(status);
}
