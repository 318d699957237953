/*
 * libc_signals.c - signals as System V had them, process groups, vfork(), and
 * the end without exit handlers. Any POSIX system.
 */
#define _GNU_SOURCE
#include "tests/user/helpers.h"

/* Glibc warns of these names. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

CASE(sigset_leaves_a_signal_in_the_mask)
{
	expect(sigset(SIGUSR1, SIG_HOLD) == SIG_DFL);
	raise(SIGUSR1);
	expect(is_pending(SIGUSR1));
	expect(sigset(SIGUSR1, SIG_HOLD) == SIG_HOLD);
	expect(sigset(SIGUSR1, catch_it) == SIG_HOLD);
	expect(caught == 1 && !is_pending(SIGUSR1));
}

CASE(sigset_forgets_the_handler_before)
{
	expect(sigset(SIGUSR1, SIG_IGN) == SIG_DFL);
	expect(sigset(SIGUSR1, catch_it) == SIG_IGN);
	raise(SIGUSR1);
	raise(SIGUSR1);
	expect(caught == 2);
	expect(sigset(SIGUSR1, SIG_DFL) == catch_it);
}

CASE(sigset_takes_a_signal_that_cannot_be_caught)
{
	errno = 0;
	expect(sigset(SIGKILL, catch_it) == SIG_ERR && errno == EINVAL);
	errno = 0;
	expect(sigset(0, SIG_DFL) == SIG_ERR && errno == EINVAL);
	expect_error(sigignore(SIGKILL), EINVAL);
	expect_error(sighold(1000), EINVAL);
	expect_error(sigrelse(1000), EINVAL);
}

CASE(sigpause_leaves_the_signal_unblocked)
{
	sigset_t mask;

	set_handler(SIGUSR1, catch_it, 0);
	block(SIGUSR1);
	block(SIGUSR2);
	raise(SIGUSR1);
	raise(SIGUSR2);
	expect(caught == 0);
	expect_error(sigpause(SIGUSR1), EINTR);
	expect(caught == 1 && caught_signal == SIGUSR1);
	expect(sigprocmask(SIG_BLOCK, NULL, &mask) == 0);
	expect(sigismember(&mask, SIGUSR1) && is_pending(SIGUSR2));
	expect_error(sigpause(1000), EINVAL);
}

/* ---- Groups -------------------------------------------------------------- */

static int lead_a_group(void)
{
	/* POSIX wants the group as the result, GNU's library gives 0. */
	return setpgrp() >= 0 && getpgrp() == getpid() ? 0 : 1;
}

CASE(setpgrp_stays_in_the_group_of_the_parent)
{
	expect(run_in_child(lead_a_group) == 0);
}

CASE(killpg_forgets_a_member)
{
	pid_t first = start_sleeper(), second = start_sleeper();

	expect(setpgid(first, 0) == 0 && setpgid(second, first) == 0);
	expect(killpg(first, 0) == 0);
	expect(killpg(first, SIGTERM) == 0);
	expect(result_of(first) == -SIGTERM && result_of(second) == -SIGTERM);
	expect_error(killpg(first, SIGTERM), ESRCH);
	expect_error(killpg(getpgrp(), 1000), EINVAL);
}

/* ---- Children ------------------------------------------------------------ */

CASE(vfork_loses_the_child)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(5);
	require(pid > 0);
	expect(result_of(pid) == 5);
	expect_error(waitpid(pid, NULL, 0), ECHILD);
}

CASE(vfork_hides_the_status_of_a_program)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", "exit 9", (char *)NULL);
		_exit(99);
	}
	require(pid > 0);
	expect(result_of(pid) == 9);
}

static void leave_another_way(void)
{
	_exit(1);
}

static int leave_at_once(void)
{
	atexit(leave_another_way);
	_Exit(7);
}

CASE(exit_handler_runs_at_Exit)
{
	expect(run_in_child(leave_at_once) == 7);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
