/*
 * test_call.h - the test-only system call: what kernel and programs agree on.
 *
 * long test(int command, long a, long b, void *p). It is there in the test
 * kernel alone; any other answers ENOSYS. tests/user/parley_test.h wraps it.
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
	/* The caller gives way at its a-th return from a system call from now
	 * on, this one not counted; a = 0: not. Returns what was still to
	 * come. */
	TEST_PREEMPT_AT,
	/* All processes give way at random, at one of b returns from a system
	 * call; the order repeats with the seed a. b = 0: no more. */
	TEST_PREEMPT_RANDOM,
	/* Panic, for the test of it. */
	TEST_PANIC,
};

#define TEST_FRAME_USES	8
#define TEST_POOLS	40

struct test_counters {
	unsigned int frames[TEST_FRAME_USES];	/* in the order of frame.h */
	unsigned int pools[TEST_POOLS];		/* objects, oldest pool first */
	unsigned int objects;			/* whatever has queues */
	unsigned int files;			/* open files */
	unsigned int tasks;
	unsigned int processes;
};
