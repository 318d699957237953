/*
 * bench.h - count the instructions of an operation, exactly.
 *
 * Under -icount the time-stamp counter counts guest instructions, so a cost is
 * the difference of two readings minus that of an empty pair. The median of a
 * few samples leaves out the one that a timer interrupt fell into. Prints
 * `bench NAME VALUE`, which tools/bench compares with the budget of NAME.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SAMPLES	31

static inline uint64_t cycles(void)
{
	uint64_t now;

	__asm__ volatile("rdtsc" : "=A"(now) :: "memory");
	return now;
}

static int compare_samples(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static inline uint64_t median(uint64_t *samples)
{
	qsort(samples, SAMPLES, sizeof(samples[0]), compare_samples);
	return samples[SAMPLES / 2];
}

/* The median cost of operation(argument), in instructions. */
static inline uint64_t measure(void (*operation)(void *), void *argument)
{
	uint64_t samples[SAMPLES], empty, start;
	int i;

	start = cycles();
	empty = cycles() - start;
	operation(argument);		/* the first time brings pages in */
	for (i = 0; i < SAMPLES; i++) {
		start = cycles();
		operation(argument);
		samples[i] = cycles() - start - empty;
	}
	return median(samples);
}

static inline void report(const char *name, uint64_t value)
{
	printf("bench %s %llu\n", name, (unsigned long long)value);
}

/* A value with two decimals: total / units. */
static inline void report_share(const char *name, uint64_t total,
				uint64_t units)
{
	uint64_t hundredths = (total * 100 + units / 2) / units;

	printf("bench %s %llu.%02llu\n", name,
	       (unsigned long long)(hundredths / 100),
	       (unsigned long long)(hundredths % 100));
}
