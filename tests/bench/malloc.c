/*
 * malloc.c - the cost of the C library's malloc().
 *
 * on Linux: i686
 */
#include <stdlib.h>

#include "tests/bench/bench.h"

static void allocate(void *bytes)
{
	void *volatile block = malloc(*(size_t *)bytes);

	free(block);
}

static void malloc_64_row(const char *name)
{
	size_t bytes = 64;

	report(name, measure(allocate, &bytes));
}

static void malloc_1m_row(const char *name)
{
	size_t bytes = 1 << 20;

	report(name, measure(allocate, &bytes));
}

static const struct row rows[] = {
	{ "malloc-64", malloc_64_row },
	{ "malloc-1m", malloc_1m_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
