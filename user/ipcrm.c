/*
 * ipcrm.c - remove the name of an IPC object.
 *
 * The object lives until the last program has closed the object. A program that
 * opens the name afterwards gets a new object.
 */
#include <err.h>
#include <program.h>
#include <stdio.h>
#include <unistd.h>

static const char help[] =
	"ipcrm KIND/NAME...\n"
	"Removes names under /ipc, such as mqueue/jobs; `ls /ipc/*` lists\n"
	"them.\n";

static int remove_name(char *name)
{
	char *path = join_path("/ipc", name);

	return unlink(path);
}

int main(int argc, char **argv)
{
	char **names = parse_no_options(argc, argv, help);

	if (!*names)
		usage('?', help);
	return finish(for_each_name(names, remove_name));
}
