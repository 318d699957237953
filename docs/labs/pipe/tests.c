/*
 * tests.c - the tests of lab 3: the pipe. Each case makes a pipe of its own.
 *
 * lab.toml has the points of each case and what the trace must show.
 */
#include <poll.h>
#include <sys/stat.h>

#include "docs/labs/lab.h"

static int fds[2];
static unsigned char buffer[3 * PIPE_BYTES], copy[3 * PIPE_BYTES];

static void open_pipe(void)
{
	require(pipe(fds) == 0);
}

static void fill_pattern(unsigned char *bytes, size_t size, unsigned seed)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (i * 7 + (i >> 8) + seed) & 0xff;
}

static int read_one(void)
{
	unsigned char byte;
	ssize_t n;

	close(fds[1]);
	n = read(fds[0], &byte, 1);
	return n < 0 ? 100 + errno : n == 0 ? 99 : byte;
}

static int write_one(void)
{
	ssize_t n;

	close(fds[0]);
	n = write(fds[1], "w", 1);
	return n < 0 ? 100 + errno : n;
}

static int write_page(void)
{
	return write(fds[1], buffer, 4096) != 4096;
}

static short events_of(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN | POLLOUT };

	require(poll(&poller, 1, 0) >= 0);
	return poller.revents;
}

CASE(bytes_come_out_as_they_went_in)
{
	open_pipe();
	fill_pattern(buffer, 1000, 1);
	expect(write(fds[1], buffer, 1000) == 1000);
	expect(read(fds[0], copy, 1000) == 1000);
	expect(memcmp(buffer, copy, 1000) == 0);
}

CASE(read_takes_what_is_there)
{
	open_pipe();
	require(write(fds[1], "abc", 3) == 3 && write(fds[1], "def", 3) == 3);
	expect(read(fds[0], copy, 2) == 2 && memcmp(copy, "ab", 2) == 0);
	expect(copy[2] == 0);
	expect(read(fds[0], copy, 100) == 4 && memcmp(copy, "cdef", 4) == 0);
	expect(read(fds[0], copy, 0) == 0);
	expect(write(fds[1], copy, 0) == 0);
}

/* The pipe never runs empty, so its oldest byte goes round the ring. */
CASE(ring_wraps_at_every_offset)
{
	size_t piece;

	open_pipe();
	require(write(fds[1], "rest", 4) == 4);
	for (int i = 0; i < 40; i++) {
		piece = 1 + i * 9777 % 60000;
		fill_pattern(buffer, piece, i);
		memcpy(buffer + piece, "rest", 4);
		require(write(fds[1], buffer, piece + 4) ==
			(ssize_t)piece + 4);
		require(read_all(fds[0], copy, 4));
		require(memcmp(copy, "rest", 4) == 0);
		require(read_all(fds[0], copy, piece));
		require(memcmp(buffer, copy, piece) == 0);
	}
}

CASE(capacity_is_64_kib)
{
	open_pipe();
	set_nonblocking(fds[0], 1);
	expect_error(read(fds[0], copy, 1), EAGAIN);
	set_nonblocking(fds[1], 1);
	expect(write(fds[1], buffer, 40000) == 40000);
	expect(write(fds[1], buffer, 40000) == PIPE_BYTES - 40000);
	expect_error(write(fds[1], buffer, 1), EAGAIN);
	expect(read(fds[0], copy, sizeof(copy)) == PIPE_BYTES);
	expect_error(read(fds[0], copy, 1), EAGAIN);
}

CASE(reader_sleeps_until_bytes_come)
{
	pid_t reader;

	open_pipe();
	reader = start_asleep(read_one);
	mark(1);
	expect(write(fds[1], "r", 1) == 1);
	expect(result_of(reader) == 'r');
}

CASE(writer_sleeps_until_there_is_room)
{
	pid_t writer;

	open_pipe();
	require(fill_pipe(fds[1]) == PIPE_BYTES);
	writer = start_asleep(write_one);
	mark(1);
	expect(drain(fds[0], 1));
	expect(result_of(writer) == 1);
}

CASE(long_write_goes_on_as_room_comes)
{
	pid_t writer;

	open_pipe();
	fill_pattern(buffer, sizeof(buffer), 3);
	writer = fork_or_fail();
	if (writer == 0)
		_exit(write(fds[1], buffer, sizeof(buffer)) != sizeof(buffer));
	expect(read_all(fds[0], copy, sizeof(copy)));
	expect(memcmp(buffer, copy, sizeof(buffer)) == 0);
	expect(result_of(writer) == 0);
}

CASE(end_of_file_comes_after_the_last_writer)
{
	open_pipe();
	require(write(fds[1], "last", 4) == 4);
	close(fds[1]);
	expect(read(fds[0], copy, 3) == 3);
	expect(read(fds[0], copy, 3) == 1 && copy[0] == 't');
	expect(read(fds[0], copy, 3) == 0);
	expect(read(fds[0], copy, 3) == 0);
}

CASE(sleeping_readers_see_the_end)
{
	pid_t readers[3];

	open_pipe();
	for (int i = 0; i < 3; i++)
		readers[i] = start_asleep(read_one);
	mark(1);
	close(fds[1]);
	for (int i = 0; i < 3; i++)
		expect(result_of(readers[i]) == 99);
}

CASE(write_without_a_reader_is_an_error)
{
	pid_t writer;

	open_pipe();
	require(fill_pipe(fds[1]) == PIPE_BYTES);
	set_handler(SIGPIPE, catch_it, 0);
	writer = start_asleep(write_one);
	close(fds[0]);
	expect(result_of(writer) == 100 + EPIPE);
	expect_error(write(fds[1], "x", 1), EPIPE);
	expect(caught == 1 && caught_signal == SIGPIPE);
}

CASE(small_write_is_whole_or_nothing)
{
	open_pipe();
	require(write(fds[1], buffer, 15 * 4096 + 1) == 15 * 4096 + 1);
	set_nonblocking(fds[1], 1);
	expect_error(write(fds[1], buffer, 4096), EAGAIN);
	expect(write(fds[1], buffer, 4095) == 4095);
	expect_error(write(fds[1], buffer, 1), EAGAIN);
}

/* The pipe is never full: the writer waits beside 3,536 free places. */
CASE(small_write_goes_on_with_room_for_all)
{
	pid_t writer;

	open_pipe();
	require(write(fds[1], buffer, 62000) == 62000);
	writer = start_asleep(write_page);
	expect(drain(fds[0], 500));
	until_asleep(writer);
	mark(1);
	expect(drain(fds[0], 500));
	expect(result_of(writer) == 0);
}

CASE(poll_tells_what_would_not_wait)
{
	open_pipe();
	expect_number(events_of(fds[0]), 0);
	expect_number(events_of(fds[1]), POLLOUT);
	require(write(fds[1], buffer, PIPE_BYTES - 4096) > 0);
	expect_number(events_of(fds[0]), POLLIN);
	expect_number(events_of(fds[1]), POLLOUT);
	require(write(fds[1], buffer, 1) == 1);
	expect_number(events_of(fds[1]), 0);
	close(fds[1]);
	expect_number(events_of(fds[0]), POLLIN | POLLHUP);
	require(drain(fds[0], PIPE_BYTES - 4095));
	expect_number(events_of(fds[0]), POLLHUP);
}

CASE(bad_address_loses_no_byte)
{
	void *bad = lab_no_page();

	open_pipe();
	set_nonblocking(fds[0], 1);
	expect_error(write(fds[1], bad, 10), EFAULT);
	expect_error(read(fds[0], copy, 100), EAGAIN);
	require(write(fds[1], "precious", 8) == 8);
	expect_error(read(fds[0], bad, 8), EFAULT);
	expect(read(fds[0], copy, 100) == 8);
	expect(memcmp(copy, "precious", 8) == 0);
}

LAB_MAIN
