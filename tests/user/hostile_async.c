/*
 * hostile_async.c - an ordinary user lets the kernel send signals without end:
 * events at an open file with O_ASYNC, each to a large group.
 *
 * linux: no
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "tests/user/hostile.h"

#define MEMBERS		200
#define SECOND		1000000000ll

static volatile long *events;

static void block_sigio(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	require(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
}

/* Each byte sends a signal to each member, until the group is killed. */
static void send_without_end(void)
{
	int fds[2];
	char byte = 'x';

	require(pipe(fds) == 0);
	require(fcntl(fds[0], F_SETOWN, -getpid()) == 0);
	require(fcntl(fds[0], F_SETFL, O_ASYNC) == 0);
	for (;;) {
		require(write(fds[1], &byte, 1) == 1);
		require(read(fds[0], &byte, 1) == 1);
		++*events;
	}
}

static pid_t start_storm(void)
{
	pid_t leader;

	events = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(events != MAP_FAILED);
	leader = fork_or_fail();
	if (leader == 0) {
		setpgid(0, 0);
		become_attacker();
		block_sigio();
		for (int i = 0; i < MEMBERS; i++)
			if (fork_or_fail() == 0)
				sleep_for_ever();
		send_without_end();
	}
	while (*events < 10)
		usleep(10000);
	return leader;
}

static long long now_ns(clockid_t clock)
{
	struct timespec now;

	require(clock_gettime(clock, &now) == 0);
	return now.tv_sec * SECOND + now.tv_nsec;
}

/* Two users compute: each gets half of the processor. */
CASE(signals_of_one_user_take_the_time_of_all_users)
{
	pid_t leader = start_storm();
	long long begin = now_ns(CLOCK_MONOTONIC), used, all;

	used = now_ns(CLOCK_PROCESS_CPUTIME_ID);
	do
		all = now_ns(CLOCK_MONOTONIC) - begin;
	while (all < 2 * SECOND);
	used = now_ns(CLOCK_PROCESS_CPUTIME_ID) - used;
	printf("# root used %lld of %lld ms, %ld events\n", used / 1000000,
	       all / 1000000, *events);
	expect(used > all / 3);
	kill(-leader, SIGKILL);
	expect(result_of(leader) == -SIGKILL);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
