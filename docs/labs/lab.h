/*
 * lab.h - the tests of a lab: as tests/user/case.h, with a verdict for the
 * grader.
 *
 * usage: lab_NAME SECRET CASE...
 *
 * Each case runs in a child. The verdict of a case is a line that begins with
 * the secret of the run, so that nothing else in the output is a verdict. Marks
 * are calls with a number that the grader finds in the trace: mark(1) stands
 * there as `mark 1`. A case that does not end within CASE_MS is shown by why(1)
 * before its end. A case that explores has SEARCH_MS.
 */
#pragma once

#include <sys/mman.h>

#include "tests/user/helpers.h"

#define CASE_MS		1000
#define SEARCH_MS	8000
#define MARK_OF_CASE	0x4c0000
#define MARK		0x4d0000

/* Note a failure with the number seen, and go on. */
#define expect_number(call, wanted) \
	lab_expect_number(call, wanted, TAP_HERE, #call, #wanted)

HELPER void lab_expect_number(long seen, long wanted, const char *where,
			      const char *call, const char *words)
{
	if (seen == wanted)
		return;
	case_failed = 1;
	printf("# %s: %s is %ld, not %ld (%s)\n", where, call, seen, wanted,
	       words);
	fflush(stdout);
}

/* An address of the user's memory without a page: the kernel learns of it
 * only when it copies. `nowhere` is no address of user memory at all. */
HELPER void *lab_no_page(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	require(page != MAP_FAILED && munmap(page, 4096) == 0);
	return page;
}

/* The trace shows this line of the case. */
HELPER void mark(int number)
{
	getpgid(MARK + number);
}

/* The kernel's counter with this name, as "frames-user:", in /proc/meminfo. */
HELPER long counter(const char *name)
{
	struct leak_counters now;

	leak_take(&now);
	return leak_value(&now, name, strlen(name));
}

/* Does this command of explore(1) find no schedule that fails? */
HELPER int lab_explore(char *const *words)
{
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		execv("/bin/explore", words);
		_exit(2);
	}
	return result_of(pid) == 0;
}

static const char *lab_searched = "";	/* the case that explores */

/* ---- The parent ---------------------------------------------------------- */

static void lab_run_tool(const char *path, const char *word)
{
	pid_t child = fork();

	if (child == 0) {
		execl(path, path, word, NULL);
		_exit(1);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
}

/* Show why each process of the case waits, and the contents of the objects. */
static void lab_show_waits(pid_t group)
{
	char number[16];

	for (pid_t pid = group; pid < group + 30; pid++) {
		snprintf(number, sizeof(number), "%d", (int)pid);
		if (getpgid(pid) == group)
			lab_run_tool("/bin/why", number);
	}
	lab_run_tool("/bin/ipcs", NULL);
}

static long lab_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000;
}

/* Sleep until a child has ended, or look again: LAB_LOOKS is for the lab in
 * which signals do not work yet. False: the time is over. SIGCHLD is blocked.
 * A look beside a child that computes takes as long as a time slice, so the
 * clock ends the looks, and not their number.
 */
static int lab_sleep(long end_ms, long limit_ms)
{
#ifdef LAB_LOOKS
	(void)limit_ms;
	case_pause();
	return lab_now_ms() < end_ms;
#else
	const struct timespec limit = { limit_ms / 1000,
					limit_ms % 1000 * 1000000 };
	sigset_t set = set_of(SIGCHLD);

	(void)end_ms;
	return sigtimedwait(&set, NULL, &limit) > 0 || errno != EAGAIN;
#endif
}

/* The wait status, or -1 when the time was over. */
static int lab_wait(pid_t pid, long limit_ms)
{
	const long end_ms = lab_now_ms() + limit_ms;
	int status = 0;

	while (waitpid(pid, &status, WNOHANG) == 0)
		if (!lab_sleep(end_ms, limit_ms)) {
			lab_show_waits(pid);
			status = -1;
			break;
		}
	kill(-pid, SIGKILL);
	if (status == -1)
		waitpid(pid, NULL, 0);
	return status;
}

static void lab_run(const struct test_case *c, const char *secret, int number)
{
	const int limit_ms = strcmp(c->name, lab_searched) == 0 ? SEARCH_MS
								: CASE_MS;
	char reason[120];
	int status;
	pid_t pid;

	printf("%s begin %s\n", secret, c->name);
	fflush(stdout);
	getpgid(MARK_OF_CASE + number);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		unblock(SIGCHLD);
		c->run();
		_exit(case_failed);
	}
	if (pid > 0)
		setpgid(pid, pid);
	status = pid < 0 ? -1 : lab_wait(pid, limit_ms);
	if (status == -1)
		snprintf(reason, sizeof(reason), "no end within %d ms",
			 limit_ms);
	else
		case_judge(c, status, reason, sizeof(reason));
	printf("%s %s %s\n", secret, *reason ? "failed" : "passed", reason);
	fflush(stdout);
}

HELPER int lab_main(int argc, char **argv)
{
	int number = 0;

	if (argc < 2)
		return 2;
	case_program = argv[0];
	setvbuf(stdout, NULL, _IOLBF, 0);
	block(SIGCHLD);
	for (int i = 2; i < argc; i++)
		for (struct test_case *c = case_list; c; c = c->next)
			if (strcmp(c->name, argv[i]) == 0)
				lab_run(c, argv[1], number++);
	return 0;
}

#define LAB_MAIN					\
	int main(int argc, char **argv)			\
	{						\
		return lab_main(argc, argv);		\
	}

/*
 * The same, with a last case: explore(1) runs this program, with the word
 * `search`, under each schedule with at most so many preemptions. Then the
 * program is the function: the result is the exit status.
 */
#define LAB_MAIN_WITH_SEARCH(name, bound, function)			\
	CASE(name)							\
	{								\
		char *const words[] = { "explore", "-b", bound,	\
			(char *)case_program, "search", NULL };		\
									\
		expect(lab_explore(words));				\
	}								\
									\
	int main(int argc, char **argv)					\
	{								\
		if (argc == 2 && strcmp(argv[1], "search") == 0)	\
			return function();				\
		lab_searched = #name;					\
		return lab_main(argc, argv);				\
	}
