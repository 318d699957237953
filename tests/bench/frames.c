/*
 * frames.c - the frames of memory of a small process, and of all processes.
 *
 * only: parley
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

/* A number of /proc/meminfo. */
static long count_of(const char *what)
{
	FILE *file = fopen("/proc/meminfo", "r");
	size_t length = strlen(what);
	char line[128];
	long count = -1;

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, what, length) == 0 && line[length] == ':')
			count = atol(line + length + 1);
	if (file)
		fclose(file);
	return count;
}

/* Start a process that runs a small program and sleeps. */
static pid_t start_sleeper(void)
{
	static char *argv[] = { "sleep", "1000", NULL };
	pid_t pid = fork();

	if (pid == 0) {
		execv("/bin/sleep", argv);
		_exit(127);
	}
	usleep(10000);
	return pid;
}

static void process_row(const char *name)
{
	pid_t first, second;
	long free;

	count_of("frames-free");	/* the first time brings pages in */
	first = start_sleeper();
	free = count_of("frames-free");
	second = start_sleeper();
	report(name, free - count_of("frames-free"));
	kill(first, SIGKILL);
	kill(second, SIGKILL);
	waitpid(first, NULL, 0);
	waitpid(second, NULL, 0);
}

static void all_row(const char *name)
{
	static const char *const uses[] = {
		"frames-heap", "frames-stack", "frames-table", "frames-user",
		"frames-file", "frames-buffer",
	};
	uint64_t total = 0;
	int i;

	for (i = 0; i < LENGTH(uses); i++)
		total += count_of(uses[i]);
	report(name, total);
}

static const struct row rows[] = {
	{ "frames-all", all_row },
	{ "frames-process", process_row },
};

int main(int argc, char **argv)
{
	return run_rows_alone(rows, LENGTH(rows), argc, argv);
}
