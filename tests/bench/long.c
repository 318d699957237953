/*
 * long.c - programs of many million instructions, each measured once: wc, tr
 * and cmp per byte of a text, sort of its 100,000 lines.
 *
 * on Linux: i686
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define LINES	100000
#define TEXT	"/tmp/text"
#define TWIN	"/tmp/twin"
#define OUT	"/tmp/out"

/* A file of lines in no order; the result is its length. */
static long write_text(const char *path)
{
	FILE *file = fopen(path, "w");
	unsigned seed = 1;
	long bytes;
	int i;

	for (i = 0; i < LINES; i++) {
		seed = seed * 1103515245 + 12345;
		fprintf(file, "%u line %d\n", seed >> 8, i);
	}
	bytes = ftell(file);
	fclose(file);
	return bytes;
}

/* The text is the standard input. */
static void run(void *argv)
{
	char **words = argv;
	pid_t pid = fork();

	if (pid == 0) {
		dup2(open(TEXT, O_RDONLY), 0);
		dup2(open(OUT, O_WRONLY | O_CREAT | O_TRUNC, 0600), 1);
		execv(words[0], words);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

static void byte_row(const char *name, char **argv)
{
	long bytes = write_text(TEXT);

	write_text(TWIN);
	report_share(name, measure_once(run, argv), bytes);
	unlink(TEXT);
	unlink(TWIN);
	unlink(OUT);
}

static void wc_row(const char *name)
{
	static char *argv[] = { "/bin/wc", TEXT, NULL };

	byte_row(name, argv);
}

static void tr_row(const char *name)
{
	static char *argv[] = { "/bin/tr", "a-z", "A-Z", NULL };

	byte_row(name, argv);
}

static void cmp_row(const char *name)
{
	static char *argv[] = { "/bin/cmp", TEXT, TWIN, NULL };

	byte_row(name, argv);
}

static void sort_row(const char *name)
{
	static char *argv[] = { "/bin/sort", TEXT, NULL };

	write_text(TEXT);
	report(name, measure_once(run, argv));
	unlink(TEXT);
	unlink(OUT);
}

static const struct row rows[] = {
	{ "wc", wc_row },
	{ "tr", tr_row },
	{ "cmp", cmp_row },
	{ "sort", sort_row },
};

int main(int argc, char **argv)
{
	return run_rows_alone(rows, LENGTH(rows), argc, argv);
}
