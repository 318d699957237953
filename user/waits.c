/*
 * waits.c - show every task that waits: for what, since when, for whom.
 *
 * A table of /proc/waits with times that can be read. `why` tells the same of
 * one task in words, and follows the chain.
 */
#include <err.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"waits\n"
	"Lists the tasks that wait: on which object, for which event, since\n"
	"and until when (in seconds after the start), and who could end it.\n";

enum field { PID, NAME, KIND, OBJECT, EVENT, SINCE, UNTIL, ENDERS, FIELDS };

static void print_seconds(const char *ns)
{
	long long ms = strtoll(ns, NULL, 10) / 1000000;

	if (strcmp(ns, "-") == 0)
		printf(" %9s", ns);
	else
		printf(" %5lld.%03lld", ms / 1000, ms % 1000);
}

int main(int argc, char **argv)
{
	char *line = NULL, *field[FIELDS];
	size_t size = 0;
	FILE *waits;

	parse_no_options(argc, argv, help);
	waits = fopen("/proc/waits", "r");
	if (!waits || getline(&line, &size, waits) < 0)
		err(1, "/proc/waits");
	printf("%5s %-12s %-8s %-16s %-8s %9s %9s %s\n", "PID", "NAME", "KIND",
	       "OBJECT", "EVENT", "SINCE", "UNTIL", "ENDERS");
	while (getline(&line, &size, waits) > 0) {
		if (split_fields(line, field, FIELDS) < FIELDS)
			continue;
		printf("%5s %-12s %-8s %-16s %-8s", field[PID], field[NAME],
		       field[KIND], field[OBJECT], field[EVENT]);
		print_seconds(field[SINCE]);
		print_seconds(field[UNTIL]);
		printf(" %s\n", field[ENDERS]);
	}
	free(line);
	fclose(waits);
	return finish(0);
}
