/*
 * long.c - operations of many million instructions, measured once: qsort() of
 * 100,000 numbers, wc for a byte, sort of 100,000 lines.
 *
 * only: parley
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define LINES	100000
#define ELEMENTS	100000

static int elements[ELEMENTS];

static long text_bytes;

/* A file of lines in no order. */
static void write_text(void)
{
	FILE *file = fopen("/tmp/text", "w");
	unsigned seed = 1;
	int i;

	for (i = 0; i < LINES; i++) {
		seed = seed * 1103515245 + 12345;
		fprintf(file, "%u line %d\n", seed >> 8, i);
	}
	text_bytes = ftell(file);
	fclose(file);
}

static void run(void *argv)
{
	char **words = argv;
	pid_t pid = fork();

	if (pid == 0) {
		dup2(open("/tmp/out", O_WRONLY | O_CREAT | O_TRUNC, 0600), 1);
		execv(words[0], words);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

static void wc_row(const char *name)
{
	static char *argv[] = { "/bin/wc", "/tmp/text", NULL };

	write_text();
	report_share(name, measure_once(run, argv), text_bytes);
	unlink("/tmp/text");
	unlink("/tmp/out");
}

static void sort_row(const char *name)
{
	static char *argv[] = { "/bin/sort", "/tmp/text", NULL };

	write_text();
	report(name, measure_once(run, argv));
	unlink("/tmp/text");
	unlink("/tmp/out");
}

static int compare_ints(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

static void shuffle(void)
{
	unsigned seed = 1;
	int i;

	for (i = 0; i < ELEMENTS; i++) {
		seed = seed * 1103515245 + 12345;
		elements[i] = seed >> 1;
	}
}

static void sort_elements(void *unused)
{
	(void)unused;
	qsort(elements, ELEMENTS, sizeof(elements[0]), compare_ints);
}

static void qsort_row(const char *name)
{
	shuffle();
	report(name, measure_once(sort_elements, NULL) / ELEMENTS);
}

static const struct row rows[] = {
	{ "qsort", qsort_row },
	{ "wc", wc_row },
	{ "sort", sort_row },
};

int main(int argc, char **argv)
{
	return run_rows_alone(rows, LENGTH(rows), argc, argv);
}
