/*
 * parley_test.h - the test-only system call: interference of a test with the
 * kernel.
 *
 * Let an allocation or a copy fail, force a task switch, read the counters.
 * Beside tests/user/case.h, which gives each case a process and looks for
 * leaks. Only the test kernel has the call; on an ordinary kernel or on Linux
 * each function here gives -1 and ENOSYS: see test_is_possible().
 */
#pragma once

#include <errno.h>
#include <stddef.h>
#include <stdio.h>

#include "tests/kernel/test_call.h"

/* libc's stub; missing on Linux. */
long test(int command, long a, long b, void *p) __attribute__((weak));

static inline long test_call(int command, long a, long b, void *p)
{
	if (test)
		return test(command, a, b, p);
	errno = ENOSYS;
	return -1;
}

/* ---- Interfering -------------------------------------------------------- */

/* Let the n-th allocation in the kernel fail; 0: no failure. Returns the rest
 * of the last count, so test_fail_alloc(0) == 0 says that the failure has
 * happened. */
static inline long test_fail_alloc(long n)
{
	return test_call(TEST_FAIL_ALLOC, n, 0, NULL);
}

/* The same for copies from and to the memory of this process. */
static inline long test_fail_copy(long n)
{
	return test_call(TEST_FAIL_COPY, n, 0, NULL);
}

/* Give way at the n-th return of this task from a system call; 0: not. */
static inline long test_preempt_at(long n)
{
	return test_call(TEST_PREEMPT_AT, n, 0, NULL);
}

/* Give way at the n-th chance of any process from now on, and at the `after`-th
 * chance behind; 0: not. Returns 0 when the first has come. */
static inline long test_switch_at(long n, long after)
{
	return test_call(TEST_SWITCH_AT, n, after, NULL);
}

/* Every process yields at one of `one_of` returns, at random; 0: never. */
static inline long test_preempt_random(unsigned int seed, long one_of)
{
	return test_call(TEST_PREEMPT_RANDOM, (long)seed, one_of, NULL);
}

/* ---- Counting ----------------------------------------------------------- */

/* 0, or -1. */
static inline int test_counters(struct test_counters *counters)
{
	return (int)test_call(TEST_COUNTERS, 0, 0, counters);
}

static inline int test_is_possible(void)
{
	struct test_counters counters;

	return test_counters(&counters) == 0;
}

/* Frames 0 to 2: free, of the boot, and of the kernel's own structures, which
 * are counted as objects. */
#define TEST_FRAMES_FROM	3

static inline unsigned test_difference(unsigned a, unsigned b)
{
	return a > b ? a - b : b - a;
}

static inline unsigned test_leak(const struct test_counters *a,
				 const struct test_counters *b)
{
	unsigned leak = test_difference(a->objects, b->objects) +
			test_difference(a->files, b->files) +
			test_difference(a->tasks, b->tasks) +
			test_difference(a->processes, b->processes);

	for (int i = TEST_FRAMES_FROM; i < TEST_FRAME_USES; i++)
		leak += test_difference(a->frames[i], b->frames[i]);
	for (int i = 0; i < TEST_POOLS; i++)
		leak += test_difference(a->pools[i], b->pools[i]);
	return leak;
}

static inline void test_print_kind(const char *kind, int number, unsigned a,
				   unsigned b)
{
	if (a != b)
		printf(" %s %d: %+d", kind, number, (int)(b - a));
}

/* The lines of a failed test for the counters above or below their earlier
   values. */
static inline void test_print_leak(const struct test_counters *a,
				   const struct test_counters *b)
{
	for (int i = TEST_FRAMES_FROM; i < TEST_FRAME_USES; i++)
		test_print_kind("frames of use", i, a->frames[i],
				b->frames[i]);
	for (int i = 0; i < TEST_POOLS; i++)
		test_print_kind("pool", i, a->pools[i], b->pools[i]);
	test_print_kind("objects", 0, a->objects, b->objects);
	test_print_kind("files", 0, a->files, b->files);
	test_print_kind("tasks", 0, a->tasks, b->tasks);
	test_print_kind("processes", 0, a->processes, b->processes);
	printf("\n");
	fflush(stdout);
}
