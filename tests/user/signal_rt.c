/*
 * signal_rt.c - signals that queue, with their values; taking signals without a
 * handler; a stack for handlers. Any POSIX system. Long, because each case is
 * small and they share their helpers.
 */
#include <limits.h>

#include "tests/user/helpers.h"

static siginfo_t infos[200];
static volatile int info_count;

static void note_info(int n, siginfo_t *info, void *context)
{
	(void)context;
	infos[info_count] = *info;
	infos[info_count++].si_signo = n;
}

static void set_info_handler(int n, int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = note_info;
	action.sa_flags = SA_SIGINFO | flags;
	sigfillset(&action.sa_mask);
	require(sigaction(n, &action, NULL) == 0);
}

static int queue(int n, int value)
{
	return sigqueue(getpid(), n, (union sigval){ .sival_int = value });
}

static sigset_t all_realtime(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (int n = SIGRTMIN; n <= SIGRTMAX; n++)
		sigaddset(&set, n);
	return set;
}

/* ---- Queueing ------------------------------------------------------------ */

CASE(there_are_eight_or_more)
{
	expect(SIGRTMAX - SIGRTMIN + 1 >= 8);
	expect(SIGRTMIN > 31);
}

CASE(a_value_arrives)
{
	set_info_handler(SIGRTMIN, 0);
	expect(queue(SIGRTMIN, 1234567) == 0);
	expect(info_count == 1);
	expect(infos[0].si_code == SI_QUEUE);
	expect(infos[0].si_value.sival_int == 1234567);
	expect(infos[0].si_pid == getpid());
	expect(infos[0].si_signo == SIGRTMIN);
}

CASE(each_is_queued_and_in_order)
{
	sigset_t set = all_realtime();

	set_info_handler(SIGRTMIN + 1, 0);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < 50; i++)
		expect(queue(SIGRTMIN + 1, i) == 0);
	expect(info_count == 0 && is_pending(SIGRTMIN + 1));
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	expect(info_count == 50);
	for (int i = 0; i < 50; i++)
		expect(infos[i].si_value.sival_int == i);
}

CASE(the_lowest_number_comes_first)
{
	sigset_t set = all_realtime();

	for (int i = 4; i >= 0; i--) {
		set_info_handler(SIGRTMIN + i, 0);
		sigprocmask(SIG_BLOCK, &set, NULL);
		queue(SIGRTMIN + i, 10 * i);
		queue(SIGRTMIN + i, 10 * i + 1);
	}
	for (int i = 0; i < 10; i++) {
		siginfo_t info;

		expect(sigwaitinfo(&set, &info) == SIGRTMIN + i / 2);
		expect(info.si_value.sival_int == 10 * (i / 2) + i % 2);
	}
}

CASE(a_standard_signal_comes_once)
{
	set_info_handler(SIGUSR1, 0);
	block(SIGUSR1);
	for (int i = 0; i < 5; i++)
		expect(queue(SIGUSR1, i) == 0);
	unblock(SIGUSR1);
	expect(info_count == 1);
}

CASE(kill_queues_realtime_signals_too)
{
	set_info_handler(SIGRTMAX, 0);
	block(SIGRTMAX);
	for (int i = 0; i < 5; i++)
		expect(kill(getpid(), SIGRTMAX) == 0);
	unblock(SIGRTMAX);
	expect(info_count == 5 && infos[0].si_code == SI_USER);
}

/* Elsewhere the limit is that of a user, and large. */
CASE(a_full_queue_is_eagain_and_loses_nothing)
{
	sigset_t set = all_realtime();
	long sent = 0, taken = 0;
	siginfo_t info;

	if (!leak_is_parley())
		return;
	sigprocmask(SIG_BLOCK, &set, NULL);
	while (sent < 100000 && queue(SIGRTMIN, (int)sent) == 0)
		sent++;
	expect(errno == EAGAIN && sent >= 32);
	/* kill() succeeds, and the signal pends once, without details. */
	expect(kill(getpid(), SIGRTMIN + 1) == 0);
	expect(kill(getpid(), SIGRTMIN + 1) == 0);
	expect(is_pending(SIGRTMIN + 1));
	while (taken < sent) {
		require(sigwaitinfo(&set, &info) == SIGRTMIN);
		require(info.si_value.sival_int == taken);
		taken++;
	}
	expect(sigwaitinfo(&set, &info) == SIGRTMIN + 1);
	expect(info.si_signo == SIGRTMIN + 1 && info.si_code == SI_USER);
	expect(!is_pending(SIGRTMIN + 1));
	expect(!is_pending(SIGRTMIN));
	expect(queue(SIGRTMIN, 0) == 0);
}

CASE(sigqueue_errors)
{
	union sigval value = { .sival_int = 0 };

	expect_error(sigqueue(getpid(), -1, value), EINVAL);
	expect_error(sigqueue(getpid(), 65, value), EINVAL);
	expect_error(sigqueue(999999, SIGRTMIN, value), ESRCH);
	expect(sigqueue(getpid(), 0, value) == 0);
}

CASE(values_from_a_child_arrive_in_order)
{
	sigset_t set = all_realtime();
	siginfo_t info;
	pid_t child;

	sigprocmask(SIG_BLOCK, &set, NULL);
	child = fork_or_fail();
	if (child == 0) {
		for (int i = 0; i < 1000; i++)
			while (sigqueue(getppid(), SIGRTMIN,
					(union sigval){ .sival_int = i }) < 0)
				case_pause();
		_exit(0);
	}
	for (int i = 0; i < 1000; i++) {
		require(sigwaitinfo(&set, &info) == SIGRTMIN);
		require(info.si_value.sival_int == i);
		require(info.si_pid == child);
	}
	expect(result_of(child) == 0);
}

/* ---- Waiting ------------------------------------------------------------- */

CASE(sigtimedwait_without_signal_is_eagain)
{
	const struct timespec now = { 0, 0 }, soon = { 0, 20000000 };
	const struct timespec bad = { 0, 1000000000 };
	sigset_t set = set_of(SIGUSR1);

	block(SIGUSR1);
	expect_error(sigtimedwait(&set, NULL, &now), EAGAIN);
	expect_error(sigtimedwait(&set, NULL, &soon), EAGAIN);
	expect_error(sigtimedwait(&set, NULL, &bad), EINVAL);
	raise(SIGUSR1);
	expect(sigtimedwait(&set, NULL, &now) == SIGUSR1);
}

CASE(sigtimedwait_is_woken_by_its_signal)
{
	const struct timespec long_time = { 50, 0 };
	sigset_t set = set_of(SIGUSR1);
	siginfo_t info;
	pid_t child;

	block(SIGUSR1);
	child = fork_or_fail();
	if (child == 0) {
		until_asleep(getppid());
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	expect(sigtimedwait(&set, &info, &long_time) == SIGUSR1);
	expect(info.si_pid == child && info.si_code == SI_USER);
	expect(!is_pending(SIGUSR1));
	result_of(child);
}

static int waits_for_usr1(void)
{
	sigset_t set = set_of(SIGUSR1);

	set_handler(SIGUSR2, catch_it, SA_RESTART);
	block(SIGUSR1);
	if (sigwaitinfo(&set, NULL) != -1 || errno != EINTR || caught != 1)
		return 1;
	return sigwaitinfo(&set, NULL) == SIGUSR1 ? 0 : 2;
}

CASE(another_signal_with_a_handler_is_eintr)
{
	pid_t child = start(waits_for_usr1);

	until_asleep(child);
	kill(child, SIGUSR2);
	case_pause();
	until_asleep(child);
	kill(child, SIGUSR1);
	expect(result_of(child) == 0);
}

CASE(a_waiter_can_be_killed)
{
	pid_t child = start(waits_for_usr1);

	until_asleep(child);
	expect(kill_and_wait(child) == -SIGKILL);
}

CASE(sigwait_gives_the_number)
{
	sigset_t set = set_of(SIGUSR1);
	int n = 0;

	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR2);
	expect(sigwait(&set, &n) == 0 && n == SIGUSR2);
	raise(SIGUSR1);
	expect(sigwait(&set, &n) == 0 && n == SIGUSR1);
}

CASE(sigwait_takes_sigchld)
{
	sigset_t set = set_of(SIGCHLD);
	siginfo_t info;
	pid_t child;

	block(SIGCHLD);
	child = fork_or_fail();
	if (child == 0)
		_exit(3);
	expect(sigwaitinfo(&set, &info) == SIGCHLD);
	expect(info.si_pid == child && info.si_code == CLD_EXITED &&
	       info.si_status == 3);
	expect(result_of(child) == 3);
}

CASE(bad_pointers_are_efault)
{
	sigset_t set = set_of(SIGUSR1);

	block(SIGUSR1);
	if (!leak_is_parley())
		return;		/* libraries elsewhere look at them first */
	expect_error(sigtimedwait(nowhere, NULL, NULL), EFAULT);
	expect_error(sigtimedwait(&set, NULL, nowhere), EFAULT);
}

CASE(bad_pointer_takes_the_signal)
{
	sigset_t set = set_of(SIGRTMIN);
	siginfo_t info;

	if (!leak_is_parley())
		return;		/* Linux takes the signal first */
	block(SIGRTMIN);
	sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 1 });
	sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 2 });
	expect_error(sigwaitinfo(&set, nowhere), EFAULT);
	for (int i = 1; i <= 2; i++) {
		expect(sigwaitinfo(&set, &info) == SIGRTMIN);
		expect(info.si_value.sival_int == i);
	}
}


static int interrupted_read(void)
{
	char byte;
	int fds[2];

	if (pipe(fds) < 0)
		return 1;
	set_handler(SIGUSR1, catch_it, SA_RESTART);
	siginterrupt(SIGUSR1, 1);
	return read(fds[0], &byte, 1) == -1 && errno == EINTR ? 0 : 2;
}

CASE(siginterrupt_takes_restart_away)
{
	pid_t child = start(interrupted_read);

	until_asleep(child);
	kill(child, SIGUSR1);
	expect(result_of(child) == 0);
}

/* ---- A stack for handlers ------------------------------------------------ */

static char alternate[64 * 1024];
static volatile char *seen_at;
static volatile int seen_flags;

static void note_stack(int n)
{
	volatile char here = 0;
	stack_t now;

	seen_at = &here;
	sigaltstack(NULL, &now);
	seen_flags = now.ss_flags;
	catch_it(n);
}

static int is_on_alternate(void)
{
	return seen_at >= alternate && seen_at < alternate + sizeof(alternate);
}

static void set_alternate(void)
{
	stack_t stack = { .ss_sp = alternate, .ss_size = sizeof(alternate) };

	require(sigaltstack(&stack, NULL) == 0);
}

CASE(a_handler_runs_on_its_stack_only_if_asked)
{
	set_alternate();
	set_handler(SIGUSR1, note_stack, SA_ONSTACK);
	set_handler(SIGUSR2, note_stack, 0);
	raise(SIGUSR1);
	expect(caught == 1 && is_on_alternate());
	expect(seen_flags == SS_ONSTACK);
	raise(SIGUSR2);
	expect(caught == 2 && !is_on_alternate());
	expect(seen_flags == 0);
}

static void change_stack(int n)
{
	stack_t stack = { .ss_flags = SS_DISABLE };

	if (sigaltstack(&stack, NULL) == -1 && errno == EPERM)
		catch_it(n);
}

CASE(the_stack_in_use_cannot_be_changed)
{
	set_alternate();
	set_handler(SIGUSR1, change_stack, SA_ONSTACK);
	raise(SIGUSR1);
	expect(caught == 1);
}

CASE(sigaltstack_errors_and_old_values)
{
	stack_t stack = { .ss_sp = alternate, .ss_size = 16 }, old;

	expect(sigaltstack(NULL, &old) == 0 && old.ss_flags == SS_DISABLE);
	expect_error(sigaltstack(&stack, NULL), ENOMEM);
	stack.ss_size = sizeof(alternate);
	stack.ss_flags = 0x7777;
	expect_error(sigaltstack(&stack, NULL), EINVAL);
	set_alternate();
	stack.ss_flags = SS_DISABLE;
	expect(sigaltstack(&stack, &old) == 0);
	expect(old.ss_sp == alternate && old.ss_size == sizeof(alternate) &&
	       old.ss_flags == 0);
	expect(sigaltstack(NULL, &old) == 0 && old.ss_flags == SS_DISABLE);
	expect(!old.ss_sp && old.ss_size == 0);
}

static void leave(int n)
{
	_exit(n == SIGSEGV ? 12 : 1);
}

static int deeper(volatile int *count)
{
	volatile char block[4000];

	block[0] = (char)*count;
	if (*count < 0)
		return 0;
	*count += 1;
	return deeper(count) + block[0];
}

static int overflow(void)
{
	volatile int count = 0;

	set_alternate();
	set_handler(SIGSEGV, leave, SA_ONSTACK);
	return deeper(&count);
}

CASE(stack_overflow_can_be_handled)
{
	expect(run_in_child(overflow) == 12);
}

static int overflow_without(void)
{
	volatile int count = 0;

	set_handler(SIGSEGV, leave, 0);
	return deeper(&count);
}

CASE(stack_overflow_without_a_stack_for_handlers_is_fatal)
{
	expect(run_in_child(overflow_without) == -SIGSEGV);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
