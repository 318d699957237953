/*
 * hostile_poll.c - an ordinary user with many entries of poll().
 *
 * tests/tools/latency looks at the longest stretch without a chance to switch,
 * as for hostile_long_call.c.
 *
 * linux: no
 */
#include <limits.h>
#include <poll.h>

#include "tests/user/hostile.h"

#define POLLERS		12
#define ENTRIES		240

static struct pollfd entries[ENTRIES];
static pid_t pollers[POLLERS];

/* Watch one pipe by all entries: how many have something? */
static int poll_often(int fd, short events)
{
	for (int i = 0; i < ENTRIES; i++)
		entries[i] = (struct pollfd){ .fd = fd, .events = events };
	return poll(entries, ENTRIES, -1);
}

/* Each child polls the pipe by many entries. */
static void start_crowd(const int *fds, short events)
{
	for (int i = 0; i < POLLERS; i++) {
		pollers[i] = fork_or_fail();
		if (pollers[i] == 0) {
			close(fds[1]);
			_exit(poll_often(fds[0], events) != ENTRIES);
		}
	}
	for (int i = 0; i < POLLERS; i++)
		until_asleep(pollers[i]);
}

static int write_to_crowd(void)
{
	int fds[2];

	require(pipe(fds) == 0);
	start_crowd(fds, POLLIN);
	expect(write(fds[1], "x", 1) == 1);
	for (int i = 0; i < POLLERS; i++)
		expect(result_of(pollers[i]) == 0);
	return case_failed;
}

CASE(byte_for_thousands_of_entries_holds_the_processor)
{
	attack_beside_root(write_to_crowd);
}

static int end_for_crowd(void)
{
	int fds[2];

	require(pipe(fds) == 0);
	start_crowd(fds, 0);
	close(fds[1]);
	for (int i = 0; i < POLLERS; i++)
		expect(result_of(pollers[i]) == 0);
	return case_failed;
}

CASE(end_for_thousands_of_entries_holds_the_processor)
{
	attack_beside_root(end_for_crowd);
}

/* A poll is killed while its watchers wait to be told. */
static int killed_crowd(void)
{
	int fds[2], result;

	require(pipe(fds) == 0);
	start_crowd(fds, POLLIN);
	expect(write(fds[1], "x", 1) == 1);
	for (int i = 0; i < POLLERS; i++)
		kill(pollers[i], SIGKILL);
	for (int i = 0; i < POLLERS; i++) {
		result = result_of(pollers[i]);
		expect(result == 0 || result == -SIGKILL);
	}
	return case_failed;
}

CASE(killed_poll_leaves_a_watcher)
{
	attack_beside_root(killed_crowd);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
