/*
 * tap.h - report the tests: a line for each check, the plan at the end.
 *
 * For tests on the build machine (tests/host) and programs under Parley
 * (tests/user, tests/bench) alike: needs stdio only. tools/test adds the lines
 * up. The name of a test is a failure:
 *
 *	ok(read(fd, &c, 1) == 0, "reader_sees_eof_when_last_writer_dies");
 *	return tap_done();
 *
 * Children of a fork must not call these: counts are of one process.
 */
#pragma once

#include <stdarg.h>
#include <stdio.h>

static int tap_count;
static int tap_failures;

#define TAP_TEXT(x)	#x
#define TAP_LINE(x)	TAP_TEXT(x)
#define TAP_HERE	__FILE__ ":" TAP_LINE(__LINE__)

/* A line of TAP; a failure also prints its file and line. Both return the
   condition. */
#define ok(condition, ...) \
	tap_check(!!(condition), TAP_HERE, #condition, __VA_ARGS__)

/* As ok(got == wanted), but a failure shows both numbers. */
#define is(got, wanted, ...) \
	tap_compare((long long)(got), (long long)(wanted), TAP_HERE, #got, \
		    __VA_ARGS__)

static inline int tap_line(int passed, const char *name, va_list args)
{
	printf("%sok %d - ", passed ? "" : "not ", ++tap_count);
	vprintf(name, args);
	printf("\n");
	if (!passed)
		tap_failures++;
	return passed;
}

__attribute__((format(printf, 4, 5)))
static inline int tap_check(int passed, const char *where, const char *what,
			    const char *name, ...)
{
	va_list args;

	va_start(args, name);
	if (!tap_line(passed, name, args))
		printf("# %s: %s\n", where, what);
	va_end(args);
	fflush(stdout);
	return passed;
}

__attribute__((format(printf, 5, 6)))
static inline int tap_compare(long long got, long long wanted,
			      const char *where, const char *what,
			      const char *name, ...)
{
	va_list args;

	va_start(args, name);
	if (!tap_line(got == wanted, name, args))
		printf("# %s: %s is %lld, not %lld\n", where, what, got,
		       wanted);
	va_end(args);
	fflush(stdout);
	return got == wanted;
}

/* A check that makes no sense here. */
static inline void tap_skip(const char *name, const char *why)
{
	printf("ok %d - %s # SKIP %s\n", ++tap_count, name, why);
	fflush(stdout);
}

/* Say how many there were; the exit status for main(). */
static inline int tap_done(void)
{
	printf("1..%d\n", tap_count);
	fflush(stdout);
	return tap_failures ? 1 : 0;
}
