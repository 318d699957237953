/*
 * stress_parley.c - descriptors in messages while their ends close, granted
 * pages while they are revoked, poll over every kind of object while the object
 * ends.
 *
 * Seeded. Besides the checks of each case, the counters of the kernel must be
 * the same afterwards: the kernel frees descriptors in messages without a
 * receiver, and mappings of killed processes.
 */
#include <fcntl.h>
#include <mailbox.h>
#include <mqueue.h>
#include <pages.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

#include "tests/user/helpers.h"

static unsigned state;

static unsigned choose(unsigned limit)
{
	state = state * 1664525 + 1013904223;
	return (state >> 16) % limit;
}

static void give_way_at_random(void)
{
	for (unsigned n = choose(3); n > 0; n--)
		sched_yield();
}

static int new_box(long capacity)
{
	struct mailbox_attr attr = {
		.capacity = capacity, .message_bytes = 64,
	};
	int box = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, &attr);

	require(box >= 0);
	return box;
}

/* ---- Descriptors on the way -------------------------------------------- */

#define TRAVELLERS	6
#define TRIPS		40

/* The write end goes with a message. The receiver writes a byte and passes the
 * end on, or closes the end. */
static int pass_on(int box, int me)
{
	struct message head;
	int hops;

	state = me;
	for (;;) {
		head = (struct message){ .fd = -1 };
		if (mailbox_receive(box, &head, &hops, sizeof(hops), 0,
				    NULL) != sizeof(hops))
			return 1;
		if (hops < 0)
			return 0;
		if (!(head.flags & MESSAGE_HAS_FD) ||
		    write(head.fd, "x", 1) != 1)
			return 2;
		if (hops > 1) {
			hops--;
			head.flags = MESSAGE_HAS_FD;
			head.receiver = 0;
			if (mailbox_send(box, &head, &hops, sizeof(hops),
					 NULL) != 0)
				return 3;
		}
		close(head.fd);
		give_way_at_random();
	}
}

/* Send the write end on its way; the bytes and the end of file come back. */
static int travel(int box, int hops)
{
	struct message head = { .type = 1, .bytes = sizeof(hops),
				.flags = MESSAGE_HAS_FD };
	int fds[2], bytes = 0;
	char byte;

	require(pipe(fds) == 0);
	head.fd = fds[1];
	require(mailbox_send(box, &head, &hops, 0, NULL) == 0);
	close(fds[1]);
	while (read(fds[0], &byte, 1) == 1)
		bytes++;
	close(fds[0]);
	return bytes;
}

CASE(descriptor_that_is_passed_on_is_lost_or_kept)
{
	struct message stop = { .type = 1, .bytes = sizeof(int), .fd = -1 };
	pid_t pids[TRAVELLERS];
	int box = new_box(16), end = -1;

	for (int i = 0; i < TRAVELLERS; i++) {
		pids[i] = fork_or_fail();
		if (pids[i] == 0)
			_exit(pass_on(box, i));
	}
	for (int i = 0; i < TRIPS; i++)
		expect(travel(box, 1 + i % 7) == 1 + i % 7);
	for (int i = 0; i < TRAVELLERS; i++)
		require(mailbox_send(box, &stop, &end, 0, NULL) == 0);
	for (int i = 0; i < TRAVELLERS; i++)
		expect(result_of(pids[i]) == 0);
}

/* The passers are killed, and the box goes with descriptors in it: the reader
 * sees the end of file all the same. */
CASE(descriptor_in_a_message_outlives_its_box)
{
	for (int round = 0; round < 20; round++) {
		struct message head = { .type = 1, .bytes = sizeof(int),
					.flags = MESSAGE_HAS_FD };
		int box = new_box(16), fds[2], hops = 1000;
		pid_t pids[TRAVELLERS];
		char byte;

		require(pipe(fds) == 0);
		head.fd = fds[1];
		for (int i = 0; i < 3; i++)
			require(mailbox_send(box, &head, &hops, 0, NULL)
				== 0);
		for (int i = 0; i < TRAVELLERS; i++) {
			pids[i] = fork_or_fail();
			if (pids[i] > 0)
				continue;
			close(fds[0]);
			close(fds[1]);
			_exit(pass_on(box, round * TRAVELLERS + i));
		}
		close(fds[1]);
		state = round;
		for (int i = 0; i < TRAVELLERS; i++) {
			give_way_at_random();
			kill_and_wait(pids[i]);
		}
		close(box);
		while (read(fds[0], &byte, 1) == 1)
			;
		expect(read(fds[0], &byte, 1) == 0);
		close(fds[0]);
	}
}

/* ---- Granted pages ----------------------------------------------------- */

#define GRANT_BYTES	(8 * 4096)

static void lost_it(int n)
{
	(void)n;
	_exit(42);
}

/* Map, touch, unmap, fork; SIGBUS when the owner takes them back. */
static int use_pages(int fd, int depth)
{
	volatile int *at;

	signal(SIGBUS, lost_it);
	for (int i = 0; i < 30; i++) {
		at = mmap(NULL, GRANT_BYTES, PROT_READ | PROT_WRITE,
			  MAP_SHARED, fd, 0);
		if (at == MAP_FAILED)
			return errno == ENXIO ? 42 : 1;
		at[choose(8) * 1024] = i;
		if (depth < 2 && choose(4) == 0 && fork() == 0)
			_exit(use_pages(fd, depth + 1));
		give_way_at_random();
		if (choose(2))
			munmap((void *)at, GRANT_BYTES);
	}
	return 0;
}

CASE(revoked_pages_stay_in_a_tree_or_are_leaked)
{
	for (int round = 0; round < 25; round++) {
		int *block = mmap(NULL, GRANT_BYTES, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		int fd = page_grant(block, GRANT_BYTES,
				    PROT_READ | PROT_WRITE), result;
		pid_t user;

		require(block != MAP_FAILED && fd >= 0);
		state = round;
		user = fork_or_fail();
		if (user == 0) {
			setpgid(0, 0);
			_exit(use_pages(fd, 0));
		}
		setpgid(user, user);
		for (int i = choose(6); i > 0; i--)
			sched_yield();
		if (choose(4) == 0)
			kill(-user, SIGKILL);
		expect(page_revoke(fd) == 0);
		block[0] = round;
		give_way_at_random();
		expect(block[0] == round);	/* nobody else's any more */
		result = result_of(user);
		expect(result == 42 || result == 0 || result == -SIGKILL);
		kill(-user, SIGKILL);
		close(fd);
		munmap(block, GRANT_BYTES);
	}
}

/* The owner dies during the use: the pages belong to the processes that map
   them. */
CASE(owner_of_granted_pages_dies_in_the_midst)
{
	for (int round = 0; round < 15; round++) {
		pid_t owner = fork_or_fail();

		if (owner == 0) {
			int *block = mmap(NULL, GRANT_BYTES,
					  PROT_READ | PROT_WRITE,
					  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			int fd = page_grant(block, GRANT_BYTES,
					    PROT_READ | PROT_WRITE);

			state = round;
			setpgid(0, 0);
			for (int i = 0; i < 4; i++)
				if (fork() == 0)
					_exit(use_pages(fd, 1));
			for (int i = choose(8); i > 0; i--)
				sched_yield();
			if (choose(2))
				page_revoke(fd);
			raise(SIGKILL);
		}
		setpgid(owner, owner);
		expect(result_of(owner) == -SIGKILL);
		give_way_at_random();
		kill(-owner, SIGKILL);
	}
}

/* ---- poll over everything ---------------------------------------------- */

enum { PIPE, QUEUE, BOX, RENDEZVOUS, COUNTER, TIMER, CHILD, SIGNAL, KINDS };


static int watched[KINDS], write_end;

static void make_all(pid_t child)
{
	const struct itimerspec soon = { { 0, 0 }, { 0, 3000000 } };
	struct mq_attr attr = { .mq_maxmsg = 2, .mq_msgsize = 8 };
	sigset_t set = set_of(SIGUSR1);
	int fds[2];

	require(pipe(fds) == 0);
	watched[PIPE] = fds[0];
	write_end = fds[1];
	watched[QUEUE] = mq_open("/stress", O_RDWR | O_CREAT, 0600, &attr);
	mq_unlink("/stress");
	watched[BOX] = new_box(3);
	watched[RENDEZVOUS] = new_box(0);
	watched[COUNTER] = eventfd(0, 0);
	watched[TIMER] = timerfd_create(CLOCK_MONOTONIC, 0);
	require(timerfd_settime(watched[TIMER], 0, &soon, NULL) == 0);
	watched[CHILD] = pidfd_open(child, 0);
	block(SIGUSR1);
	watched[SIGNAL] = signalfd(-1, &set, 0);
	for (int i = 0; i < KINDS; i++)
		require(watched[i] >= 0);
}

/* In a second process: make this object readable. */
static void touch(int kind, pid_t watcher, pid_t child)
{
	struct message head = { .type = 1, .bytes = 1, .fd = -1 };

	switch (kind) {
	case PIPE:
		close(write_end);
		return;
	case QUEUE:
		mq_send(watched[QUEUE], "x", 1, 0);
		return;
	case BOX:
		mailbox_send(watched[BOX], &head, "x", 0, NULL);
		return;
	case RENDEZVOUS:
		if (fork() == 0) {	/* waits until it is killed */
			close(write_end);
			mailbox_send(watched[RENDEZVOUS], &head, "x", 0,
				     NULL);
			_exit(0);
		}
		return;
	case COUNTER:
		eventfd_write(watched[COUNTER], 1);
		return;
	case CHILD:
		kill(child, SIGKILL);
		return;
	case SIGNAL:
		kill(watcher, SIGUSR1);
		return;
	}
}

/* Every one of them says POLLIN, or POLLHUP, at last. */
static int watch_all(void)
{
	struct pollfd fds[KINDS];
	int left = KINDS;

	close(write_end);
	for (int i = 0; i < KINDS; i++)
		fds[i] = (struct pollfd){ watched[i], POLLIN, 0 };
	while (left > 0) {
		if (poll(fds, KINDS, -1) <= 0)
			return 1;
		for (int i = 0; i < KINDS; i++) {
			if (!fds[i].revents)
				continue;
			fds[i].fd = -1;
			left--;
		}
	}
	return 0;
}

/* A process sleeps until the test kills the process. */
CASE(poller_of_everything_misses_one)
{
	for (int round = 0; round < 20; round++) {
		pid_t child = start_sleeper(), watcher, toucher;

		make_all(child);
		watcher = start(watch_all);
		state = round;
		toucher = fork_or_fail();
		if (toucher == 0) {
			setpgid(0, 0);
			for (int i = 0; i < KINDS; i++) {
				give_way_at_random();
				touch((i * 3 + round) % KINDS, watcher,
				      child);
			}
			pause();	/* its descriptors stay open */
		}
		setpgid(toucher, toucher);
		close(write_end);
		expect(result_of(watcher) == 0);
		kill(-toucher, SIGKILL);
		result_of(toucher);
		kill_and_wait(child);
		for (int i = 0; i < KINDS; i++)
			close(watched[i]);
	}
}

/* During the poll the test closes its descriptors of all the objects and kills
 * the polling process: nothing stays behind. */
CASE(killed_poller_of_everything_leaves_something)
{
	for (int round = 0; round < 10; round++) {
		pid_t child = start_sleeper(), watcher;

		make_all(child);
		timerfd_settime(watched[TIMER], 0, &(struct itimerspec){
				{ 0, 0 }, { 1000, 0 } }, NULL);
		watcher = start(watch_all);
		for (int i = 0; i < KINDS; i++)
			close(watched[i]);
		until_asleep(watcher);
		expect(kill_and_wait(watcher) == -SIGKILL);
		close(write_end);
		kill_and_wait(child);
	}
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
