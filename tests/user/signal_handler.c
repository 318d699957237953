/*
 * signal_handler.c - handlers: their flags, their nesting, their arguments, and
 * state that they must not change. Any POSIX system.
 */
#include <sched.h>
#include <setjmp.h>
#include <stdint.h>

#include "tests/user/helpers.h"

static volatile sig_atomic_t depth, deepest, other_caught;
static siginfo_t info_seen;
static void *volatile context_seen;

static void set_info_handler(int n, void (*handler)(int, siginfo_t *, void *),
			     int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = handler;
	action.sa_flags = flags | SA_SIGINFO;
	require(sigaction(n, &action, NULL) == 0);
}

static void note_info(int n, siginfo_t *info, void *context)
{
	caught++;
	caught_signal = n;
	info_seen = *info;
	context_seen = context;
}

/* ---- sigaction ----------------------------------------------------------- */

CASE(action_is_given_back_as_it_was_set)
{
	struct sigaction set, got;

	memset(&set, 0, sizeof(set));
	set.sa_handler = catch_it;
	set.sa_flags = SA_RESTART | SA_NODEFER;
	sigaddset(&set.sa_mask, SIGHUP);
	expect(sigaction(SIGUSR1, &set, &got) == 0);
	expect(got.sa_handler == SIG_DFL);
	expect(sigaction(SIGUSR1, NULL, &got) == 0);
	expect(got.sa_handler == catch_it);
	expect((got.sa_flags & (SA_RESTART | SA_NODEFER | SA_RESETHAND)) ==
	       (SA_RESTART | SA_NODEFER));
	expect(sigismember(&got.sa_mask, SIGHUP) == 1);
	expect(sigismember(&got.sa_mask, SIGTERM) == 0);
}

CASE(no_such_signal_is_einval)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = catch_it;
	expect_error(sigaction(0, &action, NULL), EINVAL);
	expect_error(sigaction(-1, &action, NULL), EINVAL);
	expect_error(sigaction(65, &action, NULL), EINVAL);
	expect_error(sigaction(1000000, NULL, &action), EINVAL);
}

CASE(signal_gives_the_old_handler)
{
	expect(signal(SIGUSR1, catch_it) == SIG_DFL);
	expect(signal(SIGUSR1, SIG_IGN) == catch_it);
	expect(signal(SIGUSR1, SIG_DFL) == SIG_IGN);
	expect(signal(SIGKILL, SIG_IGN) == SIG_ERR && errno == EINVAL);
}

CASE(child_changes_only_its_own_actions)
{
	set_handler(SIGUSR1, catch_it, 0);
	if (fork_or_fail() == 0) {
		set_handler(SIGUSR1, SIG_DFL, 0);
		_exit(0);
	}
	wait(NULL);
	raise(SIGUSR1);
	expect(caught == 1);
}

/* ---- Flags --------------------------------------------------------------- */

static int change_one_action(void)
{
	struct sigaction set, got;

	memset(&set, 0, sizeof(set));
	set.sa_handler = SIG_IGN;
	if (sigaction(SIGUSR2, &set, NULL) != 0)
		return 1;
	sigaction(SIGUSR1, NULL, &got);
	if (got.sa_handler != catch_it || !sigismember(&got.sa_mask, SIGHUP))
		return 2;
	sigaction(SIGTERM, NULL, &got);
	return got.sa_handler == SIG_IGN ? 0 : 3;
}

/* The table of actions is copied at the first change after fork(). */
CASE(change_of_one_action_keeps_the_others_of_the_parent)
{
	struct sigaction set;

	memset(&set, 0, sizeof(set));
	set.sa_handler = catch_it;
	sigaddset(&set.sa_mask, SIGHUP);
	require(sigaction(SIGUSR1, &set, NULL) == 0);
	signal(SIGTERM, SIG_IGN);
	expect(result_of(start(change_one_action)) == 0);
}

CASE(resethand_handles_once)
{
	pid_t child = fork_or_fail();

	if (child == 0) {
		set_handler(SIGUSR1, catch_it, SA_RESETHAND);
		raise(SIGUSR1);
		if (caught != 1)
			_exit(1);
		raise(SIGUSR1);
		_exit(2);
	}
	expect(result_of(child) == -SIGUSR1);
}

static void go_deeper(int n)
{
	depth++;
	if (depth > deepest)
		deepest = depth;
	if (++caught < 5)
		raise(n);
	depth--;
}

CASE(handler_is_not_entered_twice)
{
	set_handler(SIGUSR1, go_deeper, 0);
	raise(SIGUSR1);
	expect(caught == 5 && deepest == 1);
}

CASE(nodefer_enters_again)
{
	set_handler(SIGUSR1, go_deeper, SA_NODEFER);
	raise(SIGUSR1);
	expect(caught == 5 && deepest == 5);
}

static void note_other(int n)
{
	(void)n;
	other_caught++;
}

static int other_in_handler;

static void raise_other(int n)
{
	(void)n;
	raise(SIGUSR2);
	other_in_handler = other_caught;
}

CASE(mask_of_the_action_holds_back_others)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = raise_other;
	sigaddset(&action.sa_mask, SIGUSR2);
	require(sigaction(SIGUSR1, &action, NULL) == 0);
	set_handler(SIGUSR2, note_other, 0);
	raise(SIGUSR1);
	expect(other_in_handler == 0 && other_caught == 1);
	sigemptyset(&action.sa_mask);
	require(sigaction(SIGUSR1, &action, NULL) == 0);
	raise(SIGUSR1);
	expect(other_in_handler == 2);
}

CASE(mask_is_back_after_the_handler)
{
	sigset_t before, after;

	sigemptyset(&before);
	sigemptyset(&after);
	block(SIGHUP);
	sigprocmask(SIG_BLOCK, NULL, &before);
	set_handler(SIGUSR1, catch_it, 0);
	raise(SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &after);
	for (int n = 1; n < 32; n++)
		expect(sigismember(&before, n) == sigismember(&after, n));
	expect(sigismember(&after, SIGHUP) && !sigismember(&after, SIGUSR1));
}

CASE(two_pending_signals_run_two_handlers)
{
	sigset_t none;

	sigemptyset(&none);
	set_handler(SIGUSR1, catch_it, 0);
	set_handler(SIGUSR2, note_other, 0);
	block(SIGUSR1);
	block(SIGUSR2);
	raise(SIGUSR1);
	raise(SIGUSR2);
	sigprocmask(SIG_SETMASK, &none, NULL);
	expect(caught == 1 && other_caught == 1);
}

CASE(every_signal_at_once)
{
	sigset_t all, none;
	int count = 0;

	sigfillset(&all);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (int n = 1; n < 32; n++) {
		if (n == SIGKILL || n == SIGSTOP)
			continue;
		set_handler(n, catch_it, 0);
		if (n == SIGCONT)	/* it undoes the stop signals */
			continue;
		raise(n);
		count++;
	}
	sigprocmask(SIG_SETMASK, &none, NULL);
	expect(caught == count);
}

/* ---- The arguments of a handler ------------------------------------------ */

CASE(siginfo_tells_who_sent_it)
{
	pid_t child;

	set_info_handler(SIGUSR1, note_info, SA_RESTART);
	kill(getpid(), SIGUSR1);
	expect(info_seen.si_signo == SIGUSR1 && info_seen.si_code == SI_USER);
	expect(info_seen.si_pid == getpid() && context_seen);
	child = fork_or_fail();
	if (child == 0) {
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	expect(result_of(child) == 0);
	expect(caught == 2 && info_seen.si_pid == child);
}

CASE(siginfo_tells_how_a_child_ended)
{
	pid_t child;

	set_info_handler(SIGCHLD, note_info, SA_RESTART);
	child = fork_or_fail();
	if (child == 0)
		_exit(33);
	expect(result_of(child) == 33);
	expect(info_seen.si_signo == SIGCHLD && info_seen.si_pid == child);
	expect(info_seen.si_code == CLD_EXITED && info_seen.si_status == 33);
	child = fork_or_fail();
	if (child == 0)
		for (;;)
			pause();
	expect(kill_and_wait(child) == -SIGKILL);
	expect(info_seen.si_pid == child && info_seen.si_code == CLD_KILLED &&
	       info_seen.si_status == SIGKILL);
}

CASE(siginfo_of_a_signal_that_was_blocked)
{
	pid_t child;

	set_info_handler(SIGUSR1, note_info, SA_RESTART);
	block(SIGUSR1);
	child = fork_or_fail();
	if (child == 0) {
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	expect(result_of(child) == 0);
	unblock(SIGUSR1);
	expect(caught == 1 && info_seen.si_pid == child);
}

/* ---- State that a handler must not change -------------------------------- */

static void spoil_everything(int n)
{
	volatile char stack[3000];

	for (int i = 0; i < 3000; i++)
		stack[i] = n;
	errno = 77;
	caught = caught + (stack[n] == n);
}

static volatile int rounds = 2000000;	/* no compiler knows the sum */

/* The same sum with and without interruptions. */
static uint32_t long_sum(void)
{
	uint32_t x = 1, y = 2, z = 3;

	for (int i = rounds; i > 0; i--) {
		x = x * 1103515245 + 12345;
		y ^= x >> 7;
		z += y * 3;
	}
	return x ^ y ^ z;
}

CASE(a_sum_under_fire_is_the_same_sum)
{
	uint32_t quiet = long_sum(), loud;
	pid_t parent = getpid(), child;

	set_handler(SIGUSR1, spoil_everything, 0);
	child = fork_or_fail();
	if (child == 0)
		for (;;)
			kill(parent, SIGUSR1);
	while (!caught)
		sched_yield();
	do {
		loud = long_sum();
		expect(loud == quiet);
	} while (caught < 10);
	kill_and_wait(child);
}

CASE(errno_is_the_handlers_own_affair)
{
	set_handler(SIGUSR1, spoil_everything, 0);
	errno = 5;
	kill(getpid(), SIGUSR1);
	expect(errno == 77);
}

/* ---- Leaving by another door --------------------------------------------- */

static sigjmp_buf escape;

static void jump_out(int n)
{
	caught++;
	siglongjmp(escape, n);
}

CASE(jump_out_restores_the_mask)
{
	sigset_t now;

	set_handler(SIGUSR1, jump_out, 0);
	for (volatile int i = 0; i < 100; i++)
		if (sigsetjmp(escape, 1) == 0)
			raise(SIGUSR1);
	expect(caught == 100);
	sigprocmask(SIG_BLOCK, NULL, &now);
	expect(!sigismember(&now, SIGUSR1));
}

static void exit_from_handler(int n)
{
	_exit(n + 1);
}

CASE(handler_may_exit)
{
	pid_t child = fork_or_fail();

	if (child == 0) {
		set_handler(SIGUSR1, exit_from_handler, 0);
		raise(SIGUSR1);
		_exit(0);
	}
	expect(result_of(child) == SIGUSR1 + 1);
}

static void fork_in_handler(int n)
{
	if (fork() == 0)
		_exit(n);
	wait(NULL);
	caught++;
}

CASE(handler_may_fork_and_wait)
{
	set_handler(SIGUSR1, fork_in_handler, 0);
	for (int i = 0; i < 10; i++)
		raise(SIGUSR1);
	expect(caught == 10);
}

static volatile pid_t forked;

static void fork_and_return(int n)
{
	(void)n;
	forked = fork();
}

CASE(fork_in_a_handler_returns_from_it_twice)
{
	int local = 5;

	set_handler(SIGUSR1, fork_and_return, 0);
	raise(SIGUSR1);
	if (forked == 0)
		_exit(local + 1);
	expect(local == 5 && result_of(forked) == 6);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
