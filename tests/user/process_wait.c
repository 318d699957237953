/*
 * process_wait.c - stopped and continued children, waits that signals end, and
 * whole pipelines of programs. Any POSIX system.
 */
#include "tests/user/helpers.h"

static int end_with_seven(void)
{
	return 7;
}

CASE(bad_pointer_takes_the_child)
{
	pid_t child = start(end_with_seven);
	siginfo_t info;
	int status;

	if (!leak_is_parley()) {	/* Linux frees the child first */
		kill_and_wait(child);
		return;
	}
	expect_error(waitpid(child, nowhere, 0), EFAULT);
	expect_error(waitid(P_PID, child, nowhere, WEXITED), EFAULT);
	expect(waitid(P_PID, child, &info, WEXITED | WNOWAIT) == 0);
	expect(info.si_pid == child && info.si_status == 7);
	expect(waitpid(child, &status, 0) == child);
	expect(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	child = start_sleeper();
	kill(child, SIGSTOP);
	until_in_state(child, "stopped", "T");
	expect_error(waitpid(child, nowhere, WUNTRACED), EFAULT);
	expect(waitpid(child, &status, WUNTRACED) == child);
	expect(WIFSTOPPED(status));
	kill_and_wait(child);
}

static int wait_for_a_grandchild(void)
{
	int result, ends[2];
	pid_t child, grandchild;

	require(pipe(ends) == 0);
	child = fork();
	if (child == 0) {
		grandchild = fork();
		if (grandchild == 0)
			return sleep_for_ever();
		write(ends[1], &grandchild, sizeof(grandchild));
		return sleep_for_ever();
	}
	require(read(ends[0], &grandchild, sizeof(grandchild)) > 0);
	result = waitpid(grandchild, NULL, WNOHANG) == -1 && errno == ECHILD;
	result &= waitpid(getpid(), NULL, WNOHANG) == -1 && errno == ECHILD;
	kill(grandchild, SIGKILL);
	kill(child, SIGKILL);
	result &= waitpid(child, NULL, 0) == child;
	return !result;
}

CASE(number_of_a_process_that_is_no_child_is_echild)
{
	expect(result_of(start(wait_for_a_grandchild)) == 0);
}

/* ---- Stop and continue --------------------------------------------------- */

CASE(stopped_child_is_reported_once_and_only_if_asked)
{
	pid_t child = start_sleeper();
	int status;

	kill(child, SIGSTOP);
	expect(waitpid(child, &status, WUNTRACED) == child);
	expect(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	expect(!WIFEXITED(status) && !WIFSIGNALED(status));
	expect(waitpid(child, &status, WUNTRACED | WNOHANG) == 0);
	kill_and_wait(child);
	child = start_sleeper();
	kill(child, SIGSTOP);
	until_in_state(child, "stopped", "T");
	expect(waitpid(child, &status, WNOHANG) == 0);
	expect(kill_and_wait(child) == -SIGKILL);
}

CASE(continued_child_is_reported_once_and_only_if_asked)
{
	pid_t child = start_sleeper();
	int status;

	kill(child, SIGSTOP);
	expect(waitpid(child, &status, WUNTRACED) == child);
	kill(child, SIGCONT);
	expect(waitpid(child, &status, WNOHANG | WUNTRACED) == 0);
	expect(waitpid(child, &status, WCONTINUED) == child);
	expect(WIFCONTINUED(status) && !WIFSTOPPED(status));
	expect(waitpid(child, &status, WCONTINUED | WNOHANG) == 0);
	kill_and_wait(child);
}

CASE(each_stop_signal_is_named)
{
	static const int signals[] = { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };
	pid_t child;
	int status;

	/* An orphaned group ignores terminal stops: this one is not. */
	for (int i = 0; i < 4; i++) {
		child = start_sleeper();
		kill(child, signals[i]);
		expect(waitpid(child, &status, WUNTRACED) == child);
		expect(WIFSTOPPED(status) && WSTOPSIG(status) == signals[i]);
		kill_and_wait(child);
	}
}

CASE(kill_ends_a_stopped_process)
{
	pid_t child = start_sleeper();
	int status;

	kill(child, SIGSTOP);
	expect(waitpid(child, &status, WUNTRACED) == child);
	expect(kill_and_wait(child) == -SIGKILL);
}

static int told[2];

static void tell(int n)
{
	(void)n;
	write(told[1], "h", 1);
}

CASE(handlers_wait_for_the_continue)
{
	int status;
	char byte;
	pid_t child;

	require(pipe(told) == 0);
	set_handler(SIGUSR1, tell, 0);
	child = start_sleeper();
	kill(child, SIGSTOP);
	require(waitpid(child, &status, WUNTRACED) == child);
	kill(child, SIGUSR1);
	case_pause();
	set_nonblocking(told[0], 1);
	expect_error(read(told[0], &byte, 1), EAGAIN);
	expect(is_in_state(child, "stopped", "T"));
	set_nonblocking(told[0], 0);
	kill(child, SIGCONT);
	expect(read(told[0], &byte, 1) == 1);
	kill_and_wait(child);
}

CASE(stopped_process_does_not_run)
{
	int fds[2], status;
	char byte;
	pid_t child;

	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0)
		for (;;)
			write(fds[1], "x", 1);
	require(read(fds[0], &byte, 1) == 1);
	kill(child, SIGSTOP);
	require(waitpid(child, &status, WUNTRACED) == child);
	set_nonblocking(fds[0], 1);
	while (read(fds[0], &byte, 1) == 1)
		continue;
	case_pause();
	expect_error(read(fds[0], &byte, 1), EAGAIN);
	set_nonblocking(fds[0], 0);
	kill(child, SIGCONT);
	expect(read(fds[0], &byte, 1) == 1);
	kill_and_wait(child);
}

CASE(stop_and_continue_ten_times)
{
	pid_t child = start_sleeper();
	int status;

	for (int i = 0; i < 10; i++) {
		kill(child, SIGSTOP);
		require(waitpid(child, &status, WUNTRACED | WCONTINUED) ==
			child && WIFSTOPPED(status));
		kill(child, SIGCONT);
		require(waitpid(child, &status, WUNTRACED | WCONTINUED) ==
			child && WIFCONTINUED(status));
	}
	kill_and_wait(child);
}

CASE(stop_undoes_a_pending_continue_and_the_reverse)
{
	block(SIGCONT);
	block(SIGTSTP);
	raise(SIGTSTP);
	expect(is_pending(SIGTSTP));
	raise(SIGCONT);
	expect(!is_pending(SIGTSTP) && is_pending(SIGCONT));
	raise(SIGTSTP);
	expect(is_pending(SIGTSTP) && !is_pending(SIGCONT));
	set_handler(SIGTSTP, SIG_IGN, 0);
	expect(!is_pending(SIGTSTP));
}

/* ---- Waits that end early ------------------------------------------------ */

/* Waits for a child that never ends, under a handler with these flags. */
static pid_t start_waiter(int flags)
{
	pid_t waiter = fork_or_fail(), child;
	int result;

	if (waiter == 0) {
		set_handler(SIGUSR1, catch_it, flags);
		child = start(sleep_for_ever);
		result = waitpid(child, NULL, 0) < 0 ? errno : 0;
		kill(child, SIGKILL);
		_exit(caught ? result : 98);
	}
	until_asleep(waiter);
	return waiter;
}

CASE(handler_interrupts_a_wait)
{
	pid_t waiter = start_waiter(0);

	kill(waiter, SIGUSR1);
	expect(result_of(waiter) == EINTR);
}

static int end_beside_a_waiting_parent(void)
{
	until_asleep(getppid());
	return 7;
}

CASE(sigchld_handler_does_not_hide_the_child)
{
	int status = 0;
	pid_t child;

	set_handler(SIGCHLD, catch_it, 0);
	for (int i = 1; i <= 20; i++) {
		child = start(end_beside_a_waiting_parent);
		expect(waitpid(child, &status, 0) == child);
		expect(WIFEXITED(status) && WEXITSTATUS(status) == 7);
		expect(caught == i);
	}
}

CASE(sigchld_handler_does_not_hide_that_no_child_is_left)
{
	set_handler(SIGCHLD, catch_it, SA_NOCLDWAIT);
	for (int i = 1; i <= 20; i++) {
		start(end_beside_a_waiting_parent);
		expect_error(waitpid(-1, NULL, 0), ECHILD);
		expect(caught == i);
	}
}

CASE(sa_restart_goes_on_waiting)
{
	pid_t waiter = start_waiter(SA_RESTART);

	kill(waiter, SIGUSR1);
	case_pause();
	until_asleep(waiter);
	kill(-getpgrp(), 0);
	expect(kill_and_wait(waiter) == -SIGKILL);
}

CASE(kill_ends_a_wait)
{
	pid_t waiter = start_waiter(0);

	expect(kill_and_wait(waiter) == -SIGKILL);
}

/* ---- Pipelines ----------------------------------------------------------- */

static pid_t start_filter(int in, int out, int other)
{
	char *argv[] = { "cat", NULL };
	pid_t pid = fork_or_fail();

	if (pid)
		return pid;
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	close(in);
	close(out);
	close(other);
	execv("/bin/cat", argv);
	_exit(127);
}

static void run_pipeline(int number)
{
	int first[2], second[2], third[2], got = -1;
	pid_t cats[2];
	char byte;

	require(pipe(first) == 0 && pipe(second) == 0);
	cats[0] = start_filter(first[0], second[1], first[1]);
	close(first[0]);
	close(second[1]);
	require(pipe(third) == 0);
	fcntl(first[1], F_SETFD, FD_CLOEXEC);
	cats[1] = start_filter(second[0], third[1], third[0]);
	close(second[0]);
	close(third[1]);
	require(write(first[1], &number, sizeof(number)) == sizeof(number));
	close(first[1]);
	require(read_all(third[0], &got, sizeof(got)) && got == number);
	require(read(third[0], &byte, 1) == 0);
	close(third[0]);
	require(result_of(cats[0]) == 0 && result_of(cats[1]) == 0);
}

CASE(a_hundred_pipelines_leave_nothing)
{
	for (int i = 0; i < 100; i++)
		run_pipeline(i);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
