/*
 * signal_send.c - which process gets a signal, and when: kill, groups, masks,
 * pending signals, default actions. Any POSIX system.
 */
#include <limits.h>

#include "tests/user/helpers.h"

/* The effect of a signal without a handler: the result of the child. */
static int sent_by_itself(int n)
{
	pid_t child = fork_or_fail();

	if (child == 0) {
		set_handler(n, SIG_DFL, 0);
		unblock(n);
		raise(n);
		_exit(0);
	}
	return result_of(child);
}

/* ---- Default actions ----------------------------------------------------- */

CASE(default_action_ends_the_process)
{
	static const int signals[] = {
		SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS,
		SIGFPE, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM,
		SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGSYS,
	};

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		expect(sent_by_itself(signals[i]) == -signals[i]);
}

CASE(default_action_is_to_ignore)
{
	expect(sent_by_itself(SIGCHLD) == 0);
	expect(sent_by_itself(SIGURG) == 0);
	expect(sent_by_itself(SIGWINCH) == 0);
	expect(sent_by_itself(SIGCONT) == 0);
}

CASE(realtime_signals_end_the_process)
{
	expect(sent_by_itself(SIGRTMIN) == -SIGRTMIN);
	expect(sent_by_itself(SIGRTMAX) == -SIGRTMAX);
}

CASE(kill_and_stop_have_no_other_action)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = SIG_IGN;
	expect_error(sigaction(SIGKILL, &action, NULL), EINVAL);
	expect_error(sigaction(SIGSTOP, &action, NULL), EINVAL);
	action.sa_handler = catch_it;
	expect_error(sigaction(SIGKILL, &action, NULL), EINVAL);
	expect_error(sigaction(SIGSTOP, &action, NULL), EINVAL);
	expect(sigaction(SIGKILL, NULL, &action) == 0);
	expect(action.sa_handler == SIG_DFL);
}

CASE(kill_and_stop_cannot_be_blocked)
{
	sigset_t all, mask;
	pid_t child;
	int status;

	sigfillset(&all);
	child = fork_or_fail();
	if (child == 0) {
		sigprocmask(SIG_SETMASK, &all, &mask);
		sigprocmask(SIG_SETMASK, NULL, &mask);
		if (sigismember(&mask, SIGKILL) || sigismember(&mask, SIGSTOP))
			_exit(1);
		for (;;)
			sigsuspend(&all);
	}
	until_asleep(child);
	kill(child, SIGTERM);
	kill(child, SIGSTOP);
	expect(waitpid(child, &status, WUNTRACED) == child);
	expect(WIFSTOPPED(status));
	expect(kill_and_wait(child) == -SIGKILL);
}

/* ---- kill ---------------------------------------------------------------- */

CASE(signal_zero_only_asks)
{
	pid_t child = start_sleeper();

	expect(kill(child, 0) == 0);
	expect(kill(getpid(), 0) == 0);
	expect(kill(1, 0) == 0 || (errno == EPERM && geteuid() != 0));
	expect(kill(0, 0) == 0 && kill(-getpgrp(), 0) == 0);
	expect(is_asleep(child));
	kill_and_wait(child);
	expect_error(kill(child, 0), ESRCH);
}

CASE(bad_numbers_are_einval)
{
	expect_error(kill(getpid(), -1), EINVAL);
	expect_error(kill(getpid(), 65), EINVAL);
	expect_error(kill(getpid(), INT_MAX), EINVAL);
	expect_error(kill(getpid(), INT_MIN), EINVAL);
	expect_error(kill(0, 1000), EINVAL);
}

CASE(no_process_is_esrch)
{
	expect_error(kill(999999, SIGKILL), ESRCH);
	expect_error(kill(INT_MAX, SIGKILL), ESRCH);
	expect_error(kill(-999999, SIGKILL), ESRCH);
	expect_error(kill(-INT_MAX, SIGKILL), ESRCH);
	expect_error(kill(INT_MIN, SIGKILL), ESRCH);
}

CASE(raise_has_acted_when_it_returns)
{
	set_handler(SIGUSR1, catch_it, 0);
	for (int i = 1; i <= 100; i++) {
		raise(SIGUSR1);
		require(caught == i && caught_signal == SIGUSR1);
	}
	for (int i = 101; i <= 200; i++) {
		kill(getpid(), SIGUSR1);
		require(caught == i);
	}
	kill(0, SIGUSR1);
	expect(caught == 201);
}

CASE(a_signal_wakes_a_sleeper_once)
{
	pid_t child = fork_or_fail();

	if (child == 0) {
		set_handler(SIGUSR1, catch_it, 0);
		pause();
		_exit(caught);
	}
	until_asleep(child);
	kill(child, SIGUSR1);
	expect(result_of(child) == 1);
}

CASE(init_survives_everything)
{
	static const int signals[] = { SIGKILL, SIGSTOP, SIGSEGV, SIGHUP,
				       SIGTSTP, SIGABRT, SIGALRM, SIGPIPE };

	/* Elsewhere pid 1 may be less robust, and not ours to try. */
	if (!leak_is_parley())
		return;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		expect(kill(1, signals[i]) == 0);
	expect(kill(1, 0) == 0);
	expect(!is_in_state(1, "stopped", "T"));
	start(sleep_for_ever);
}

/* ---- Masks --------------------------------------------------------------- */

CASE(blocked_signal_waits_and_comes_once)
{
	set_handler(SIGUSR1, catch_it, 0);
	block(SIGUSR1);
	expect(!is_pending(SIGUSR1));
	for (int i = 0; i < 5; i++)
		raise(SIGUSR1);
	expect(caught == 0 && is_pending(SIGUSR1));
	unblock(SIGUSR1);
	expect(caught == 1 && !is_pending(SIGUSR1));
}

CASE(unblocked_signal_comes_before_the_call_returns)
{
	sigset_t set = set_of(SIGUSR1), none;

	sigemptyset(&none);
	set_handler(SIGUSR1, catch_it, 0);
	for (int i = 1; i < 50; i++) {
		sigprocmask(SIG_BLOCK, &set, NULL);
		kill(getpid(), SIGUSR1);
		require(caught == i - 1);
		sigprocmask(SIG_SETMASK, &none, NULL);
		require(caught == i);
	}
}

CASE(blocked_fatal_signal_ends_later)
{
	pid_t child = fork_or_fail();

	if (child == 0) {
		block(SIGTERM);
		raise(SIGTERM);
		write(STDOUT_FILENO, "", 0);
		unblock(SIGTERM);
		_exit(0);
	}
	expect(result_of(child) == -SIGTERM);
}

CASE(masks_are_set_as_asked)
{
	sigset_t set = set_of(SIGUSR1), old, now;

	sigaddset(&set, SIGHUP);
	expect(sigprocmask(SIG_SETMASK, &set, NULL) == 0);
	set = set_of(SIGTERM);
	expect(sigprocmask(SIG_BLOCK, &set, &old) == 0);
	expect(sigismember(&old, SIGUSR1) && sigismember(&old, SIGHUP) &&
	       !sigismember(&old, SIGTERM));
	set = set_of(SIGHUP);
	expect(sigprocmask(SIG_UNBLOCK, &set, NULL) == 0);
	expect(sigprocmask(12345, NULL, &now) == 0);
	expect(sigismember(&now, SIGUSR1) && !sigismember(&now, SIGHUP) &&
	       sigismember(&now, SIGTERM));
	expect_error(sigprocmask(12345, &set, NULL), EINVAL);
	expect_error(sigprocmask(-1, &set, NULL), EINVAL);
}

CASE(ignoring_drops_what_is_pending)
{
	block(SIGUSR1);
	raise(SIGUSR1);
	set_handler(SIGUSR1, SIG_IGN, 0);
	expect(!is_pending(SIGUSR1));
	unblock(SIGUSR1);
	block(SIGCHLD);
	set_handler(SIGCHLD, catch_it, 0);
	raise(SIGCHLD);
	expect(is_pending(SIGCHLD));
	set_handler(SIGCHLD, SIG_DFL, 0);
	expect(!is_pending(SIGCHLD));
}

CASE(sigkill_needs_no_unblocking)
{
	pid_t child = fork_or_fail();
	sigset_t all;

	if (child == 0) {
		sigfillset(&all);
		sigprocmask(SIG_SETMASK, &all, NULL);
		for (;;)
			continue;
	}
	expect(kill_and_wait(child) == -SIGKILL);
}

/* ---- sigsuspend ---------------------------------------------------------- */

CASE(sigsuspend_waits_under_its_mask_and_puts_back_the_old)
{
	sigset_t none, now;
	pid_t child;

	sigemptyset(&none);
	set_handler(SIGUSR1, catch_it, 0);
	block(SIGUSR1);
	raise(SIGUSR1);
	expect(caught == 0);
	expect_error(sigsuspend(&none), EINTR);
	expect(caught == 1);
	sigprocmask(SIG_BLOCK, NULL, &now);
	expect(sigismember(&now, SIGUSR1));
	child = fork_or_fail();
	if (child == 0) {
		until_asleep(getppid());
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	expect_error(sigsuspend(&none), EINTR);
	expect(caught == 2);
}

CASE(sigsuspend_restarts_for_nobody)
{
	sigset_t none;
	pid_t parent = getpid();

	sigemptyset(&none);
	set_handler(SIGUSR1, catch_it, SA_RESTART);
	if (fork_or_fail() == 0) {
		until_asleep(parent);
		kill(parent, SIGUSR1);
		_exit(0);
	}
	expect_error(sigsuspend(&none), EINTR);
	expect(caught == 1);
}

CASE(kill_ends_sigsuspend)
{
	pid_t child = fork_or_fail();
	sigset_t all;

	if (child == 0) {
		sigfillset(&all);
		for (;;)
			sigsuspend(&all);
	}
	until_asleep(child);
	expect(kill_and_wait(child) == -SIGKILL);
}

/* ---- SIGCHLD ------------------------------------------------------------- */

CASE(sigchld_comes_with_the_end_of_a_child)
{
	set_handler(SIGCHLD, catch_it, SA_RESTART);
	expect(run_in_child(getpid) >= 0);
	expect(caught == 1);
}

/* All that is going to come has come. */
static void until_caught(int count)
{
	while (caught < count)
		case_pause();
	case_pause();
}

CASE(sigchld_of_a_stop_only_if_wanted)
{
	pid_t child = start_sleeper();
	int status;

	set_handler(SIGCHLD, catch_it, SA_RESTART | SA_NOCLDSTOP);
	kill(child, SIGSTOP);
	require(waitpid(child, &status, WUNTRACED) == child);
	case_pause();
	expect(caught == 0);
	set_handler(SIGCHLD, catch_it, SA_RESTART);
	kill(child, SIGCONT);
	require(waitpid(child, &status, WCONTINUED) == child);
	until_caught(1);
	kill(child, SIGSTOP);
	require(waitpid(child, &status, WUNTRACED) == child);
	until_caught(2);
	kill_and_wait(child);
	until_caught(3);
	expect(caught == 3);
}

CASE(stopped_process_dies_when_it_goes_on)
{
	pid_t child = start_sleeper();
	int status;

	kill(child, SIGSTOP);
	require(waitpid(child, &status, WUNTRACED) == child);
	expect(WIFSTOPPED(status));
	kill(child, SIGTERM);
	for (int i = 0; i < 5; i++)
		case_pause();
	expect(waitpid(child, &status, WNOHANG) == 0);
	kill(child, SIGCONT);
	expect(result_of(child) == -SIGTERM);
}

CASE(stopped_process_is_killed_at_once)
{
	pid_t child = start_sleeper();
	int status;

	kill(child, SIGSTOP);
	require(waitpid(child, &status, WUNTRACED) == child);
	kill(child, SIGKILL);
	expect(result_of(child) == -SIGKILL);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
