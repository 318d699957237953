/* prctl.c - the name of a thread, and a signal when the parent ends. Linux. */
#define _GNU_SOURCE
#include <sys/prctl.h>

#include "tests/user/helpers.h"

static char name[16];

CASE(a_name_is_set_and_cut)
{
	expect(prctl(PR_SET_NAME, "short") == 0);
	expect(prctl(PR_GET_NAME, name) == 0 && strcmp(name, "short") == 0);
	expect(prctl(PR_SET_NAME, "a name that is too long") == 0);
	expect(prctl(PR_GET_NAME, name) == 0);
	expect(strcmp(name, "a name that is ") == 0);
	expect(prctl(PR_SET_NAME, "") == 0);
	expect(prctl(PR_GET_NAME, name) == 0 && name[0] == '\0');
}

CASE(a_child_has_the_name_of_its_parent)
{
	pid_t child;

	expect(prctl(PR_SET_NAME, "family") == 0);
	child = fork_or_fail();
	if (child == 0) {
		prctl(PR_GET_NAME, name);
		_exit(strcmp(name, "family") == 0 ? 4 : 5);
	}
	expect(result_of(child) == 4);
}

static int told[2];
static pid_t heir, middle;

/* Its own child waits for the signal of its end. */
static int parent_ends(void)
{
	sigset_t set;
	int n = 0;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	require(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
	if (fork_or_fail() == 0) {
		require(prctl(PR_SET_PDEATHSIG, SIGUSR1) == 0);
		require(write(told[1], "r", 1) == 1);
		sigwait(&set, &n);
		_exit(write(told[1], n == SIGUSR1 ? "y" : "n", 1) != 1);
	}
	while (read(told[0], name, 1) != 1)
		;
	return name[0] == 'r' ? 0 : 1;
}

CASE(the_end_of_the_parent_is_told)
{
	require(pipe(told) == 0);
	expect(run_in_child(parent_ends) == 0);
	expect(read(told[0], name, 1) == 1 && name[0] == 'y');
}

CASE(a_child_does_not_inherit_the_wish)
{
	pid_t child;
	int n = -1;

	expect(prctl(PR_GET_PDEATHSIG, &n) == 0 && n == 0);
	expect(prctl(PR_SET_PDEATHSIG, SIGUSR2) == 0);
	expect(prctl(PR_GET_PDEATHSIG, &n) == 0 && n == SIGUSR2);
	child = fork_or_fail();
	if (child == 0) {
		prctl(PR_GET_PDEATHSIG, &n);
		_exit(n);
	}
	expect(result_of(child) == 0);
	expect(prctl(PR_SET_PDEATHSIG, 0) == 0);
}

static int leave_an_orphan(void)
{
	if (fork_or_fail() == 0) {
		while (getppid() == middle)
			sched_yield();
		_exit(getppid() == heir ? 9 : 10);
	}
	return 0;
}

CASE(an_orphan_comes_to_the_nearest_taker)
{
	pid_t child;
	int n = -1;

	heir = getpid();
	expect(prctl(PR_GET_CHILD_SUBREAPER, &n) == 0 && n == 0);
	expect(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
	expect(prctl(PR_GET_CHILD_SUBREAPER, &n) == 0 && n == 1);
	child = fork_or_fail();
	if (child == 0) {
		middle = getpid();
		_exit(leave_an_orphan());
	}
	expect(result_of(child) == 0);
	expect(result_of(-1) == 9);
	expect(prctl(PR_SET_CHILD_SUBREAPER, 0) == 0);
}

CASE(wrong_options)
{
	expect_error(prctl(PR_SET_PDEATHSIG, 65), EINVAL);
	expect_error(prctl(12345, 0), EINVAL);
	expect_error(prctl(PR_SET_NAME, nowhere), EFAULT);
	expect_error(prctl(PR_GET_NAME, nowhere), EFAULT);
	expect_error(prctl(PR_GET_PDEATHSIG, nowhere), EFAULT);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
