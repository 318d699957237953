/*
 * case.h - each case runs in a child, which may crash, hang or be killed.
 *
 *	CASE(reader_sees_eof_when_last_writer_dies)
 *	{
 *		...
 *		expect(read(fds[0], &byte, 1) == 0);
 *	}
 *
 *	CASE_DIES(null_pointer_is_fatal, SIGSEGV)
 *	{
 *		*(volatile int *)nowhere = 1;
 *	}
 *
 *	int main(int argc, char **argv)
 *	{
 *		return run_cases(argc, argv);
 *	}
 *
 * The name of a case is the failure that the case hunts. CASE() also enters the
 * case into the list. A case passes when its child ends as wanted, within
 * CASE_SECONDS, every expect() was true, and the kernel's counters are the same
 * as before (leak.h). The child leads a process group: the processes that the
 * child leaves behind are killed with the group.
 *
 * Children report a failure with a single write(2), not through stdio: they
 * share the buffers of stdio with the parent. With words as arguments, a
 * program runs only the cases with at least one of the words in their name.
 */
#pragma once

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tests/user/leak.h"

#define CASE_SECONDS	60

struct test_case {
	const char *name;
	void (*run)(void);
	int signal;			/* the expected end, or 0 */
	struct test_case *next;
};

__attribute__((unused))
static struct test_case *case_list, **case_end = &case_list;
static const char *case_program;	/* argv[0], for cases with exec */
static int case_failed;			/* in the child */

#define CASE(name)		CASE_WITH(name, 0)
#define CASE_DIES(name, signal)	CASE_WITH(name, signal)

#define CASE_WITH(name, signal)						\
	static void name(void);						\
	static struct test_case name##_case = {				\
		#name, name, signal, NULL				\
	};								\
	__attribute__((constructor)) static void name##_add(void)	\
	{								\
		*case_end = &name##_case;				\
		case_end = &name##_case.next;				\
	}								\
	static void name(void)

/* Note a failure and go on; gives the condition. */
#define expect(condition) case_expect(!!(condition), TAP_HERE, #condition)

/* A failure ends the case: the rest would make no sense. */
#define require(condition) \
	(expect(condition) ? (void)0 : _exit(1))

/* The call gives -1 and this errno. */
#define expect_error(call, error)					\
	case_expect_error((errno = 0, (long)(call)), error, TAP_HERE, #call)

__attribute__((unused))
static int case_expect(int condition, const char *where, const char *what)
{
	char line[300];
	int error = errno;

	if (condition)
		return 1;
	case_failed = 1;
	snprintf(line, sizeof(line), "# %s: not %s (errno %d)\n", where, what,
		 error);
	if (write(STDOUT_FILENO, line, strlen(line)) < 0)
		_exit(2);
	return 0;
}

__attribute__((unused))
static int case_expect_error(long result, int wanted, const char *where,
			     const char *what)
{
	char line[300];
	int error = errno;

	if (result == -1 && error == wanted)
		return 1;
	case_failed = 1;
	snprintf(line, sizeof(line),
		 "# %s: %s gives %ld, errno %d, not errno %d\n", where, what,
		 result, error, wanted);
	if (write(STDOUT_FILENO, line, strlen(line)) < 0)
		_exit(2);
	return 0;
}

/* ---- The parent ---------------------------------------------------------- */

static long long case_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void case_pause(void)
{
	const struct timespec moment = { 0, 1000000 };

	nanosleep(&moment, NULL);
}

/* The wait status, or -1 when the time was over. */
static int case_wait(pid_t pid)
{
	long long end = case_now_ms() + CASE_SECONDS * 1000;
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (case_now_ms() > end) {
			kill(-pid, SIGKILL);
			waitpid(pid, &status, 0);
			return -1;
		}
		case_pause();
	}
	kill(-pid, SIGKILL);
	return status;
}

/* The reason of a failure, or "". */
static void case_judge(const struct test_case *c, int status, char *reason,
		       size_t size)
{
	*reason = '\0';
	if (status == -1)
		snprintf(reason, size, "no end within %d s", CASE_SECONDS);
	else if (WIFSIGNALED(status) && WTERMSIG(status) != c->signal)
		snprintf(reason, size, "ended by signal %d",
			 WTERMSIG(status));
	else if (WIFEXITED(status) && (c->signal || WEXITSTATUS(status)))
		snprintf(reason, size, "exit status %d", WEXITSTATUS(status));
}

static void case_run(const struct test_case *c)
{
	struct leak_counters before, after;
	char reason[120];
	pid_t pid;

	leak_clear(&after);
	leak_take(&before);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		c->run();
		_exit(case_failed);
	}
	if (pid > 0)
		setpgid(pid, pid);
	case_judge(c, pid < 0 ? -1 : case_wait(pid), reason, sizeof(reason));
	/* Orphans go when init has waited for them. */
	for (int i = 0; i < 500 && !*reason; i++) {
		leak_take(&after);
		if (leak_is_none(&before, &after))
			break;
		case_pause();
		if (i == 499)
			leak_describe(&before, &after, reason,
				      sizeof(reason));
	}
	tap_check(!*reason, c->name, reason, "%s", c->name);
}

static int case_is_wanted(const struct test_case *c, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strstr(c->name, argv[i]))
			return 1;
	return argc < 2;
}

/* The first case costs this process some pages: allocate them here. */
static void case_warm_up(void)
{
	struct leak_counters before, after;
	pid_t pid;

	leak_take(&before);
	pid = fork();
	if (pid == 0)
		_exit(0);
	case_wait(pid);
	leak_take(&after);
	leak_is_none(&before, &after);
}

__attribute__((unused))
static int run_cases(int argc, char **argv)
{
	case_warm_up();
	case_program = argv[0];
	for (struct test_case *c = case_list; c; c = c->next)
		if (case_is_wanted(c, argc, argv))
			case_run(c);
	return tap_done();
}
