/*
 * stress.c - many processes on the same few objects, in a seeded order; some
 * processes are killed. No message is lost, received twice or left. Any POSIX
 * system.
 *
 * Each process notes its actions in shared memory. Where a kill may come
 * between a call and the note, one message is in doubt, and the rules below say
 * so.
 */
#include <mqueue.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>

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

static void *share_bytes(size_t bytes)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	require(at != MAP_FAILED);
	return at;
}

/* ---- 50 writers of whole records, slow readers --------------------------- */

#define WRITERS		50
#define RECORDS		12
#define READERS		3

struct record {
	uint32_t writer, number;
	unsigned char body[4096 - 8];
};

static unsigned char (*seen)[RECORDS];	/* how often each was read */

static int write_records(int fd, int writer)
{
	static struct record record;

	state = writer;
	memset(record.body, writer, sizeof(record.body));
	record.writer = writer;
	for (uint32_t i = 0; i < RECORDS; i++) {
		record.number = i;
		if (write(fd, &record, sizeof(record)) != sizeof(record))
			return 1;
		give_way_at_random();
	}
	return 0;
}

/* Only whole records are in the pipe: each read of a record's length gives one
   record. */
static int read_slowly(int fd, int reader)
{
	static struct record record;
	ssize_t n;

	state = 1000 + reader;
	while ((n = read(fd, &record, sizeof(record))) == sizeof(record)) {
		for (size_t i = 0; i < sizeof(record.body); i++)
			if (record.body[i] != record.writer)
				return 1;
		__sync_fetch_and_add(&seen[record.writer][record.number], 1);
		give_way_at_random();
	}
	return n == 0 ? 0 : 2;
}

CASE(records_of_50_writers_are_torn_lost_or_doubled)
{
	pid_t readers[READERS], writers[WRITERS];
	int fds[2];

	seen = share_bytes(WRITERS * RECORDS);
	require(pipe(fds) == 0);
	for (int i = 0; i < READERS; i++) {
		readers[i] = fork_or_fail();
		if (readers[i] == 0) {
			close(fds[1]);
			_exit(read_slowly(fds[0], i));
		}
	}
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = fork_or_fail();
		if (writers[i] == 0)
			_exit(write_records(fds[1], i));
	}
	close(fds[1]);
	for (int i = 0; i < WRITERS; i++)
		expect(result_of(writers[i]) == 0);
	for (int i = 0; i < READERS; i++)
		expect(result_of(readers[i]) == 0);
	for (int i = 0; i < WRITERS * RECORDS; i++)
		expect(seen[i / RECORDS][i % RECORDS] == 1);
}

/* Some writers are killed: of each writer the first records came, once, and at
 * most one record more than the writer noted. */
CASE(killed_writers_leave_half_a_record)
{
	static struct record record;
	pid_t writers[WRITERS];
	uint32_t next[WRITERS] = { 0 };
	int fds[2];

	state = 5;
	require(pipe(fds) == 0);
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = fork_or_fail();
		if (writers[i] == 0)
			_exit(write_records(fds[1], i));
	}
	close(fds[1]);
	while (read(fds[0], &record, sizeof(record)) == sizeof(record)) {
		expect(record.writer < WRITERS);
		expect(record.number == next[record.writer]++);
		expect(memchr(record.body, record.writer ^ 1,
			      sizeof(record.body)) == NULL);
		if (choose(4) == 0)
			kill(writers[choose(WRITERS)], SIGKILL);
	}
	for (int i = 0; i < WRITERS; i++)
		expect(result_of(writers[i]) == -SIGKILL ||
		       next[i] == RECORDS);
}

/* ---- Priorities under signals -------------------------------------------- */

#define SENDERS		6
#define EACH		40

struct letter {
	uint16_t sender, number, priority;
};

static int send_letters(mqd_t queue, int sender)
{
	struct letter letter = { .sender = sender };
	int result;

	state = sender;
	for (int i = 0; i < EACH; i++) {
		letter.number = i;
		letter.priority = choose(4) * 10;
		do {
			result = mq_send(queue, (char *)&letter,
					 sizeof(letter), letter.priority);
		} while (result != 0 && errno == EINTR);
		if (result != 0)
			return 1;
	}
	return 0;
}

CASE(letters_are_lost_or_disordered_under_signals)
{
	struct mq_attr attr = {
		.mq_maxmsg = 5, .mq_msgsize = sizeof(struct letter),
	};
	int last[SENDERS][4], count = 0;
	pid_t senders[SENDERS];
	struct letter letter;
	unsigned priority;
	mqd_t queue;

	set_handler(SIGUSR1, catch_it, 0);
	set_handler(SIGUSR2, catch_it, SA_RESTART);
	mq_unlink("/stress");
	queue = mq_open("/stress", O_RDWR | O_CREAT, 0600, &attr);
	require(queue != (mqd_t)-1 && mq_unlink("/stress") == 0);
	memset(last, -1, sizeof(last));
	for (int i = 0; i < SENDERS; i++) {
		senders[i] = fork_or_fail();
		if (senders[i] == 0)
			_exit(send_letters(queue, i));
	}
	state = 3;
	while (count < SENDERS * EACH) {
		kill(senders[choose(SENDERS)], choose(2) ? SIGUSR1 : SIGUSR2);
		require(mq_receive(queue, (char *)&letter, sizeof(letter),
				   &priority) == sizeof(letter));
		count++;
		expect(priority == letter.priority);
		expect(letter.number > last[letter.sender][priority / 10]);
		last[letter.sender][priority / 10] = letter.number;
		give_way_at_random();
	}
	for (int i = 0; i < SENDERS; i++)
		expect(result_of(senders[i]) == 0);
	expect(mq_getattr(queue, &attr) == 0 && attr.mq_curmsgs == 0);
}

/* Senders and receivers are killed: each letter comes at most once. */
CASE(letters_are_doubled_when_processes_are_killed)
{
	struct mq_attr attr = {
		.mq_maxmsg = 4, .mq_msgsize = sizeof(struct letter),
	};
	unsigned char (*got)[EACH] = share_bytes(SENDERS * EACH);
	pid_t senders[SENDERS], receivers[SENDERS];
	struct letter letter;
	mqd_t queue;

	mq_unlink("/stress");
	queue = mq_open("/stress", O_RDWR | O_CREAT, 0600, &attr);
	require(queue != (mqd_t)-1 && mq_unlink("/stress") == 0);
	for (int i = 0; i < SENDERS; i++) {
		senders[i] = fork_or_fail();
		if (senders[i] == 0)
			_exit(send_letters(queue, i));
		receivers[i] = fork_or_fail();
		while (receivers[i] == 0) {
			if (mq_receive(queue, (char *)&letter, sizeof(letter),
				       NULL) != sizeof(letter))
				_exit(1);
			__sync_fetch_and_add(&got[letter.sender]
						 [letter.number], 1);
		}
	}
	state = 9;
	for (int i = 0; i < SENDERS - 1; i++) {
		give_way_at_random();
		kill_and_wait(receivers[i]);
		if (i % 2)
			kill_and_wait(senders[i]);
	}
	for (int i = 0; i < SENDERS; i++)
		if (i % 2 == 0 || i == SENDERS - 1)
			expect(result_of(senders[i]) == 0);
	do
		require(mq_getattr(queue, &attr) == 0);
	while (attr.mq_curmsgs > 0 && sched_yield() == 0);
	until_asleep(receivers[SENDERS - 1]);
	kill_and_wait(receivers[SENDERS - 1]);
	for (int i = 0, missing = 0; i < SENDERS * EACH; i++) {
		expect(got[i / EACH][i % EACH] <= 1);
		missing += got[i / EACH][i % EACH] == 0 &&
			   (i / EACH % 2 == 0 || i / EACH == SENDERS - 1);
		expect(missing < SENDERS);	/* in the hands of the dead */
	}
}

/* ---- Trees of processes that share pages --------------------------------- */

#define TREE_DEPTH	4
#define TREE_PAGES	8

struct tree {
	int steps, notes[TREE_PAGES];
	char pages[TREE_PAGES][4096];
};

/* Touch, map, unmap, fork, die: each step is counted before it is done. */
static int grow(struct tree *tree, int shm, int depth)
{
	char *at;
	int page;

	for (int i = 0; i < 6; i++) {
		page = choose(TREE_PAGES);
		__sync_fetch_and_add(&tree->steps, 1);
		at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, shm,
			  page * 4096);
		if (at == MAP_FAILED)
			return 1;
		__sync_fetch_and_add((int *)at, 1);
		__sync_fetch_and_add(&tree->notes[page], 1);
		tree->pages[page][depth]++;
		if (choose(2))
			munmap(at, 4096);
		if (depth < TREE_DEPTH && choose(2) && fork() == 0)
			_exit(grow(tree, shm, depth + 1));
		if (choose(12) == 0)
			raise(SIGKILL);
		give_way_at_random();
	}
	while (wait(NULL) > 0 || errno == EINTR)
		;
	return 0;
}

CASE(trees_that_share_pages_lose_some)
{
	struct tree *tree = share_bytes(sizeof(*tree));
	int shm, *at, page;

	shm_unlink("/stress");
	shm = shm_open("/stress", O_RDWR | O_CREAT, 0600);
	require(shm >= 0 && shm_unlink("/stress") == 0);
	require(ftruncate(shm, TREE_PAGES * 4096) == 0);
	for (int i = 0; i < 8; i++) {
		pid_t root = fork_or_fail();

		state = i;
		if (root == 0) {
			setpgid(0, 0);
			_exit(grow(tree, shm, 0));
		}
		setpgid(root, root);
		if (choose(2)) {
			give_way_at_random();
			kill(-root, SIGKILL);
		}
		result_of(root);
		kill(-root, SIGKILL);
	}
	at = mmap(NULL, TREE_PAGES * 4096, PROT_READ, MAP_SHARED, shm, 0);
	require(at != MAP_FAILED);
	/* Killed between the two counts: at most once for each process. */
	for (page = 0; page < TREE_PAGES; page++)
		expect(at[page * 1024] >= tree->notes[page]);
	expect(tree->steps > 0);
}

/* ---- poll over everything while it dies ---------------------------------- */

#define WATCHED		12

static int fifo_pair(int ends[2])
{
	unlink("/tmp/stress-fifo");
	if (mkfifo("/tmp/stress-fifo", 0600) != 0)
		return -1;
	ends[0] = open("/tmp/stress-fifo", O_RDONLY | O_NONBLOCK);
	ends[1] = open("/tmp/stress-fifo", O_WRONLY);
	return unlink("/tmp/stress-fifo");
}

/* Polls for the read ends until each has hung up; bytes are counted. */
static int watch_all(int ends[WATCHED][2], int wanted)
{
	struct pollfd fds[WATCHED];
	int open_ends = WATCHED, bytes = 0;
	char byte;

	for (int i = 0; i < WATCHED; i++) {
		close(ends[i][1]);
		fds[i] = (struct pollfd){ ends[i][0], POLLIN, 0 };
	}
	while (open_ends > 0) {
		if (poll(fds, WATCHED, -1) <= 0)
			return 100;
		for (int i = 0; i < WATCHED; i++) {
			if (!fds[i].revents)
				continue;
			if (read(fds[i].fd, &byte, 1) == 1) {
				bytes++;
				continue;
			}
			close(fds[i].fd);
			fds[i].fd = -1;
			open_ends--;
		}
	}
	return bytes == wanted ? 0 : 101;
}

/* Each holder of a write end writes some bytes and dies in its own way. */
CASE(poller_misses_bytes_or_ends_of_the_dying)
{
	int ends[WATCHED][2], wanted = 0;
	pid_t holders[WATCHED], watcher;

	for (int i = 0; i < WATCHED; i++)
		require((i % 2 ? fifo_pair(ends[i]) : pipe(ends[i])) == 0);
	for (int i = 0; i < WATCHED; i++)
		wanted += i;
	for (int i = 0; i < WATCHED; i++) {
		holders[i] = fork_or_fail();
		if (holders[i] > 0)
			continue;
		for (int j = 0; j < WATCHED; j++)
			if (j != i)
				close(ends[j][1]);
		state = i;
		for (int n = 0; n < i; n++) {
			if (write(ends[i][1], "x", 1) != 1)
				_exit(1);
			give_way_at_random();
		}
		if (i % 3 == 0)
			raise(SIGKILL);
		_exit(0);
	}
	watcher = fork_or_fail();
	if (watcher == 0)
		_exit(watch_all(ends, wanted));
	for (int i = 0; i < WATCHED; i++)
		close(ends[i][1]);
	expect(result_of(watcher) == 0);
	for (int i = 0; i < WATCHED; i++)
		expect(result_of(holders[i]) == (i % 3 ? 0 : -SIGKILL));
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
