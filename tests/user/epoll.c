/*
 * epoll.c - a set of descriptors tells of each event, once or as long as the
 * event lasts, and forgets files that close. Runs on Linux, too, which has the
 * same calls.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/user/helpers.h"

#define MOST	16

static int set, fds[2];
static char byte;
static struct epoll_event events[MOST];

static void begin(void)
{
	set = epoll_create1(0);
	require(set >= 0 && pipe(fds) == 0);
}

static int control(int operation, int fd, uint32_t wanted)
{
	struct epoll_event event = { .events = wanted, .data.u64 = fd };

	return epoll_ctl(set, operation, fd, &event);
}

static void add(int fd, uint32_t wanted)
{
	require(control(EPOLL_CTL_ADD, fd, wanted) == 0);
}

static int look(void)
{
	return epoll_wait(set, events, MOST, 0);
}

/* The events of the only ready descriptor; 0: no descriptor is ready. */
static uint32_t only(int fd)
{
	int count = look();

	expect(count == 0 ||
	       (count == 1 && events[0].data.u64 == (uint64_t)fd));
	return count == 1 ? events[0].events : 0;
}

static void put(int fd)
{
	require(write(fd, "x", 1) == 1);
}

static void get(int fd)
{
	require(read(fd, &byte, 1) == 1);
}

/* ---- Level --------------------------------------------------------------- */

CASE(set_without_entries_has_no_events)
{
	begin();
	expect(look() == 0);
	expect(epoll_wait(set, events, 1, 1) == 0);
}

CASE(level_lasts_until_the_data_are_read)
{
	begin();
	add(fds[0], EPOLLIN);
	expect(only(fds[0]) == 0);
	put(fds[1]);
	expect(only(fds[0]) == EPOLLIN);
	expect(only(fds[0]) == EPOLLIN);
	get(fds[0]);
	expect(only(fds[0]) == 0);
	put(fds[1]);
	expect(only(fds[0]) == EPOLLIN);
}

CASE(entry_that_is_ready_when_added_has_its_event)
{
	begin();
	put(fds[1]);
	add(fds[0], EPOLLIN | EPOLLET);
	expect(only(fds[0]) == EPOLLIN);
	expect(only(fds[0]) == 0);
}

CASE(writer_is_ready_until_the_pipe_is_full)
{
	begin();
	add(fds[1], EPOLLOUT);
	expect(only(fds[1]) == EPOLLOUT);
	fill_pipe(fds[1]);
	expect(only(fds[1]) == 0);
	expect(drain(fds[0], PIPE_BYTES));
	expect(only(fds[1]) == EPOLLOUT);
}

CASE(hangup_and_error_come_without_being_asked_for)
{
	begin();
	add(fds[0], 0);
	put(fds[1]);
	expect(only(fds[0]) == 0);
	close(fds[1]);
	expect(only(fds[0]) == EPOLLHUP);
	close(fds[0]);
	require(pipe(fds) == 0);
	add(fds[1], 0);
	close(fds[0]);
	expect(only(fds[1]) & EPOLLERR);
}

CASE(half_close_is_rdhup)
{
	int pair[2];

	begin();
	require(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	add(pair[0], EPOLLRDHUP);
	expect(only(pair[0]) == 0);
	require(shutdown(pair[1], SHUT_WR) == 0);
	expect(only(pair[0]) == EPOLLRDHUP);
}

CASE(small_buffer_gives_each_entry_its_turn)
{
	uint32_t seen = 0;
	int counter[8];

	begin();
	for (int i = 0; i < 8; i++) {
		counter[i] = eventfd(1, 0);
		require(counter[i] >= 0);
		add(counter[i], EPOLLIN);
	}
	for (int i = 0; i < 8; i++) {
		expect(epoll_wait(set, events, 1, 0) == 1);
		seen |= 1u << (events[0].data.u32 - counter[0]);
	}
	expect(seen == 0xff);
	expect(look() == 8);
	expect(epoll_wait(set, events, 3, 0) == 3);
	expect(look() == 8);
}

/* ---- Edge and once ------------------------------------------------------- */

CASE(edge_comes_once_for_each_write)
{
	begin();
	add(fds[0], EPOLLIN | EPOLLET);
	put(fds[1]);
	expect(only(fds[0]) == EPOLLIN);
	expect(only(fds[0]) == 0);
	put(fds[1]);
	expect(only(fds[0]) == EPOLLIN);
	get(fds[0]);
	expect(only(fds[0]) == 0);
}

CASE(one_shot_ends_with_its_event)
{
	begin();
	add(fds[0], EPOLLIN | EPOLLONESHOT);
	put(fds[1]);
	expect(only(fds[0]) == EPOLLIN);
	put(fds[1]);
	expect(only(fds[0]) == 0);
	close(fds[1]);
	expect(only(fds[0]) == 0);
	expect(control(EPOLL_CTL_MOD, fds[0], EPOLLIN | EPOLLONESHOT) == 0);
	expect(only(fds[0]) == (EPOLLIN | EPOLLHUP));
	expect(only(fds[0]) == 0);
}

CASE(modify_changes_events_and_data)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = 77 };

	begin();
	add(fds[0], 0);
	put(fds[1]);
	expect(only(fds[0]) == 0);
	expect(epoll_ctl(set, EPOLL_CTL_MOD, fds[0], &event) == 0);
	expect(only(77) == EPOLLIN);
}

/* ---- Entries ------------------------------------------------------------- */

CASE(removed_entry_is_silent)
{
	begin();
	add(fds[0], EPOLLIN);
	put(fds[1]);
	expect(epoll_ctl(set, EPOLL_CTL_DEL, fds[0], NULL) == 0);
	expect(look() == 0);
	expect(control(EPOLL_CTL_DEL, fds[0], 0) == -1 && errno == ENOENT);
}

CASE(closed_file_leaves_the_set)
{
	int again;

	begin();
	add(fds[0], EPOLLIN);
	put(fds[1]);
	close(fds[0]);
	expect(look() == 0);
	again = open(".", O_RDONLY);
	expect(again == fds[0]);
	expect(control(EPOLL_CTL_MOD, again, EPOLLIN) == -1);
}

CASE(copy_of_the_descriptor_keeps_the_entry)
{
	int copy;

	begin();
	add(fds[0], EPOLLIN);
	copy = dup(fds[0]);
	require(copy >= 0);
	close(fds[0]);
	put(fds[1]);
	expect(only(fds[0]) == EPOLLIN);
	close(copy);
	expect(look() == 0);
}

CASE(two_descriptors_of_a_file_are_two_entries)
{
	int copy;

	begin();
	copy = dup(fds[0]);
	require(copy >= 0);
	add(fds[0], EPOLLIN);
	add(copy, EPOLLIN);
	put(fds[1]);
	expect(look() == 2);
	expect(events[0].data.u64 != events[1].data.u64);
}

CASE(set_that_closes_first_leaves_the_files)
{
	begin();
	add(fds[0], EPOLLIN);
	add(fds[1], EPOLLOUT);
	close(set);
	put(fds[1]);
	get(fds[0]);
}

CASE(bad_calls_have_their_errors)
{
	struct epoll_event event = { .events = EPOLLIN };
	int file;

	begin();
	file = open(".", O_RDONLY);
	require(file >= 0);
	expect(epoll_create(0) == -1 && errno == EINVAL);
	expect(epoll_create1(1) == -1 && errno == EINVAL);
	expect(control(EPOLL_CTL_ADD, 99, EPOLLIN) == -1 && errno == EBADF);
	expect(epoll_ctl(99, EPOLL_CTL_ADD, fds[0], &event) == -1 &&
	       errno == EBADF);
	expect(control(EPOLL_CTL_ADD, file, EPOLLIN) == -1 && errno == EPERM);
	expect(control(EPOLL_CTL_ADD, set, EPOLLIN) == -1 && errno == EINVAL);
	expect(epoll_ctl(fds[0], EPOLL_CTL_ADD, fds[1], &event) == -1 &&
	       errno == EINVAL);
	expect(control(9, fds[0], EPOLLIN) == -1 && errno == EINVAL);
	expect(control(EPOLL_CTL_MOD, fds[0], EPOLLIN) == -1 &&
	       errno == ENOENT);
	add(fds[0], EPOLLIN);
	expect(control(EPOLL_CTL_ADD, fds[0], EPOLLIN) == -1 &&
	       errno == EEXIST);
	expect(epoll_wait(set, events, 0, 0) == -1 && errno == EINVAL);
	expect(epoll_wait(fds[0], events, 1, 0) == -1 && errno == EINVAL);
	expect(epoll_wait(99, events, 1, 0) == -1 && errno == EBADF);
}

CASE(bad_address_loses_no_event)
{
	struct epoll_event *nowhere = (struct epoll_event *)16;

	begin();
	add(fds[0], EPOLLIN | EPOLLET);
	put(fds[1]);
	expect(epoll_ctl(set, EPOLL_CTL_ADD, fds[1], nowhere) == -1 &&
	       errno == EFAULT);
	expect(epoll_wait(set, nowhere, 1, 0) == -1 && errno == EFAULT);
	expect(only(fds[0]) == EPOLLIN);
}

/* Linux and Parley differ in what they tell of a signalfd that a process added
 * before it ended. */
CASE(signalfd_outlives_the_process_that_added_it)
{
	sigset_t usr2 = set_of(SIGUSR2);
	int fd;

	begin();
	fd = signalfd(-1, &usr2, 0);
	require(fd >= 0);
	block(SIGUSR2);
	if (fork_or_fail() == 0) {
		add(fd, EPOLLIN);
		_exit(0);
	}
	require(wait(NULL) > 0);
	raise(SIGUSR2);
	expect(look() <= 1);
	expect(look() <= 1);
	close(fd);
	expect(look() == 0);
}

/* ---- Waits --------------------------------------------------------------- */

/* A child that waits without end, and exits with the number of events. */
static pid_t start_waiter(int most)
{
	pid_t pid = fork_or_fail();

	if (pid == 0)
		_exit(epoll_wait(set, events, most, -1));
	until_asleep(pid);
	return pid;
}

CASE(write_ends_the_wait)
{
	pid_t pid;

	begin();
	add(fds[0], EPOLLIN);
	pid = start_waiter(MOST);
	put(fds[1]);
	expect(result_of(pid) == 1);
}

CASE(entry_that_is_added_during_the_wait_ends_the_wait)
{
	pid_t pid;

	begin();
	pid = start_waiter(MOST);
	put(fds[1]);
	add(fds[0], EPOLLIN);
	expect(result_of(pid) == 1);
}

CASE(one_shot_wakes_one_of_two_tasks)
{
	pid_t first, second, ended;
	int status;

	begin();
	add(fds[0], EPOLLIN | EPOLLONESHOT);
	first = start_waiter(1);
	second = start_waiter(1);
	put(fds[1]);
	ended = wait(&status);
	expect((ended == first || ended == second) && status == 1 << 8);
	expect(is_asleep(first + second - ended));
	expect(control(EPOLL_CTL_MOD, fds[0], EPOLLIN | EPOLLONESHOT) == 0);
	expect(wait(&status) > 0 && status == 1 << 8);
}

/* The first task leaves the bytes there. */
CASE(level_ends_the_waits_of_both_tasks)
{
	pid_t first, second;

	begin();
	add(fds[0], EPOLLIN);
	first = start_waiter(1);
	second = start_waiter(1);
	put(fds[1]);
	expect(result_of(first) == 1);
	expect(result_of(second) == 1);
}

CASE(two_events_end_two_waits_for_one)
{
	pid_t first, second;
	int counter;

	begin();
	counter = eventfd(0, 0);
	add(fds[0], EPOLLIN | EPOLLET);
	add(counter, EPOLLIN | EPOLLET);
	first = start_waiter(1);
	second = start_waiter(1);
	put(fds[1]);
	require(eventfd_write(counter, 1) == 0);
	expect(result_of(first) == 1);
	expect(result_of(second) == 1);
}

CASE(poll_of_a_set_sees_events_in_it)
{
	struct pollfd poller = { .events = POLLIN };
	pid_t pid;

	begin();
	poller.fd = set;
	add(fds[0], EPOLLIN);
	expect(poll(&poller, 1, 0) == 0);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(poll(&poller, 1, -1) == 1 ? poller.revents : 99);
	until_asleep(pid);
	put(fds[1]);
	expect(result_of(pid) == POLLIN);
	expect(poll(&poller, 1, 0) == 1);
	get(fds[0]);
	expect(poll(&poller, 1, 0) == 0);
}

CASE(event_comes_through_sets_in_sets)
{
	struct epoll_event event = { .events = EPOLLIN }, got;
	int fds[2], low = epoll_create1(0), middle = epoll_create1(0);
	int high = epoll_create1(0);

	require(pipe(fds) == 0);
	event.data.fd = fds[0];
	require(epoll_ctl(low, EPOLL_CTL_ADD, fds[0], &event) == 0);
	event.data.fd = low;
	require(epoll_ctl(middle, EPOLL_CTL_ADD, low, &event) == 0);
	event.data.fd = middle;
	require(epoll_ctl(high, EPOLL_CTL_ADD, middle, &event) == 0);
	expect(epoll_wait(high, &got, 1, 0) == 0);
	for (int i = 0; i < 3; i++) {
		pid_t pid = fork_or_fail();

		if (pid == 0)
			_exit(epoll_wait(high, &got, 1, -1) == 1 &&
			      got.data.fd == middle ? 0 : 1);
		until_asleep(pid);
		expect(write(fds[1], "x", 1) == 1);
		expect(result_of(pid) == 0);
		expect(epoll_wait(middle, &got, 1, 0) == 1);
		expect(got.data.fd == low);
		expect(epoll_wait(low, &got, 1, 0) == 1);
		expect(got.data.fd == fds[0]);
		expect(read(fds[0], &got, 1) == 1);
		expect(epoll_wait(high, &got, 1, 0) == 0);
	}
	close(low);
	expect(write(fds[1], "x", 1) == 1);
	expect(epoll_wait(high, &got, 1, 0) == 0);
	close(high);
	close(middle);
	close(fds[0]);
	close(fds[1]);
}

CASE(circle_of_sets_is_eloop)
{
	struct epoll_event event = { .events = EPOLLIN };
	int sets[8], count = 1;

	for (int i = 0; i < 8; i++)
		sets[i] = epoll_create1(0);
	while (count < 8 && epoll_ctl(sets[count], EPOLL_CTL_ADD,
				      sets[count - 1], &event) == 0)
		count++;
	expect(errno == ELOOP && count >= 4 && count <= 6);
	expect_error(epoll_ctl(sets[0], EPOLL_CTL_ADD, sets[1], &event),
		     ELOOP);
	expect_error(epoll_ctl(sets[0], EPOLL_CTL_ADD, sets[2], &event),
		     ELOOP);
	expect_error(epoll_ctl(sets[0], EPOLL_CTL_ADD, sets[0], &event),
		     EINVAL);
	for (int i = 0; i < 8; i++)
		close(sets[i]);
}

CASE(pwait_has_its_own_mask)
{
	sigset_t none;

	begin();
	set_handler(SIGUSR1, catch_it, 0);
	sigemptyset(&none);
	block(SIGUSR1);
	raise(SIGUSR1);
	expect(epoll_pwait(set, events, 1, -1, &none) == -1 && errno == EINTR);
	expect(caught == 1);
	require(sigprocmask(SIG_SETMASK, NULL, &none) == 0);
	expect(sigismember(&none, SIGUSR1));
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
