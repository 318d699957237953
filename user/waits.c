/*
 * waits.c - show every waiting task: the object, the time, the tasks that could
 * end the wait.
 *
 * A table of /proc/waits with readable times. `why` tells the same about a
 * single task in words, and follows the chain.
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
	printf("%5s %-12s %-6s %-30s %9s %9s %s\n", "PID", "NAME", "EVENT",
	       "OBJECT", "SINCE", "UNTIL", "ENDERS");
	while (getline(&line, &size, waits) > 0) {
		if (split_fields(line, field, FIELDS) < FIELDS)
			continue;
		printf("%5s %-12s %-6s %-30s", field[PID], field[NAME],
		       field[EVENT], field[OBJECT]);
		print_seconds(field[SINCE]);
		print_seconds(field[UNTIL]);
		printf(" %s\n", field[ENDERS]);
	}
	free(line);
	fclose(waits);
	return finish(0);
}
