/*
 * process_group.c - process groups and sessions. Any POSIX system.
 *
 * The process of the case leads a group, in the session of the runner.
 */
#include <limits.h>

#include "tests/user/helpers.h"

CASE(child_is_born_into_our_group)
{
	pid_t child = start_sleeper();

	expect(getpgrp() == getpid());
	expect(getpgid(child) == getpgrp() && getpgid(0) == getpgrp());
	expect(getsid(child) == getsid(0));
	kill_and_wait(child);
}

CASE(child_gets_a_group_of_its_own)
{
	pid_t child = start_sleeper();

	expect(setpgid(child, 0) == 0);
	expect(getpgid(child) == child);
	expect(setpgid(child, getpgrp()) == 0);
	expect(getpgid(child) == getpgrp());
	kill_and_wait(child);
}

CASE(child_joins_the_group_of_its_sibling)
{
	pid_t leader = start_sleeper(), member = start_sleeper();

	expect(setpgid(leader, leader) == 0);
	expect(setpgid(member, leader) == 0);
	expect(getpgid(member) == leader);
	expect(kill(-leader, SIGTERM) == 0);
	expect(result_of(leader) == -SIGTERM);
	expect(result_of(member) == -SIGTERM);
}

static int return_0(void)
{
	return 0;
}

CASE(group_of_a_zombie_does_not_exist)
{
	pid_t leader = start(return_0);

	require(setpgid(leader, leader) == 0);
	until_zombie(leader);
	expect(kill(leader, 0) == 0 && kill(-leader, 0) == 0);
	expect(kill(-leader, SIGKILL) == 0);
	expect(result_of(leader) == 0);
	expect_error(kill(-leader, 0), ESRCH);
}

CASE(group_lives_on_without_its_leader)
{
	pid_t leader = start_sleeper(), member = start_sleeper();

	expect(setpgid(leader, leader) == 0 && setpgid(member, leader) == 0);
	kill_and_wait(leader);
	expect_error(kill(leader, 0), ESRCH);
	expect(kill(-leader, 0) == 0);
	expect(getpgid(member) == leader);
	kill(-leader, SIGTERM);
	expect(result_of(member) == -SIGTERM);
	expect_error(kill(-leader, 0), ESRCH);
}

CASE(signal_to_a_group_reaches_no_one_else)
{
	pid_t inside = start_sleeper(), outside = start_sleeper();

	expect(setpgid(inside, inside) == 0);
	expect(kill(-inside, SIGKILL) == 0);
	expect(result_of(inside) == -SIGKILL);
	expect(is_asleep(outside));
	kill_and_wait(outside);
}

CASE(signal_to_group_zero_is_to_our_own)
{
	pid_t child = start_sleeper(), outside = start_sleeper();

	expect(setpgid(outside, outside) == 0);
	set_handler(SIGTERM, catch_it, SA_RESTART);
	expect(kill(0, SIGTERM) == 0);
	expect(result_of(child) == -SIGTERM);
	expect(caught == 1 && is_asleep(outside));
	kill_and_wait(outside);
}

CASE(strangers_are_esrch)
{
	expect_error(setpgid(999999, 0), ESRCH);
	expect_error(setpgid(getppid(), 0), ESRCH);
	expect_error(getpgid(999999), ESRCH);
	expect_error(getsid(999999), ESRCH);
	expect_error(getpgid(-1), ESRCH);
	expect_error(getsid(INT_MIN), ESRCH);
	expect_error(kill(-999999, 0), ESRCH);
	expect(setpgid(INT_MIN, 0) == -1);
}

CASE(grandchild_is_a_stranger)
{
	int fds[2];
	pid_t child, grandchild = 0;

	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0) {
		grandchild = start_sleeper();
		write(fds[1], &grandchild, sizeof(grandchild));
		sleep_for_ever();
	}
	require(read_all(fds[0], &grandchild, sizeof(grandchild)));
	expect_error(setpgid(grandchild, 0), ESRCH);
	kill(grandchild, SIGKILL);
	kill_and_wait(child);
}

CASE(negative_group_is_einval)
{
	pid_t child = start_sleeper();

	expect_error(setpgid(child, -1), EINVAL);
	expect_error(setpgid(0, INT_MIN), EINVAL);
	expect(getpgid(child) == getpgrp());
	kill_and_wait(child);
}

CASE(group_that_is_not_there_is_eperm)
{
	pid_t child = start_sleeper(), other = start_sleeper();

	expect_error(setpgid(child, 999999), EPERM);
	expect_error(setpgid(child, other), EPERM);
	expect(getpgid(child) == getpgrp());
	kill_and_wait(child);
	kill_and_wait(other);
}

CASE(after_exec_it_is_eacces)
{
	char *argv[] = { (char *)case_program, "--sleep", NULL };
	int fds[2];
	char byte;
	pid_t child;

	require(pipe2(fds, O_CLOEXEC) == 0);
	child = fork_or_fail();
	if (child == 0) {
		execv(case_program, argv);
		_exit(126);
	}
	close(fds[1]);
	require(read(fds[0], &byte, 1) == 0);
	expect_error(setpgid(child, 0), EACCES);
	kill_and_wait(child);
}

CASE(new_session_has_a_group_of_its_own)
{
	pid_t child = fork_or_fail();

	if (child == 0) {
		expect(setsid() == getpid());
		expect(getsid(0) == getpid() && getpgrp() == getpid());
		expect_error(setsid(), EPERM);
		expect_error(setpgid(0, 0), EPERM);
		expect_error(setpgid(0, getpgid(getppid())), EPERM);
		_exit(case_failed);
	}
	expect(result_of(child) == 0);
}

CASE(group_leader_cannot_leave_its_session)
{
	pid_t session = getsid(0);

	expect(getpgrp() == getpid());
	expect_error(setsid(), EPERM);
	expect(getsid(0) == session);
}

CASE(other_session_is_eperm)
{
	int fds[2];
	char byte;
	pid_t child;

	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0) {
		setsid();
		write(fds[1], "x", 1);
		sleep_for_ever();
	}
	require(read(fds[0], &byte, 1) == 1);
	expect(getsid(child) == child);
	expect_error(setpgid(child, getpgrp()), EPERM);
	expect_error(setpgid(child, child), EPERM);
	pid_t other = start_sleeper();

	expect_error(setpgid(other, child), EPERM);
	kill_and_wait(other);
	kill_and_wait(child);
}

CASE(zombie_still_belongs_to_its_group)
{
	pid_t child = start_sleeper();

	expect(setpgid(child, child) == 0);
	kill(child, SIGKILL);
	until_zombie(child);
	expect(getpgid(child) == child);
	expect(result_of(child) == -SIGKILL);
	expect_error(getpgid(child), ESRCH);
}

CASE(a_pid_in_use_as_group_is_not_given_out)
{
	pid_t leader = start_sleeper(), member = start_sleeper(), pid;

	expect(setpgid(leader, leader) == 0 && setpgid(member, leader) == 0);
	kill_and_wait(leader);
	for (int i = 0; i < 300; i++) {
		pid = fork_or_fail();
		if (pid == 0)
			_exit(0);
		require(pid != leader && pid != member);
		require(result_of(pid) == 0);
	}
	kill_and_wait(member);
}

static int stop_by(int n)
{
	raise(n);
	return 5;
}

/* A child without a shell in its session: no process could continue its group,
 * because the child leads the session. */
static int stop_without_a_shell(void)
{
	setsid();
	return stop_by(SIGTSTP) == 5 && stop_by(SIGTTIN) == 5 &&
	       stop_by(SIGTTOU) == 5 ? 0 : 1;
}

CASE(orphaned_group_is_not_stopped_by_the_terminal)
{
	expect(run_in_child(stop_without_a_shell) == 0);
}

CASE(sigstop_stops_in_an_orphaned_group_too)
{
	int status;
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		setsid();
		_exit(stop_by(SIGSTOP));
	}
	require(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status));
	kill(pid, SIGCONT);
	expect(result_of(pid) == 5);
}

static int tell[2];

static void hang_up(int n)
{
	char byte = n == SIGHUP ? 'h' : '?';

	write(tell[1], &byte, 1);
	_exit(0);
}

/* A parent ends before its stopped child, which is in a different group. */
static int leave_a_stopped_one(void)
{
	int status;
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		setpgid(0, 0);
		set_handler(SIGHUP, hang_up, 0);
		raise(SIGSTOP);
		_exit(1);
	}
	setpgid(pid, pid);
	return waitpid(pid, &status, WUNTRACED) == pid &&
	       WIFSTOPPED(status) ? 0 : 1;
}

CASE(stopped_group_goes_on_when_its_last_tie_ends)
{
	char byte = 0;

	require(pipe(tell) == 0);
	expect(run_in_child(leave_a_stopped_one) == 0);
	close(tell[1]);
	expect(read(tell[0], &byte, 1) == 1 && byte == 'h');
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--sleep") == 0)
		return sleep_for_ever();
	return run_cases(argc, argv);
}
