/*
 * library.c - what the functions of the C library cost: per byte of a block of
 * 1,000 bytes, per line of 40 bytes, per element of 100,000.
 *
 * on Linux: i686
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define BYTES		1000
#define LINES		1000
#define ELEMENTS	100000
#define FILE_NAME	"/tmp/lines"

static const char line[] = "a line of text, as long as most lines \n";

/* The results go here, so that no call is left out. */
static volatile size_t result;

static char block[2 * BYTES], other[BYTES + 1];
static char *volatile at = block;	/* the compiler knows no size */
static char *volatile twin = other;

static void fill(void)
{
	memset(block, 'x', BYTES);
	memset(other, 'x', BYTES);
	block[BYTES] = other[BYTES] = '\0';
}

static void measure_length(void *unused)
{
	(void)unused;
	result = strlen(at);
}

static void look_for_byte(void *unused)
{
	(void)unused;
	result = memchr(at, 'y', BYTES) != NULL;
}

static void compare_blocks(void *unused)
{
	(void)unused;
	result = (size_t)memcmp(at, twin, BYTES);
}

static void compare_strings(void *unused)
{
	(void)unused;
	result = (size_t)strcmp(at, twin);
}

static void copy_block(void *unused)
{
	(void)unused;
	memcpy(twin, at, BYTES);
}

/* Towards the end of the block itself: the copy has to run from the end. */
static void move_block(void *unused)
{
	(void)unused;
	memmove(at + 40, at, BYTES);
}

static void set_block(void *unused)
{
	(void)unused;
	memset(at, 'x', BYTES);
}

static void bytes_row(const char *name, void (*operation)(void *))
{
	fill();
	report_share(name, measure(operation, NULL), BYTES);
}

static void strlen_row(const char *name)
{
	bytes_row(name, measure_length);
}

static void memchr_row(const char *name)
{
	bytes_row(name, look_for_byte);
}

static void memcmp_row(const char *name)
{
	bytes_row(name, compare_blocks);
}

static void strcmp_row(const char *name)
{
	bytes_row(name, compare_strings);
}

static void memcpy_row(const char *name)
{
	bytes_row(name, copy_block);
}

static void memmove_row(const char *name)
{
	bytes_row(name, move_block);
}

static void memset_row(const char *name)
{
	bytes_row(name, set_block);
}

static void put_lines(void *file)
{
	for (int i = 0; i < LINES; i++)
		fputs(line, file);
	fflush(file);
}

static void get_lines(void *file)
{
	static char buffer[100];

	while (fgets(buffer, sizeof(buffer), file))
		;
}

static void put_characters(void *file)
{
	for (int i = 0; i < LINES; i++)
		putc('x', file);
	fflush(file);
}

static void get_characters(void *file)
{
	for (int i = 0; i < LINES; i++)
		result += (size_t)getc(file);
}

/* With %d and %s, as most programs print. */
static void print_lines(void *file)
{
	for (int i = 0; i < LINES; i++)
		fprintf(file, "%s %d\n", "number", i);
	fflush(file);
}

static void go_back(void *file)
{
	rewind(file);
}

static void lines_row(const char *name, void (*operation)(void *))
{
	FILE *file = fopen(FILE_NAME, "w+");

	put_lines(file);
	report(name, measure_prepared(go_back, operation, file) / LINES);
	fclose(file);
	unlink(FILE_NAME);
}

static void fputs_row(const char *name)
{
	lines_row(name, put_lines);
}

static void fgets_row(const char *name)
{
	lines_row(name, get_lines);
}

static void putc_row(const char *name)
{
	lines_row(name, put_characters);
}

static void getc_row(const char *name)
{
	lines_row(name, get_characters);
}

static void fprintf_row(const char *name)
{
	lines_row(name, print_lines);
}

static int elements[ELEMENTS];

static int compare_ints(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

static void sort_elements(void *unused)
{
	(void)unused;
	qsort(elements, ELEMENTS, sizeof(elements[0]), compare_ints);
}

static void qsort_row(const char *name)
{
	unsigned seed = 1;

	for (int i = 0; i < ELEMENTS; i++) {
		seed = seed * 1103515245 + 12345;
		elements[i] = seed >> 1;
	}
	report(name, measure_once(sort_elements, NULL) / ELEMENTS);
}

static const struct row rows[] = {
	{ "strlen", strlen_row },
	{ "strcmp", strcmp_row },
	{ "memchr", memchr_row },
	{ "memcmp", memcmp_row },
	{ "memcpy", memcpy_row },
	{ "memmove", memmove_row },
	{ "memset", memset_row },
	{ "fputs", fputs_row },
	{ "fgets", fgets_row },
	{ "putc", putc_row },
	{ "getc", getc_row },
	{ "fprintf", fprintf_row },
	{ "qsort", qsort_row },
};

int main(int argc, char **argv)
{
	return run_rows_alone(rows, LENGTH(rows), argc, argv);
}
