/*
 * hostile_poll.c - an ordinary user with many entries of poll() and epoll.
 *
 * tests/tools/latency looks at the longest stretch without a chance to switch,
 * as for hostile_long_call.c.
 *
 * linux: no
 */
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "tests/user/hostile.h"
#include "tests/user/parley_test.h"

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

/* The task runs as soon as its first watchers are told: before the others. */
static int urgent_poll(void)
{
	const struct sched_param param = { .sched_priority = 1 };
	int fds[2];
	pid_t child;

	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0) {
		require(sched_setscheduler(0, SCHED_FIFO, &param) == 0);
		_exit(poll_often(fds[0], POLLIN) != ENTRIES);
	}
	until_asleep(child);
	expect(write(fds[1], "x", 1) == 1);
	return result_of(child);
}

CASE(poll_that_runs_early_misses_a_descriptor)
{
	expect(urgent_poll() == 0);
}

/* ---- Sets of epoll ------------------------------------------------------- */

#define SETS		8
#define ENTRIES_OF_FILE	16

static int sets[SETS];

static int add_to(int set, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events };

	return epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
}

static int sixteen_entries(void)
{
	int fds[2], copy, added = 0;

	require(pipe(fds) == 0);
	sets[0] = epoll_create1(0);
	for (int i = 0; i <= ENTRIES_OF_FILE; i++) {
		copy = dup(fds[0]);
		require(copy >= 0);
		added += add_to(sets[0], copy, EPOLLIN) == 0;
	}
	expect(added == ENTRIES_OF_FILE && errno == ENOSPC);
	return case_failed;
}

CASE(user_watches_a_file_without_end)
{
	attack_beside_root(sixteen_entries);
}

/* Fill a set: many descriptors, each for a new file of its own. */
static void fill_set(int set, int *counters, int count)
{
	for (int i = 0; i < count; i++) {
		counters[i] = eventfd(1, 0);
		require(counters[i] >= 0);
		expect(add_to(set, counters[i], EPOLLIN) == 0);
	}
}

/* All entries were ready, and no entry is ready any more. */
static int stale_set(void)
{
	static int counters[200];
	struct pollfd poller = { .events = POLLIN };
	struct epoll_event event;
	eventfd_t value;

	poller.fd = sets[0] = epoll_create1(0);
	fill_set(sets[0], counters, 200);
	for (int i = 0; i < 200; i++)
		require(eventfd_read(counters[i], &value) == 0);
	expect(poll(&poller, 1, 0) >= 0);
	expect(epoll_wait(sets[0], &event, 1, 0) == 0);
	expect(poll(&poller, 1, 0) == 0);
	return case_failed;
}

CASE(set_of_many_stale_entries_holds_the_processor)
{
	attack_beside_root(stale_set);
}

/* One byte tells of sets, and each set tells many entries of poll(). */
static int polled_sets(void)
{
	int fds[2];

	require(pipe(fds) == 0);
	for (int i = 0; i < SETS; i++) {
		sets[i] = epoll_create1(0);
		require(add_to(sets[i], fds[0], EPOLLIN) == 0);
		pollers[i] = fork_or_fail();
		if (pollers[i] == 0)
			_exit(poll_often(sets[i], POLLIN) != ENTRIES);
	}
	for (int i = 0; i < SETS; i++)
		until_asleep(pollers[i]);
	expect(write(fds[1], "x", 1) == 1);
	for (int i = 0; i < SETS; i++)
		expect(result_of(pollers[i]) == 0);
	return case_failed;
}

CASE(sets_below_thousands_of_entries_hold_the_processor)
{
	attack_beside_root(polled_sets);
}

/* A set ends in parts, and files close at the same time. */
static int set_that_ends(void)
{
	static int counters[200];

	sets[0] = epoll_create1(0);
	fill_set(sets[0], counters, 200);
	close(sets[0]);
	for (int i = 0; i < 200; i++)
		close(counters[i]);
	return case_failed;
}

CASE(set_of_many_entries_ends_in_one_stretch)
{
	attack_beside_root(set_that_ends);
}

/* ---- Changes between the parts of a large poll --------------------------- */

#define LARGE		1100		/* entries, in three pages */
#define PAGE		4096

static struct pollfd *large;
static int victim[2];
static volatile int wanted, done;

/* Another thread takes away what the poll works on, at once or with new
 * things in the same place. */
static void change(int kind)
{
	switch (kind) {
	case 0:
		close(victim[0]);
		break;
	case 1:
		dup2(0, victim[0]);
		break;
	case 2:
		munmap((char *)large + PAGE, PAGE);
		break;
	case 3:
		mprotect(large, 2 * PAGE, PROT_READ);
		break;
	case 4:
		for (int i = 0; i < LARGE; i++)
			large[i].fd = i % 2 ? -1 : 0x7fffffff;
		break;
	default:
		close(victim[1]);
	}
}

static void *change_when_told(void *unused)
{
	for (;;) {
		while (!wanted)
			sched_yield();
		if (wanted < 0)
			return unused;
		change(wanted - 1);
		done = wanted;
		wanted = 0;
	}
}

static void prepare_large(void)
{
	require(pipe(victim) == 0);
	large = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	require(large != MAP_FAILED);
	for (int i = 0; i < LARGE; i++)
		large[i] = (struct pollfd){ .fd = victim[i % 2],
					    .events = POLLIN };
}

/* A switch at this chance: 0 when the poll has fewer chances. */
static int change_at(int chance, int kind, int timeout)
{
	int result, is_over;

	prepare_large();
	done = 0;
	test_switch_at(chance, 0);
	wanted = kind + 1;
	result = poll(large, LARGE, timeout);
	is_over = test_switch_at(0, 0) > 0;
	while (wanted > 0)
		sched_yield();
	expect(result >= 0 ? result <= LARGE : errno == EFAULT);
	munmap(large, 4 * PAGE);
	close(victim[0]);
	close(victim[1]);
	return !is_over;
}

CASE(set_changes_between_the_parts_of_a_poll)
{
	pthread_t changer;

	if (!test_is_possible())
		return;
	require(pthread_create(&changer, NULL, change_when_told, NULL) == 0);
	for (int kind = 0; kind < 6; kind++)
		for (int timeout = 0; timeout < 2; timeout++)
			for (int chance = 1;
			     change_at(chance, kind, timeout); chance += 7)
				continue;
	wanted = -1;
	pthread_join(changer, NULL);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
