/*
 * pipe_turns.c - the promises of Parley for a pipe beyond POSIX: turns are in
 * order, a process that cannot use its turn passes the turn on, and a writer
 * can use every byte of the capacity.
 *
 * linux: no
 */
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

static int fds[2];
static char byte;
static unsigned char buffer[2 * PIPE_BYTES], copy[2 * PIPE_BYTES];

static void open_pipe(void)
{
	require(pipe(fds) == 0);
}

static int read_one(void)
{
	ssize_t n = read(fds[0], &byte, 1);

	return n < 0 ? 100 + errno : n == 0 ? 99 : byte;
}

static int write_one(void)
{
	ssize_t n = write(fds[1], "w", 1);

	return n < 0 ? 100 + errno : n;
}

static int write_page(void)
{
	static char page[4096];

	return write(fds[1], page, sizeof(page)) == sizeof(page);
}

static pid_t start_reader(void)
{
	return start_asleep(read_one);
}

static pid_t start_writer(void)
{
	return start_asleep(write_one);
}

static void fill_pattern(unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = i * 7 + (i >> 8);
}

static int pipe_is_empty(void)
{
	int result;

	set_nonblocking(fds[0], 1);
	result = read(fds[0], &byte, 1) < 0 && errno == EAGAIN;
	set_nonblocking(fds[0], 0);
	return result;
}

/* ---- The ring ------------------------------------------------------------ */

CASE(page_that_holds_oldest_and_newest_bytes_stays)
{
	open_pipe();
	fill_pattern(buffer, sizeof(buffer));
	require(write(fds[1], buffer, PIPE_BYTES) == PIPE_BYTES);
	require(read_all(fds[0], copy, 1000));
	require(write(fds[1], buffer + PIPE_BYTES, 1000) == 1000);
	require(read_all(fds[0], copy + 1000, PIPE_BYTES));
	expect(memcmp(buffer, copy, PIPE_BYTES + 1000) == 0);
	expect(pipe_is_empty());
}

CASE(every_freed_byte_is_room)
{
	open_pipe();
	fill_pipe(fds[1]);
	set_nonblocking(fds[1], 1);
	for (int i = 1; i < 200; i += 13) {
		expect(drain(fds[0], i));
		expect_error(write(fds[1], buffer, i + 1), EAGAIN);
		expect(write(fds[1], buffer, i) == i);
		expect_error(write(fds[1], buffer, 1), EAGAIN);
	}
}

CASE(fstat_tells_how_full_it_is)
{
	struct stat status;

	open_pipe();
	expect(fstat(fds[0], &status) == 0 && status.st_size == 0);
	expect(write(fds[1], buffer, 12345) == 12345);
	expect(fstat(fds[0], &status) == 0 && status.st_size == 12345);
}

CASE(poll_says_no_room_where_an_atomic_write_would_wait)
{
	struct pollfd poller = { .events = POLLOUT };

	open_pipe();
	poller.fd = fds[1];
	fill_pipe(fds[1]);
	expect(drain(fds[0], 4095));
	expect(poll(&poller, 1, 0) == 0);
	expect(drain(fds[0], 1));
	expect(poll(&poller, 1, 0) == 1 && poller.revents == POLLOUT);
}

/* ---- Turns --------------------------------------------------------------- */

CASE(readers_are_served_in_order)
{
	pid_t readers[6];

	open_pipe();
	for (int i = 0; i < 6; i++)
		readers[i] = start_reader();
	for (int i = 0; i < 6; i++) {
		byte = 'a' + i;
		require(write(fds[1], &byte, 1) == 1);
	}
	for (int i = 0; i < 6; i++)
		expect(result_of(readers[i]) == 'a' + i);
}

CASE(writers_are_served_in_order)
{
	pid_t writers[6];

	open_pipe();
	fill_pipe(fds[1]);
	for (int i = 0; i < 6; i++) {
		writers[i] = start_writer();
		byte = i;
	}
	for (int i = 0; i < 6; i++) {
		require(drain(fds[0], 1));
		require(result_of(writers[i]) == 1);
	}
}

CASE(a_small_write_does_not_overtake_a_big_one)
{
	pid_t big, small;

	open_pipe();
	fill_pipe(fds[1]);
	big = start_asleep(write_page);
	small = start_writer();
	expect(drain(fds[0], 1));
	case_pause();
	expect(is_asleep(big) && is_asleep(small));
	expect(drain(fds[0], 4096));
	expect(result_of(big) == 1);
	expect(result_of(small) == 1);
}

CASE(little_room_is_used_by_all_who_fit)
{
	pid_t writers[3];

	open_pipe();
	fill_pipe(fds[1]);
	for (int i = 0; i < 3; i++)
		writers[i] = start_writer();
	expect(drain(fds[0], 3));
	for (int i = 0; i < 3; i++)
		expect(result_of(writers[i]) == 1);
}

CASE(an_urgent_reader_goes_first)
{
	pid_t ordinary, urgent;

	open_pipe();
	ordinary = start_reader();
	urgent = fork_or_fail();
	if (urgent == 0) {
		be_urgent(10);
		_exit(read_one());
	}
	until_asleep(urgent);
	expect(write(fds[1], "u", 1) == 1);
	expect(result_of(urgent) == 'u');
	expect(is_asleep(ordinary));
	kill_and_wait(ordinary);
}

CASE(eof_reaches_readers_that_came_while_others_had_a_turn)
{
	pid_t readers[5];

	open_pipe();
	for (int i = 0; i < 5; i++) {
		readers[i] = fork_or_fail();
		if (readers[i] == 0) {
			close(fds[1]);
			while (read(fds[0], &byte, 1) == 1)
				continue;
			_exit(0);
		}
		until_asleep(readers[i]);
	}
	for (int i = 0; i < 50; i++)
		require(write(fds[1], buffer, 1 + i % 7) == 1 + i % 7);
	close(fds[1]);
	for (int i = 0; i < 5; i++)
		expect(result_of(readers[i]) == 0);
}

/* ---- Turns without a use ------------------------------------------------- */

CASE(killed_reader_passes_its_turn_on)
{
	pid_t first, second;

	for (int i = 0; i < 20; i++) {
		open_pipe();
		first = start_reader();
		second = start_reader();
		kill(first, SIGKILL);
		require(write(fds[1], "k", 1) == 1);
		require(result_of(second) == 'k');
		require(result_of(first) == -SIGKILL);
		close(fds[0]);
		close(fds[1]);
	}
}

CASE(killed_writer_passes_its_turn_on)
{
	pid_t first, second;

	for (int i = 0; i < 20; i++) {
		open_pipe();
		fill_pipe(fds[1]);
		first = start_writer();
		second = start_writer();
		kill(first, SIGKILL);
		require(drain(fds[0], PIPE_BYTES));
		require(result_of(second) == 1);
		require(result_of(first) == -SIGKILL);
		close(fds[0]);
		close(fds[1]);
	}
}

CASE(reader_with_a_bad_pointer_passes_its_turn_on)
{
	void *hole = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	pid_t bad, good;

	open_pipe();
	bad = fork_or_fail();
	if (bad == 0)
		_exit(read(fds[0], hole, 1) < 0 ? errno : 0);
	until_asleep(bad);
	good = start_reader();
	expect(write(fds[1], "g", 1) == 1);
	expect(result_of(bad) == EFAULT);
	expect(result_of(good) == 'g');
}

CASE(interrupted_reader_passes_its_turn_on)
{
	pid_t first, second;

	for (int i = 0; i < 20; i++) {
		open_pipe();
		first = fork_or_fail();
		if (first == 0) {
			set_handler(SIGUSR1, catch_it, 0);
			_exit(read_one());
		}
		until_asleep(first);
		second = start_reader();
		kill(first, SIGUSR1);
		require(write(fds[1], "i", 1) == 1);
		/* The first reader may have the byte, but one of the readers
		   must have it. */
		if (result_of(first) == 'i')
			require(write(fds[1], "i", 1) == 1);
		require(result_of(second) == 'i');
		close(fds[0]);
		close(fds[1]);
	}
}

CASE(stopped_reader_keeps_nobody_waiting)
{
	pid_t first, second;
	int status;

	open_pipe();
	first = start_reader();
	second = start_reader();
	kill(first, SIGSTOP);
	expect(waitpid(first, &status, WUNTRACED) == first);
	expect(write(fds[1], "s", 1) == 1);
	expect(result_of(second) == 's');
	kill(first, SIGCONT);
	until_asleep(first);
	expect(write(fds[1], "t", 1) == 1);
	expect(result_of(first) == 't');
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
