/*
 * hostile_groups.c - the kernel's own signals to large groups of processes.
 *
 * A key, a read in the background, the end of a session's leader and the end of
 * a parent send signals to whole groups. Each member gets the signal, and the
 * kernel does the work in parts: tests/tools/latency looks at the longest
 * stretch without a chance to switch.
 *
 * linux: no
 */
#include "tests/user/hostile.h"
#include "tests/user/pty.h"

#define MEMBERS		200

static int ready[2], told[2], ends[2];

/* A member has told that it is ready, and sleeps. The end of the last member
 * closes the pipe `ends`. */
static void be_member(void)
{
	require(write(ready[1], "r", 1) == 1);
	for (;;)
		pause();
}

static void start_members(int own_groups)
{
	char bytes[MEMBERS];

	for (int i = 0; i < MEMBERS; i++) {
		if (fork_or_fail() > 0)
			continue;
		if (own_groups)
			setpgid(0, 0);
		be_member();
	}
	require(read_all(ready[0], bytes, MEMBERS));
}

static void make_pipes(void)
{
	require(pipe(ready) == 0 && pipe(told) == 0 && pipe(ends) == 0);
}

/* All processes with the writing end have ended. */
static int all_have_ended(void)
{
	char byte;

	close(ends[1]);
	return read(ends[0], &byte, 1) == 0;
}

/* ---- A terminal ---------------------------------------------------------- */

/* The leader of a session with the members in the foreground. */
static pid_t start_session(void)
{
	pid_t leader = forkpty(&master, NULL, NULL, NULL);

	require(leader >= 0);
	if (leader == 0) {
		start_members(0);
		write(told[1], "l", 1);
		for (;;)
			pause();
	}
	return leader;
}

static void wait_for_leader(void)
{
	char byte;

	require(read(told[0], &byte, 1) == 1);
}

static int type_a_key(void)
{
	pid_t leader;

	make_pipes();
	leader = start_session();
	wait_for_leader();
	require(write(master, "\034", 1) == 1);
	expect(result_of(leader) == -SIGQUIT);
	expect(all_have_ended());
	return case_failed;
}

CASE(key_for_a_large_group_holds_the_processor)
{
	attack_beside_root(type_a_key);
}

static int end_the_session(void)
{
	pid_t leader;

	make_pipes();
	leader = start_session();
	wait_for_leader();
	kill(leader, SIGKILL);
	expect(result_of(leader) == -SIGKILL);
	expect(all_have_ended());
	return case_failed;
}

CASE(end_of_a_leader_holds_the_processor)
{
	attack_beside_root(end_the_session);
}

/* ---- Orphaned groups ----------------------------------------------------- */

static void until_stopped(pid_t child)
{
	int status;

	require(waitpid(child, &status, WUNTRACED) == child);
	require(WIFSTOPPED(status));
}

/* The children lead groups of their own, and one child is stopped. With their
 * parent each group loses the tie to the session. */
static int leave_children(void)
{
	pid_t parent;

	make_pipes();
	parent = fork_or_fail();
	if (parent == 0) {
		pid_t stopped = start(pause);

		setpgid(stopped, stopped);
		kill(stopped, SIGSTOP);
		until_stopped(stopped);
		start_members(1);
		_exit(0);
	}
	expect(result_of(parent) == 0);
	kill(-1, SIGTERM);
	return case_failed;
}

CASE(end_of_a_parent_of_many_groups_holds_the_processor)
{
	attack_beside_root(leave_children);
}

/* The group has many members, and one of them is stopped: its signal goes to
 * each of them. */
static int leave_a_group(void)
{
	pid_t parent;

	make_pipes();
	parent = fork_or_fail();
	if (parent == 0) {
		pid_t leader = start(pause);

		setpgid(leader, leader);
		for (int i = 0; i < MEMBERS; i++) {
			pid_t member = start(pause);

			require(setpgid(member, leader) == 0);
		}
		kill(leader, SIGSTOP);
		until_stopped(leader);
		_exit(0);
	}
	expect(result_of(parent) == 0);
	expect(all_have_ended());
	return case_failed;
}

CASE(end_of_a_tie_of_a_large_group_holds_the_processor)
{
	attack_beside_root(leave_a_group);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
