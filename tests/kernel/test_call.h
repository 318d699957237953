/*
 * test_call.h - the test-only system call: the interface between kernel and
 * programs.
 *
 * long test(int command, long a, long b, void *p). Only the test kernel has the
 * call; all other kernels return ENOSYS. tests/user/parley_test.h wraps it.
 */
#pragma once

enum test_command {
	TEST_COUNTERS,		/* fill the struct test_counters at p */
	/* The a-th allocation of frames or kernel objects from now on that a
	 * system call of the caller makes fails; a = 0: none. Returns how many
	 * were still to come. */
	TEST_FAIL_ALLOC,
	/* The a-th copy from or to the caller's own memory fails; a = 0: none.
	 * Returns how many were still to come. */
	TEST_FAIL_COPY,
	/* The caller yields at its a-th return from a system call, not counting
	 * this call; a = 0: never. Returns the rest of the last count. */
	TEST_PREEMPT_AT,
	/* All processes give way at random, at one of b returns from a system
	 * call; the order repeats with the seed a. b = 0: no more. */
	TEST_PREEMPT_RANDOM,
	/* Any task gives way at the a-th chance from now on, and at the b-th
	 * after (0: not). Chances: returns from a system call, sched_point().
	 * Returns how many chances the first switch was still away. */
	TEST_SWITCH_AT,
	/* Panic, for a test. */
	TEST_PANIC,
};

#define TEST_FRAME_USES	8
#define TEST_POOLS	64

struct test_counters {
	unsigned int frames[TEST_FRAME_USES];	/* in the order of frame.h */
	unsigned int pools[TEST_POOLS];		/* objects, oldest pool first */
	unsigned int objects;			/* whatever has queues */
	unsigned int files;			/* open files */
	unsigned int tasks;
	unsigned int processes;
};
