/*
 * bench.h - count the instructions of an operation, exactly.
 *
 * Under -icount the time-stamp counter counts guest instructions. The cost of
 * an operation is the difference of two readings, less the cost of an empty
 * operation called in the same way. The median of the samples leaves out the
 * few samples with a timer interrupt.
 *
 * A program is a table of rows. The program prints `bench ROW VALUE` for each
 * row, or only for the rows named by its arguments; tests/bench/budgets holds
 * the highest allowed cost of a row. tools/profile knows a sample by the calls
 * of cycles(), which come in pairs, the first pair around the empty operation.
 *
 * With the argument -w the rows are measured in the worst usual case, and the
 * program prints `worst ROW VALUE`: see worst.h.
 *
 * The sources are POSIX, so `make bench-linux` counts the same on Linux. A
 * file for Parley alone says `only: parley` in its opening comment. A file
 * about the C library says `on Linux: i686`, and runs there with the code of
 * that machine, and with the programs of busybox for that machine.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/worst.h"

#define SAMPLES	31
#define LENGTH(array)	(sizeof(array) / sizeof((array)[0]))

struct row {
	const char *name;
	void (*run)(const char *name);
};

/* Instructions since the machine started. */
static __attribute__((noinline)) uint64_t cycles(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high) :: "memory");
	return (uint64_t)high << 32 | low;
}

/* One call of the operation, with the cost of the measurement. In the worst
 * usual case the caller uses the FPU afterwards: a part of the cost. */
static __attribute__((noinline)) uint64_t sample(void (*operation)(void *),
						 void *argument)
{
	uint64_t start = cycles();

	operation(argument);
	use_fpu();
	return cycles() - start;
}

static __attribute__((noinline)) void do_nothing(void *unused)
{
	(void)unused;
	__asm__ volatile("");
}

static int compare_samples(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/*
 * The median cost of operation(argument) in instructions. Before each sample,
 * outside of it, comes prepare(argument).
 */
static inline uint64_t measure_prepared(void (*prepare)(void *),
					void (*operation)(void *),
					void *argument)
{
	uint64_t samples[SAMPLES], empty;
	int i;

	sample(do_nothing, NULL);	/* plain TCG translates the code now */
	empty = sample(do_nothing, NULL);
	prepare(argument);
	operation(argument);		/* the first time brings pages in */
	for (i = 0; i < SAMPLES; i++) {
		prepare(argument);
		samples[i] = sample(operation, argument) - empty;
	}
	qsort(samples, SAMPLES, sizeof(samples[0]), compare_samples);
	return samples[SAMPLES / 2];
}

static inline uint64_t measure(void (*operation)(void *), void *argument)
{
	return measure_prepared(do_nothing, operation, argument);
}

/* The cost of one long operation, without a first time. */
static inline uint64_t measure_once(void (*operation)(void *), void *argument)
{
	uint64_t empty;

	sample(do_nothing, NULL);
	empty = sample(do_nothing, NULL);
	return sample(operation, argument) - empty;
}

static inline const char *kind_of_figure(void)
{
	return is_worst ? "worst" : "bench";
}

static inline void report(const char *name, uint64_t value)
{
	printf("%s %s %llu\n", kind_of_figure(), name,
	       (unsigned long long)value);
	fflush(stdout);
}

/* How much more an operation costs beside many than beside few, per unit of the
 * operation; the expected answer is 0. A row with the mark `search` may grow by
 * a share of the cost beside few. */
static inline void report_growth(const char *name, uint64_t few, uint64_t many,
				 int units)
{
	printf("few %s %lld\n", name, (long long)few / units);
	printf("bench %s %lld\n", name, (long long)(many - few) / units);
	fflush(stdout);
}

static inline void report_difference(const char *name, uint64_t first,
				     uint64_t second)
{
	report_growth(name, first, second, 1);
}

/* A value with two decimals: total / units. */
static inline void report_share(const char *name, uint64_t total,
				uint64_t units)
{
	uint64_t hundredths = (total * 100 + units / 2) / units;

	printf("%s %s %llu.%02llu\n", kind_of_figure(), name,
	       (unsigned long long)(hundredths / 100),
	       (unsigned long long)(hundredths % 100));
	fflush(stdout);
}

/* The system has no such operation. */
static inline void report_missing(const char *name)
{
	printf("bench %s missing\n", name);
	fflush(stdout);
}

static inline int is_wanted(const char *name, int argc, char **argv)
{
	int i;

	for (i = 1 + is_worst; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return 1;
	return argc < 2 + is_worst;
}

static inline int run_rows(const struct row *rows, int count, int argc,
			   char **argv)
{
	int i;

	is_worst = argc > 1 && strcmp(argv[1], "-w") == 0;
	if (is_worst)
		start_worst();
	for (i = 0; i < count; i++) {
		if (!is_wanted(rows[i].name, argc, argv))
			continue;
		rows[i].run(rows[i].name);
		stop_neighbours(1);	/* the task of lower priority stays */
	}
	stop_neighbours(0);
	return 0;
}

/* The same for rows without a worst usual case: -w measures nothing. */
static inline int run_rows_alone(const struct row *rows, int count, int argc,
				 char **argv)
{
	if (argc > 1 && strcmp(argv[1], "-w") == 0)
		return 0;
	return run_rows(rows, count, argc, argv);
}
