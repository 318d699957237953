/*
 * ps.c - list the tasks of the system.
 *
 * ps reads /proc/tasks: a header, then a line per task, with fields separated
 * by tabs.
 */
#include <err.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"ps [PID...]\n"
	"Lists all tasks, or these: process, parent, group, state, priority,\n"
	"seconds used in user mode and in the kernel, memory in KiB, name,\n"
	"and what it waits for.\n";

enum field { PID, PPID, PGID, STATE, PRIO, USER, KERNEL, PAGES, WAITS_FOR, NAME,
	FIELDS };

static bool is_wanted(const char *pid, char **wanted)
{
	if (!*wanted)
		return true;
	for (; *wanted; wanted++)
		if (strcmp(pid, *wanted) == 0)
			return true;
	return false;
}

static void print_seconds(const char *ns)
{
	long long ms = strtoll(ns, NULL, 10) / 1000000;

	printf(" %5lld.%03lld", ms / 1000, ms % 1000);
}

static void print_task(char **field)
{
	printf("%5s %5s %5s %-8s %4s", field[PID], field[PPID], field[PGID],
	       field[STATE], field[PRIO]);
	print_seconds(field[USER]);
	print_seconds(field[KERNEL]);
	printf(" %6ld %-12s %s\n", strtol(field[PAGES], NULL, 10) *
	       (sysconf(_SC_PAGESIZE) / 1024), field[NAME], field[WAITS_FOR]);
}

int main(int argc, char **argv)
{
	char *line = NULL, *field[FIELDS];
	bool found = false;
	size_t size = 0;
	int option;
	FILE *tasks;

	while ((option = getopt(argc, argv, "hAaefx")) != -1)
		if (option == 'h' || option == '?')
			usage(option, help);
	tasks = fopen("/proc/tasks", "r");
	if (!tasks || getline(&line, &size, tasks) < 0)
		err(1, "/proc/tasks");
	printf("%5s %5s %5s %-8s %4s %9s %9s %6s %-12s %s\n", "PID", "PPID",
	       "PGID", "STATE", "PRIO", "USER", "KERNEL", "KIB", "NAME",
	       "WAITS FOR");
	while (getline(&line, &size, tasks) > 0) {
		if (split_fields(line, field, FIELDS) < FIELDS ||
		    !is_wanted(field[PID], argv + optind))
			continue;
		print_task(field);
		found = true;
	}
	free(line);
	fclose(tasks);
	return finish(found ? 0 : 1);
}
