/*
 * fail_case.h - each allocation and each copy of a call fails once, and nothing
 * has changed.
 *
 * A call is made again and again: the first time its first allocation fails,
 * then its second, until the call succeeds; then the same with copies. A failed
 * call must give the errno of the failure, take or leave no frame, object or
 * descriptor, and change no object: /proc/ipc is the same as before. Then the
 * same call must succeed.
 *
 * fail_sweep.c tests whole sequences; here each call stands alone, with the
 * sizes for every way through the kernel. Only the test kernel lets calls fail;
 * elsewhere each call is made once.
 */
#pragma once

#include <fcntl.h>

#include "tests/user/helpers.h"
#include "tests/user/parley_test.h"

#define MOST		600		/* most failures of a call */
#define BYTES_MOST	65536
#define SIZES		64

/*
 * prepare() makes the objects for the call, and undo() removes them; both know
 * the size. call() returns -1 and errno, or the expected result. call() stores
 * its new descriptors in made[], for undo().
 */
struct operation {
	const char *name;
	void (*prepare)(size_t bytes);
	long (*call)(size_t bytes);
	void (*undo)(void);
	size_t sizes[SIZES];	/* each in turn, up to the last not 0 */
};

/* Does a failed copy of this call lose the message? NULL: never. */
static int (*may_lose)(const struct operation *operation, size_t bytes);

static int fds[4];			/* of prepare() */
static int made[2];			/* of call() */
static char data[BYTES_MOST] __attribute__((aligned(4096)));
static long failures;

/* ---- A call ------------------------------------------------------------ */

static char state_before[8192], state_after[8192];

static int is_right(int error, int is_copy)
{
	if (is_copy)
		return error == EFAULT;
	return error == ENOMEM || error == ENOSPC || error == EAGAIN ||
	       error == ENFILE || error == ENOLCK;
}

static void complain(const struct operation *operation, size_t bytes, long n,
		     const char *what, int error)
{
	printf("# %s of %u, the %ldth: %s, errno %d\n", operation->name,
	       (unsigned)bytes, n, what, error);
	fflush(stdout);
	expect(!"a failure changes something");
}

static int loses(const struct operation *operation, size_t bytes, int is_copy)
{
	return is_copy && may_lose && may_lose(operation, bytes);
}

/* 1: it failed. 0 or 2: there was no failure left to make. -1: a check
   failed. */
static int fail_once(const struct operation *operation, size_t bytes, long n,
		     int is_copy)
{
	struct test_counters before, after;
	long (*arm)(long) = is_copy ? test_fail_copy : test_fail_alloc;
	long result, still_to_come;
	int error;

	read_text("/proc/ipc", state_before, sizeof(state_before));
	test_counters(&before);
	made[0] = made[1] = -1;
	errno = 0;
	arm(n);
	result = operation->call(bytes);
	error = errno;
	still_to_come = arm(0);
	test_counters(&after);
	if (result != -1) {
		/* A part done counts; the error comes with the next call. */
		return still_to_come == 0 ? 2 : 0;
	}
	read_text("/proc/ipc", state_after, sizeof(state_after));
	if (!is_right(error, is_copy) || still_to_come != 0)
		complain(operation, bytes, n, "wrong errno", error);
	else if (loses(operation, bytes, is_copy))
		return 1;
	else if (strcmp(state_before, state_after) != 0)
		complain(operation, bytes, n, "another state", error);
	else if (test_leak(&before, &after) != 0 && n > 1)
		complain(operation, bytes, n, "something left", error);
	else
		return 1;
	test_print_leak(&before, &after);
	return -1;
}

static void fail_each(const struct operation *operation, size_t bytes,
		      int is_copy)
{
	int result = 1;

	for (long n = 1; result > 0 && n < MOST; n++) {
		operation->prepare(bytes);
		result = fail_once(operation, bytes, n, is_copy);
		failures += result > 0;
		if (result == 1) {
			made[0] = made[1] = -1;
			if (operation->call(bytes) == -1 &&
			    !loses(operation, bytes, is_copy))
				result = -2;
		}
		operation->undo();
	}
	expect(result == 0);
}

static void sweep(const struct operation *operation)
{
	for (int i = 0; i < SIZES && (i == 0 || operation->sizes[i]); i++) {
		size_t bytes = operation->sizes[i];

		operation->prepare(bytes);	/* costs pages of our own */
		expect(operation->call(bytes) != -1);
		operation->undo();
		if (!test_is_possible())
			continue;
		fail_each(operation, bytes, 0);
		fail_each(operation, bytes, 1);
	}
}

/* The operations of a table with names that begin with this word. */
static void sweep_those(const struct operation *operation, const char *word)
{
	for (; operation->name; operation++)
		if (strstr(operation->name, word) == operation->name)
			sweep(operation);
	printf("# %ld failures\n", failures);
	fflush(stdout);
}

/* ---- Helpers for many operations --------------------------------------- */

HELPER void prepare_nothing(size_t bytes)
{
	(void)bytes;
	memset(fds, -1, sizeof(fds));
}

static void close_made(void)
{
	for (int i = 0; i < 2; i++)
		if (made[i] >= 0)
			close(made[i]);
}

static void close_fds(void)
{
	close_made();
	for (int i = 0; i < 4; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

HELPER long made_one(int fd)
{
	made[0] = fd;
	return fd;
}

#define LENGTHS								\
	{								\
		1, 2, 3, 4, 7, 100, 512, 1000,				\
		2000, 3000, 4000, 4064, 4095, 4096, 4097, 4100,		\
		5000, 6000, 7000, 8000, 8190, 8192, 8193, 9000,		\
		10000, 11000, 12000, 12288, 13000, 14000, 16000, 16384,	\
		17000, 18000, 20000, 22000, 24000, 24576, 26000, 28000,	\
		30000, 32000, 32768, 34000, 36000, 38000, 40000, 42000,	\
		45000, 47000, 50000, 52000, 55000, 57000, 60000, 61440,	\
		63000, 64000, 65000, 65536				\
	}
