/*
 * ipcs.c - show all objects through which programs communicate.
 *
 * A table of /proc/ipc: pipes, FIFOs, mailboxes, queues, locks with waiting
 * threads. The names of objects stand under /ipc; ipcrm removes a name.
 */
#include <err.h>
#include <program.h>
#include <stdlib.h>

static const char help[] =
	"ipcs\n"
	"Lists what programs talk through: how many can read and write it,\n"
	"who sleeps on it, what is in it.\n";

enum field { ID, KIND, NAME, READERS, WRITERS, WAITING, STATE, FIELDS };

int main(int argc, char **argv)
{
	char *line = NULL, *field[FIELDS];
	size_t size = 0;
	FILE *ipc;

	parse_no_options(argc, argv, help);
	ipc = fopen("/proc/ipc", "r");
	if (!ipc)
		err(1, "/proc/ipc");
	while (getline(&line, &size, ipc) > 0) {
		if (split_fields(line, field, FIELDS) < FIELDS)
			continue;
		printf("%5s %-30s %7s %7s  %-10s %s\n", field[ID],
		       field[NAME], field[READERS], field[WRITERS],
		       field[WAITING], field[STATE]);
	}
	free(line);
	fclose(ipc);
	return finish(0);
}
