/*
 * process_life.c - fork, exit and wait: the values that a child gets, the
 * status for its parent, and the new parent of orphans. Any POSIX system.
 */
#include <limits.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

static int return_7(void)
{
	return 7;
}

/* ---- fork ---------------------------------------------------------------- */

CASE(child_gets_zero_and_parent_the_pid)
{
	int fds[2];
	pid_t child, told, me = getpid();

	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0) {
		told = getpid();
		expect(getppid() == me && told != me);
		write(fds[1], &told, sizeof(told));
		_exit(case_failed);
	}
	expect(read_all(fds[0], &told, sizeof(told)) && told == child);
	expect(result_of(child) == 0);
}

static int global = 1;

CASE(child_and_parent_write_to_memories_of_their_own)
{
	int local = 1, fds[2];
	char *heap = malloc(100000);
	char byte;
	pid_t child;

	strcpy(heap, "parent");
	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0) {
		global = local = 2;
		strcpy(heap, "child");
		write(fds[1], "x", 1);
		sleep_for_ever();
	}
	expect(read(fds[0], &byte, 1) == 1);
	expect(global == 1 && local == 1 && strcmp(heap, "parent") == 0);
	global = local = 3;
	kill_and_wait(child);
	expect(global == 3 && local == 3);
}

CASE(a_tree_of_forks_shares_no_writes)
{
	static volatile int value;
	int depth;

	for (depth = 0; depth < 10; depth++) {
		value = depth;
		if (fork_or_fail() == 0)
			continue;
		value = 1000;
		int status = -1;

		wait(&status);
		_exit(value != 1000 || status != 0);
	}
	_exit(value != 9);
}

CASE(child_inherits_what_posix_says)
{
	struct stat here, there;
	pid_t child;

	umask(027);
	block(SIGUSR2);
	set_handler(SIGUSR1, catch_it, 0);
	set_handler(SIGHUP, SIG_IGN, 0);
	require(chdir("/tmp") == 0 && stat(".", &here) == 0);
	child = fork_or_fail();
	if (child == 0) {
		sigset_t mask;

		expect(umask(0) == 027);
		sigprocmask(SIG_BLOCK, NULL, &mask);
		expect(sigismember(&mask, SIGUSR2));
		raise(SIGHUP);
		raise(SIGUSR1);
		expect(caught == 1);
		expect(stat(".", &there) == 0 && here.st_ino == there.st_ino);
		expect(getpgrp() == getpgid(getppid()));
		expect(getsid(0) == getsid(getppid()));
		_exit(case_failed);
	}
	expect(result_of(child) == 0);
}

CASE(child_inherits_no_pending_signal)
{
	block(SIGUSR1);
	raise(SIGUSR1);
	require(is_pending(SIGUSR1));
	if (fork_or_fail() == 0)
		_exit(is_pending(SIGUSR1));
	int status = -1;

	wait(&status);
	expect(status == 0);
	expect(is_pending(SIGUSR1));
}

CASE(a_thousand_forks_leave_nothing)
{
	for (int i = 0; i < 1000; i++)
		require(run_in_child(return_7) == 7);
}

/* ---- Status -------------------------------------------------------------- */

CASE(exit_status_is_its_low_byte)
{
	static const int values[] = { 0, 1, 127, 128, 255, 256, 257, -1,
				      INT_MIN };

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		int status = -1;
		pid_t child = fork_or_fail();

		if (child == 0)
			_exit(values[i]);
		expect(waitpid(child, &status, 0) == child);
		expect(WIFEXITED(status) && !WIFSIGNALED(status) &&
		       !WIFSTOPPED(status) && !WIFCONTINUED(status));
		expect(WEXITSTATUS(status) == (values[i] & 255));
	}
}

CASE(status_names_the_signal)
{
	const int signals[] = { SIGHUP, SIGKILL, SIGSEGV, SIGABRT,
				SIGTERM, SIGUSR1, SIGALRM, SIGRTMAX };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		int status = -1;
		pid_t child = start(sleep_for_ever);

		expect(kill(child, signals[i]) == 0);
		expect(waitpid(child, &status, 0) == child);
		expect(WIFSIGNALED(status) && !WIFEXITED(status) &&
		       !WIFSTOPPED(status));
		expect(WTERMSIG(status) == signals[i]);
	}
}

CASE(status_may_be_null)
{
	pid_t child = start(return_7);

	expect(waitpid(child, NULL, 0) == child);
}

/* ---- wait ---------------------------------------------------------------- */

CASE(wait_waits)
{
	pid_t child = start(sleep_for_ever);
	pid_t killer = fork_or_fail();

	if (killer == 0) {
		until_asleep(getppid());
		kill(child, SIGTERM);
		_exit(0);
	}
	expect(result_of(child) == -SIGTERM);
	expect(result_of(killer) == 0);
}

CASE(wnohang_does_not_wait)
{
	pid_t child = start(sleep_for_ever);
	int status = 12345;

	expect(waitpid(child, &status, WNOHANG) == 0 && status == 12345);
	expect(waitpid(-1, &status, WNOHANG) == 0);
	kill(child, SIGKILL);
	until_zombie(child);
	expect(waitpid(-1, &status, WNOHANG) == child);
	expect_error(waitpid(-1, &status, WNOHANG), ECHILD);
}

CASE(every_child_is_reaped_once)
{
	pid_t children[20];
	int status, seen = 0;

	for (int i = 0; i < 20; i++) {
		children[i] = fork_or_fail();
		if (children[i] == 0)
			_exit(i);
	}
	for (int i = 0; i < 20; i++) {
		pid_t pid = wait(&status);

		require(pid > 0 && WIFEXITED(status));
		expect(children[WEXITSTATUS(status)] == pid);
		seen |= 1 << WEXITSTATUS(status);
	}
	expect(seen == (1 << 20) - 1);
	expect_error(wait(&status), ECHILD);
}

CASE(waiting_for_one_leaves_the_others)
{
	pid_t first = start(return_7), second = start(return_7);

	until_zombie(first);
	until_zombie(second);
	expect(result_of(second) == 7);
	expect(result_of(first) == 7);
}

CASE(wait_without_children_is_echild)
{
	expect_error(wait(NULL), ECHILD);
	expect_error(waitpid(-1, NULL, WNOHANG), ECHILD);
	expect_error(waitpid(0, NULL, 0), ECHILD);
	expect_error(waitpid(1, NULL, 0), ECHILD);
	expect_error(waitpid(getpid(), NULL, 0), ECHILD);
	expect_error(waitpid(getppid(), NULL, 0), ECHILD);
	expect_error(waitpid(999999, NULL, 0), ECHILD);
	expect(waitpid(INT_MIN, NULL, 0) == -1);
}

CASE(second_wait_is_echild)
{
	pid_t child = start(return_7);

	expect(result_of(child) == 7);
	expect_error(waitpid(child, NULL, 0), ECHILD);
}

CASE(grandchildren_are_not_ours)
{
	int fds[2];
	pid_t child, grandchild = 0;

	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0) {
		grandchild = start(sleep_for_ever);
		write(fds[1], &grandchild, sizeof(grandchild));
		sleep_for_ever();
	}
	require(read_all(fds[0], &grandchild, sizeof(grandchild)));
	expect_error(waitpid(grandchild, NULL, 0), ECHILD);
	kill(grandchild, SIGKILL);
	kill_and_wait(child);
}

CASE(unknown_options_are_einval)
{
	pid_t child = start(return_7);

	expect_error(waitpid(child, NULL, 0x40), EINVAL);
	expect_error(waitpid(child, NULL, INT_MIN | 0x40), EINVAL);
	expect(result_of(child) == 7);
}

CASE(bad_status_pointer_loses_at_most_that_child)
{
	pid_t child = start(return_7), other = start(return_7), again;

	until_zombie(child);
	expect_error(waitpid(child, nowhere, 0), EFAULT);
	again = waitpid(child, NULL, 0);
	expect(again == child || (again == -1 && errno == ECHILD));
	expect(result_of(other) == 7);
}

CASE(wait_finds_children_by_group)
{
	pid_t leader = start(sleep_for_ever), member, stranger;

	require(setpgid(leader, leader) == 0);
	member = start(return_7);
	setpgid(member, leader);
	stranger = start(return_7);
	until_zombie(member);
	until_zombie(stranger);
	expect(waitpid(0, NULL, WNOHANG) == stranger);
	expect_error(waitpid(0, NULL, WNOHANG), ECHILD);
	kill(leader, SIGKILL);
	until_zombie(leader);
	expect(waitpid(-leader, NULL, 0) > 0);
	waitpid(-1, NULL, 0);
	expect_error(waitpid(-leader, NULL, 0), ECHILD);
}

/* ---- Zombies and orphans ------------------------------------------------- */

CASE(zombie_exists_until_it_is_waited_for)
{
	pid_t child = start(return_7);

	until_zombie(child);
	expect(kill(child, 0) == 0 && kill(child, SIGKILL) == 0);
	expect(getpgid(child) == getpgrp());
	expect(result_of(child) == 7);
	expect_error(kill(child, 0), ESRCH);
}

CASE(orphans_get_another_parent)
{
	int fds[2];
	pid_t child, parents[2];

	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0) {
		if (fork_or_fail() > 0)
			pause();
		parents[0] = getppid();
		kill(parents[0], SIGKILL);
		while (getppid() == parents[0])
			case_pause();
		parents[1] = getppid();
		write(fds[1], parents, sizeof(parents));
		_exit(0);
	}
	close(fds[1]);
	expect(result_of(child) == -SIGKILL);
	require(read_all(fds[0], parents, sizeof(parents)));
	expect(parents[0] == child && parents[1] != getpid());
	expect(read(fds[0], parents, 1) == 0);
}

CASE(orphaned_zombies_are_reaped)
{
	for (int i = 0; i < 30; i++) {
		pid_t child = fork_or_fail();

		if (child == 0) {
			for (int j = 0; j < 3; j++)
				start(return_7);
			_exit(0);
		}
		expect(result_of(child) == 0);
	}
}

CASE(ignored_sigchld_reaps_at_once)
{
	pid_t child;

	set_handler(SIGCHLD, SIG_IGN, 0);
	child = start(return_7);
	expect_error(waitpid(child, NULL, 0), ECHILD);
	expect_error(kill(child, 0), ESRCH);
}

CASE(nocldwait_reaps_at_once)
{
	pid_t child;

	set_handler(SIGCHLD, SIG_DFL, SA_NOCLDWAIT);
	child = start(return_7);
	expect_error(waitpid(child, NULL, 0), ECHILD);
	expect_error(kill(child, 0), ESRCH);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
