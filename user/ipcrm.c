/*
 * ipcrm.c - take the name of an IPC object away.
 *
 * The object itself lives until the last program that uses it has gone; who
 * asks for the name afterwards gets a new one.
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
