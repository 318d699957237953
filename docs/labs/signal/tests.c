/*
 * tests.c - the tests of lab 8: signals.
 *
 * lab.toml has the points of each case and what the trace must show.
 */
#define LAB_LOOKS
#include "docs/labs/lab.h"

static int fds[2];
static char byte;

static int read_one(void)
{
	ssize_t n = read(fds[0], &byte, 1);

	return n < 0 ? 100 + errno : byte;
}

static int read_interrupted(void)
{
	set_handler(SIGUSR1, catch_it, 0);
	return read_one() + (caught == 1 ? 0 : 50);
}

static int read_restarted(void)
{
	set_handler(SIGUSR1, catch_it, SA_RESTART);
	return read_one() + (caught == 1 ? 0 : 50);
}

static int compute(void)
{
	for (volatile long turns = 0; turns < 50000000; turns++)
		;
	return 1;
}

static pid_t start_with_pipe(int (*function)(void))
{
	pid_t pid;

	require(fds[0] || pipe(fds) == 0);
	pid = start(function);
	until_asleep(pid);
	return pid;
}

/* Wait for a change of the child's state: the wait status. */
static int change_of(pid_t pid, int options)
{
	int status = 0;

	expect(waitpid(pid, &status, options) == pid);
	return status;
}

CASE(signal_ends_a_process_that_sleeps)
{
	pid_t pid = start_with_pipe(read_one);

	mark(1);
	expect(kill(pid, SIGTERM) == 0);
	expect(result_of(pid) == -SIGTERM);
}

CASE(kill_ends_a_process_that_computes)
{
	pid_t pid = start(compute);

	case_pause();
	expect(kill_and_wait(pid) == -SIGKILL);
}

CASE(handler_runs_and_returns)
{
	int before = 11, after = 22;

	set_handler(SIGUSR1, catch_it, 0);
	expect(raise(SIGUSR1) == 0);
	expect(caught == 1 && caught_signal == SIGUSR1);
	expect(kill(getpid(), SIGUSR1) == 0 && caught == 2);
	expect(before == 11 && after == 22);
}

CASE(ignored_signal_does_nothing)
{
	pid_t pid;

	set_handler(SIGUSR1, SIG_IGN, 0);
	expect(raise(SIGUSR1) == 0 && !is_pending(SIGUSR1));
	expect(raise(SIGCHLD) == 0 && raise(SIGURG) == 0);
	block(SIGUSR1);
	expect(raise(SIGUSR1) == 0);
	unblock(SIGUSR1);
	expect(!is_pending(SIGUSR1));
	pid = start_with_pipe(read_one);
	expect(kill(pid, SIGUSR1) == 0);
	case_pause();
	expect(is_asleep(pid));
	expect(write(fds[1], "a", 1) == 1 && result_of(pid) == 'a');
}

CASE(blocked_signal_pends_until_it_is_unblocked)
{
	set_handler(SIGUSR1, catch_it, 0);
	block(SIGUSR1);
	expect(raise(SIGUSR1) == 0 && raise(SIGUSR1) == 0);
	expect(is_pending(SIGUSR1) && caught == 0);
	set_handler(SIGUSR2, catch_it, 0);
	expect(raise(SIGUSR2) == 0 && caught == 1);
	expect(caught_signal == SIGUSR2 && is_pending(SIGUSR1));
	caught = 0;
	unblock(SIGUSR1);
	expect(caught == 1 && !is_pending(SIGUSR1));
}

CASE(handler_ends_a_wait)
{
	pid_t pid = start_with_pipe(read_interrupted);

	expect(kill(pid, SIGUSR1) == 0);
	expect(result_of(pid) == 100 + EINTR);
}

CASE(restart_makes_the_call_again)
{
	pid_t pid = start_with_pipe(read_restarted);

	expect(kill(pid, SIGUSR1) == 0);
	case_pause();
	until_asleep(pid);
	expect(write(fds[1], "a", 1) == 1);
	expect(result_of(pid) == 'a');
}

static volatile sig_atomic_t depth, deepest;

static void raise_again(int n)
{
	if (++depth > deepest)
		deepest = depth;
	if (caught++ < 2)
		raise(n);
	depth--;
}

CASE(handler_blocks_its_own_signal)
{
	set_handler(SIGUSR1, raise_again, 0);
	expect(raise(SIGUSR1) == 0);
	expect(caught == 3 && deepest == 1);
	caught = 0;
	set_handler(SIGUSR1, raise_again, SA_NODEFER);
	expect(raise(SIGUSR1) == 0);
	expect(caught == 3 && deepest == 3);
}

CASE(stop_and_continue)
{
	pid_t pid = start_with_pipe(read_one);
	int status;

	expect(kill(pid, SIGSTOP) == 0);
	status = change_of(pid, WUNTRACED);
	expect(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	expect(write(fds[1], "a", 1) == 1);
	case_pause();
	expect(waitpid(pid, &status, WNOHANG) == 0);
	expect(kill(pid, SIGCONT) == 0);
	expect(WIFCONTINUED(change_of(pid, WCONTINUED)));
	expect(result_of(pid) == 'a');
}

static volatile int values[8], value_count;

static void note(int n, siginfo_t *info, void *context)
{
	(void)n;
	(void)context;
	values[value_count++] = info->si_value.sival_int;
}

CASE(realtime_signals_queue_in_order)
{
	struct sigaction action = { .sa_sigaction = note,
				    .sa_flags = SA_SIGINFO };

	require(sigaction(SIGRTMIN, &action, NULL) == 0);
	block(SIGRTMIN);
	for (int i = 0; i < 4; i++)
		expect(sigqueue(getpid(), SIGRTMIN,
				(union sigval){ .sival_int = 7 + i }) == 0);
	expect(value_count == 0);
	unblock(SIGRTMIN);
	expect(value_count == 4);
	for (int i = 0; i < 4; i++)
		expect(values[i] == 7 + i);
	expect(!is_pending(SIGRTMIN));
}

CASE(sigtimedwait_takes_a_pending_signal)
{
	const struct timespec moment = { 0, 10000000 };
	sigset_t set = set_of(SIGUSR1);
	pid_t parent = getpid(), pid;

	set_handler(SIGUSR1, catch_it, 0);
	block(SIGUSR1);
	require(raise(SIGUSR1) == 0);
	expect(sigtimedwait(&set, NULL, &moment) == SIGUSR1);
	expect(caught == 0 && !is_pending(SIGUSR1));
	pid = fork_or_fail();
	if (pid == 0) {
		until_asleep(parent);
		_exit(kill(parent, SIGUSR1));
	}
	expect(sigwaitinfo(&set, NULL) == SIGUSR1);
	expect(result_of(pid) == 0 && caught == 0);
}

LAB_MAIN
