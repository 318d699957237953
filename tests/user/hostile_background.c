/*
 * hostile_background.c - an event wakes a crowd, and the first of the crowd
 * compute on: the others must hear of the event as well, though the task that
 * tells them would run again only when no other task can.
 *
 * linux: no
 */
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>

#include "tests/user/hostile.h"

#define CROWD		80		/* more than a wake tells at once */
#define SECONDS		10

static volatile int *told;

static int is_late(const struct timespec *begin)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - begin->tv_sec > SECONDS;
}

/* Wait for the event, and compute until all have heard of it. */
static int compute_until_told(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	struct timespec begin;

	if (poll(&poller, 1, -1) != 1)
		return 1;
	__sync_fetch_and_add(told, 1);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	while (*told < CROWD)
		if (is_late(&begin))
			return 1;
	return 0;
}

static void start_crowd(int fd, pid_t *crowd)
{
	told = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(told != MAP_FAILED);
	for (int i = 0; i < CROWD; i++) {
		crowd[i] = fork_or_fail();
		if (crowd[i] == 0)
			_exit(compute_until_told(fd));
	}
	for (int i = 0; i < CROWD; i++)
		until_asleep(crowd[i]);
}

static void expect_all_told(const pid_t *crowd)
{
	for (int i = 0; i < CROWD; i++)
		expect(result_of(crowd[i]) == 0);
	expect(*told == CROWD);
}

static int write_in_background(void)
{
	const uint64_t one = 1;
	int fd = eventfd(0, 0);
	pid_t crowd[CROWD], writer;

	require(fd >= 0);
	start_crowd(fd, crowd);
	writer = fork_or_fail();
	if (writer == 0) {
		be_background();
		_exit(write(fd, &one, sizeof(one)) != sizeof(one));
	}
	expect_all_told(crowd);
	expect(result_of(writer) == 0);
	return case_failed;
}

CASE(writer_in_the_background_leaves_sleepers)
{
	expect(run_in_child(write_in_background) == 0);
}

/* The timer expires while no task runs. */
CASE(event_in_an_idle_machine_leaves_sleepers)
{
	const struct itimerspec soon = { .it_value.tv_nsec = 50000000 };
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	pid_t crowd[CROWD];

	require(fd >= 0);
	start_crowd(fd, crowd);
	require(timerfd_settime(fd, 0, &soon, NULL) == 0);
	expect_all_told(crowd);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
