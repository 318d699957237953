/*
 * process_limit.c - the bounds of processes, their numbers, their stacks. The
 * bounds are Parley's.
 *
 * linux: no
 */
#include "tests/user/helpers.h"

#define NUMBERS	8192		/* pids are below this */

static int return_7(void)
{
	return 7;
}

CASE(fork_ends_with_eagain_and_all_comes_back)
{
	long count = 0;
	pid_t pid;

	while ((pid = fork()) > 0)
		count++;
	if (pid == 0)
		sleep_for_ever();
	expect(errno == EAGAIN || errno == ENOMEM);
	expect(count >= 100);
	signal(SIGTERM, SIG_IGN);
	expect(kill(0, SIGTERM) == 0);
	expect(kill(-getpgrp(), 0) == 0);
	/* They inherited the default action: all but us are gone. */
	while (count > 0 && wait(NULL) > 0)
		count--;
	expect(count == 0);
	expect(run_in_child(return_7) == 7);
}

CASE(fork_bomb_is_ended_by_one_kill)
{
	pid_t bomb = fork_or_fail();

	if (bomb == 0) {
		setpgid(0, 0);
		for (;;)
			if (fork() < 0)
				break;
		sleep_for_ever();
	}
	setpgid(bomb, bomb);
	for (int i = 0; i < 100; i++)
		case_pause();
	expect(kill(-bomb, SIGKILL) == 0);
	/* The group exists until init has waited for the last orphan. */
	expect(result_of(bomb) == -SIGKILL);
	while (kill(-bomb, 0) == 0)
		case_pause();
	expect(errno == ESRCH);
	expect(run_in_child(return_7) == 7);
}

CASE(zombies_are_bounded_too)
{
	long count = 0;
	pid_t pid;

	while ((pid = fork()) > 0)
		count++;
	if (pid == 0)
		_exit(0);
	expect(errno == EAGAIN || errno == ENOMEM);
	while (wait(NULL) > 0)
		count--;
	expect(count == 0 && errno == ECHILD);
	expect(run_in_child(return_7) == 7);
}

CASE(numbers_wrap_and_spare_those_in_use)
{
	pid_t keeper = start(sleep_for_ever), pid, highest = 0, wrapped = 0;

	for (int i = 0; i < NUMBERS + 100; i++) {
		pid = fork_or_fail();
		if (pid == 0)
			_exit(0);
		require(pid > 1 && pid < NUMBERS && pid != keeper &&
			pid != getpid() && pid != getppid());
		wrapped |= pid < highest;
		highest = pid > highest ? pid : highest;
		require(waitpid(pid, NULL, 0) == pid);
	}
	expect(wrapped);
	expect(kill_and_wait(keeper) == -SIGKILL);
}

/* A process that leaves a session gives up a reference to the number. */
CASE(numbers_of_left_sessions_do_not_come_back)
{
	pid_t leader, child;

	for (int i = 0; i < NUMBERS + 100; i++) {
		leader = fork_or_fail();
		if (leader == 0) {
			setsid();
			child = fork();
			if (child == 0)
				_exit(setsid() < 0);
			_exit(child < 0 || result_of(child) != 0);
		}
		require(result_of(leader) == 0);
	}
}

CASE(numbers_of_zombies_are_not_given_out)
{
	static char used[NUMBERS];
	pid_t pid;

	for (int i = 0; i < 200; i++) {
		pid = fork_or_fail();
		if (pid == 0)
			_exit(0);
		require(!used[pid]);
		used[pid] = 1;
	}
}

/* ---- Stacks -------------------------------------------------------------- */

static int dig(int depth)
{
	static int (*volatile deeper)(int) = dig;
	volatile char frame[1000];

	frame[depth % 1000] = depth;
	return deeper(depth + 1) + frame[depth % 1000];
}

CASE_DIES(endless_recursion_dies_alone, SIGSEGV)
{
	_exit(dig(0));
}

/* A recursion in last place without its end. The compiler must not make a loop
 * here: a loop has no stack to overflow and runs for ever. */
static unsigned count_up(unsigned n)
{
	if (n == 0)
		return 0;
	return count_up(n + 1);
}

CASE_DIES(endless_recursion_in_last_place_overflows_its_stack, SIGSEGV)
{
	_exit(count_up(1) != 0);
}

CASE_DIES(a_frame_that_skips_the_guard_is_fatal, SIGSEGV)
{
	volatile char *far = (char *)__builtin_frame_address(0) - 0x1000000;

	*far = 1;
}

CASE(the_stack_grows_to_megabytes)
{
	volatile char *top = __builtin_frame_address(0);

	for (int i = 0; i < 7 * 1024 * 1024; i += 4096)
		top[-i] = i >> 12;
	for (int i = 0; i < 7 * 1024 * 1024; i += 4096)
		require(top[-i] == (char)(i >> 12));
}

CASE(a_big_stack_is_copied_by_fork)
{
	volatile char *top = __builtin_frame_address(0);

	for (int i = 4096; i < 1024 * 1024; i += 4096)
		top[-i] = 1;
	if (fork_or_fail() == 0) {
		for (int i = 4096; i < 1024 * 1024; i += 4096)
			top[-i] = 2;
		_exit(0);
	}
	wait(NULL);
	for (int i = 8192; i < 1024 * 1024; i += 4096)
		require(top[-i] == 1);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
