/*
 * parley_test.h - tests of programs, each in a process of its own, leak 0.
 *
 *	static void reader_sees_eof_when_last_writer_dies(void)
 *	{
 *		...
 *		CHECK(read(fd, &c, 1) == 0);
 *		FAILS(read(-1, &c, 1), EBADF);
 *	}
 *
 *	int main(void)
 *	{
 *		TEST(reader_sees_eof_when_last_writer_dies);
 *		return tap_done();
 *	}
 *
 * TEST forks; the child runs the function. The parent waits for its end, for
 * TEST_SECONDS at most, then looks whether the kernel has back all that it had
 * before, and prints `ok 1 - name # leak 0`. What a child leaves behind, be it
 * a process, is a failure.
 *
 * The counters come from the test-only system call. Where there is none, on
 * another system or an ordinary kernel, the line says nothing of leaks; so the
 * same source, if it keeps to POSIX, tests itself there.
 */
#pragma once

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/kernel/test_call.h"
#include "tests/tap.h"

#ifndef TEST_SECONDS
#define TEST_SECONDS	20
#endif

/* libc's stub; not there on other systems. */
long test(int command, long a, long b, void *p) __attribute__((weak));

static inline long test_call(int command, long a, long b, void *p)
{
	if (test)
		return test(command, a, b, p);
	errno = ENOSYS;
	return -1;
}

/* ---- Interfering -------------------------------------------------------- */

/* Let the n-th allocation in the kernel fail; 0: none. How many were still to
 * come, so test_fail_alloc(0) == 0 says that it has happened. */
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

/* Everybody gives way at one of `one_of` returns, at random; 0: not. */
static inline long test_preempt_random(unsigned int seed, long one_of)
{
	return test_call(TEST_PREEMPT_RANDOM, (long)seed, one_of, NULL);
}

/* ---- Counting ----------------------------------------------------------- */

/* 0, or -1 where nobody counts. */
static inline int test_counters(struct test_counters *counters)
{
	return (int)test_call(TEST_COUNTERS, 0, 0, counters);
}

/* Frames 0 to 2 are the free ones, the boot's, and those of the kernel's own
 * structures, which are counted as objects. */
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

static inline void test_print_leak(const char *kind, int number, unsigned a,
				   unsigned b)
{
	if (a != b)
		printf("# %s %d: %u, was %u\n", kind, number, b, a);
}

static inline void test_explain_leak(const struct test_counters *a,
				     const struct test_counters *b)
{
	for (int i = TEST_FRAMES_FROM; i < TEST_FRAME_USES; i++)
		test_print_leak("frames of use", i, a->frames[i],
				b->frames[i]);
	for (int i = 0; i < TEST_POOLS; i++)
		test_print_leak("objects of pool", i, a->pools[i],
				b->pools[i]);
	test_print_leak("objects", 0, a->objects, b->objects);
	test_print_leak("open files", 0, a->files, b->files);
	test_print_leak("tasks", 0, a->tasks, b->tasks);
	test_print_leak("processes", 0, a->processes, b->processes);
}

/* ---- In the child ------------------------------------------------------- */

static int test_report = -1;	/* the pipe to the parent */
static bool test_failed;

#define CHECK(condition) \
	test_check(!!(condition), TAP_HERE, #condition)
#define CHECK_IS(got, wanted) \
	test_compare((long long)(got), (long long)(wanted), TAP_HERE, #got)
/* The call answers -1 with this errno. */
#define FAILS(call, error) \
	test_fails((errno = 0, (long)(call)), error, TAP_HERE, \
		   #call " fails with " #error)

__attribute__((format(printf, 1, 2)))
static inline void test_say(const char *format, ...)
{
	char line[256];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (length > (int)sizeof(line) - 1)
		length = sizeof(line) - 1;
	test_failed = true;
	if (write(test_report, line, length) != length)
		_exit(2);
}

static inline bool test_check(bool holds, const char *where, const char *what)
{
	if (!holds)
		test_say("# %s: %s\n", where, what);
	return holds;
}

static inline bool test_fails(long result, int error, const char *where,
			      const char *what)
{
	int got = errno;

	if (result == -1 && got == error)
		return true;
	test_say("# %s: %s: it returned %ld, errno %d\n", where, what, result,
		 got);
	return false;
}

static inline bool test_compare(long long got, long long wanted,
				const char *where, const char *what)
{
	if (got != wanted)
		test_say("# %s: %s is %lld, not %lld\n", where, what, got,
			 wanted);
	return got == wanted;
}

/* ---- In the parent ------------------------------------------------------ */

static inline void test_sleep_ms(long ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&time, NULL);
}

/* Read what the child says until all who could say something are gone. 1, or
 * 0 when the time is over. */
static inline int test_listen(int from, char *notes, size_t size)
{
	struct pollfd wait = { .fd = from, .events = POLLIN };
	size_t length = 0;
	ssize_t got;

	while (poll(&wait, 1, TEST_SECONDS * 1000) == 1) {
		got = read(from, notes + length, size - 1 - length);
		if (got <= 0)
			return 1;
		length += got;
		if (length == size - 1)
			length--;		/* the rest is too much */
	}
	return 0;
}

/* Run the function in a child; its notes and wait status come back. */
static inline int test_in_child(void (*function)(void), char *notes,
				size_t size)
{
	int fds[2], status = 0;
	pid_t child;

	if (pipe(fds) != 0)
		return -1;
	child = fork();
	if (child == 0) {
		close(fds[0]);
		test_report = fds[1];
		function();
		_exit(test_failed ? 1 : 0);
	}
	close(fds[1]);
	if (child < 0) {
		close(fds[0]);
		return -1;
	}
	if (!test_listen(fds[0], notes, size)) {
		kill(child, SIGKILL);
		strcpy(notes, "# no end in time\n");
	}
	close(fds[0]);
	waitpid(child, &status, 0);
	return status;
}

/* Orphans may still be on their way out. */
static inline unsigned test_settle(const struct test_counters *before,
				   struct test_counters *after)
{
	unsigned leak = 0;

	for (int tries = 0; tries < 20; tries++) {
		test_counters(after);
		leak = test_leak(before, after);
		if (leak == 0)
			break;
		test_sleep_ms(5);
	}
	return leak;
}

#define TEST(function)	test_run(#function, function)

static inline void test_run(const char *name, void (*function)(void))
{
	struct test_counters before, after;
	char notes[1024];
	bool is_counted;
	unsigned leak = 0;
	int status;

	memset(notes, 0, sizeof(notes));
	memset(&after, 0, sizeof(after));
	fflush(stdout);
	is_counted = test_counters(&before) == 0;
	status = test_in_child(function, notes, sizeof(notes));
	if (is_counted)
		leak = test_settle(&before, &after);
	if (is_counted)
		tap_check(status == 0 && leak == 0, name, "see above",
			  "%s # leak %u", name, leak);
	else
		tap_check(status == 0, name, "see above", "%s", name);
	if (status != 0 && WIFSIGNALED(status))
		printf("# ended by signal %d\n", WTERMSIG(status));
	if (leak != 0)
		test_explain_leak(&before, &after);
	printf("%s", notes);
	fflush(stdout);
}
