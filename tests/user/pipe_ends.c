/*
 * pipe_ends.c - the holders of the ends of a pipe: end of file only after the
 * last writer, EPIPE only after the last reader. Any POSIX system.
 */
#include "tests/user/helpers.h"

static int fds[2];
static char byte;

static void open_pipe(void)
{
	require(pipe(fds) == 0);
}

static void ignore_sigpipe(void)
{
	set_handler(SIGPIPE, SIG_IGN, 0);
}

/* A child reads one byte; the exit status is the result of read(). */
static int read_one(void)
{
	close(fds[1]);
	return read(fds[0], &byte, 1) & 0xff;
}

static int write_much(void)
{
	static char much[100000];
	ssize_t n;

	close(fds[0]);
	n = write(fds[1], much, sizeof(much));
	return n < 0 ? errno : n == PIPE_BYTES ? 100 : 101;
}

/* ---- End of file --------------------------------------------------------- */

CASE(reader_sees_eof_when_last_writer_closes)
{
	pid_t reader;

	open_pipe();
	reader = start(read_one);
	until_asleep(reader);
	close(fds[1]);
	expect(result_of(reader) == 0);
}

CASE(reader_sees_eof_when_last_writer_dies)
{
	pid_t writer;

	open_pipe();
	writer = fork_or_fail();
	if (writer == 0) {
		pause();
		_exit(0);
	}
	close(fds[1]);
	kill(writer, SIGKILL);
	expect(read(fds[0], &byte, 1) == 0);
	expect(result_of(writer) == -SIGKILL);
}

CASE(all_sleeping_readers_see_eof)
{
	pid_t readers[10];

	open_pipe();
	for (int i = 0; i < 10; i++)
		readers[i] = start(read_one);
	for (int i = 0; i < 10; i++)
		until_asleep(readers[i]);
	close(fds[1]);
	for (int i = 0; i < 10; i++)
		expect(result_of(readers[i]) == 0);
}

CASE(data_comes_before_eof)
{
	char text[10];

	open_pipe();
	expect(write(fds[1], "last", 4) == 4);
	close(fds[1]);
	expect(read(fds[0], text, 3) == 3);
	expect(read(fds[0], text, 3) == 1 && text[0] == 't');
	expect(read(fds[0], text, 3) == 0);
	expect(read(fds[0], text, 3) == 0);
}

CASE(eof_is_no_eagain)
{
	open_pipe();
	set_nonblocking(fds[0], 1);
	expect_error(read(fds[0], &byte, 1), EAGAIN);
	close(fds[1]);
	expect(read(fds[0], &byte, 1) == 0);
}

CASE(a_second_descriptor_keeps_the_writer)
{
	int twin;

	open_pipe();
	twin = dup(fds[1]);
	close(fds[1]);
	set_nonblocking(fds[0], 1);
	expect_error(read(fds[0], &byte, 1), EAGAIN);
	expect(write(twin, "x", 1) == 1 && read(fds[0], &byte, 1) == 1);
	close(twin);
	expect(read(fds[0], &byte, 1) == 0);
}

CASE(a_child_keeps_the_writer)
{
	pid_t child;

	open_pipe();
	child = fork_or_fail();
	if (child == 0) {
		pause();
		_exit(0);
	}
	close(fds[1]);
	set_nonblocking(fds[0], 1);
	expect_error(read(fds[0], &byte, 1), EAGAIN);
	kill_and_wait(child);
	expect(read(fds[0], &byte, 1) == 0);
}

CASE(dup2_over_the_last_writer_closes_it)
{
	open_pipe();
	require(dup2(STDOUT_FILENO, fds[1]) == fds[1]);
	expect(read(fds[0], &byte, 1) == 0);
}

CASE(exit_closes_the_ends)
{
	open_pipe();
	if (fork_or_fail() == 0)
		_exit(write(fds[1], "x", 1) != 1);
	close(fds[1]);
	expect(read(fds[0], &byte, 1) == 1);
	expect(read(fds[0], &byte, 1) == 0);
	wait(NULL);
}

CASE(a_zombie_holds_no_end)
{
	pid_t child;

	open_pipe();
	child = fork_or_fail();
	if (child == 0)
		_exit(0);
	close(fds[1]);
	until_zombie(child);
	set_nonblocking(fds[0], 1);
	expect(read(fds[0], &byte, 1) == 0);
	wait(NULL);
}

/* ---- EPIPE --------------------------------------------------------------- */

CASE_DIES(write_without_reader_is_fatal, SIGPIPE)
{
	open_pipe();
	close(fds[0]);
	write(fds[1], "x", 1);
}

CASE(write_without_reader_is_epipe)
{
	ignore_sigpipe();
	open_pipe();
	close(fds[0]);
	expect_error(write(fds[1], "x", 1), EPIPE);
	set_nonblocking(fds[1], 1);
	expect_error(write(fds[1], "x", 1), EPIPE);
}

CASE(sigpipe_comes_with_epipe)
{
	set_handler(SIGPIPE, catch_it, SA_RESTART);
	open_pipe();
	close(fds[0]);
	expect_error(write(fds[1], "x", 1), EPIPE);
	expect(caught == 1);
}

CASE(blocked_sigpipe_waits)
{
	block(SIGPIPE);
	open_pipe();
	close(fds[0]);
	expect_error(write(fds[1], "x", 1), EPIPE);
	expect(is_pending(SIGPIPE));
}

CASE(full_pipe_without_reader_is_epipe_not_eagain)
{
	ignore_sigpipe();
	open_pipe();
	fill_pipe(fds[1]);
	close(fds[0]);
	expect_error(write(fds[1], "x", 1), EPIPE);
	set_nonblocking(fds[1], 1);
	expect_error(write(fds[1], "x", 1), EPIPE);
}

CASE(sleeping_writer_sees_epipe_when_last_reader_dies)
{
	pid_t writer;

	ignore_sigpipe();
	open_pipe();
	fill_pipe(fds[1]);
	writer = start(write_much);
	until_asleep(writer);
	close(fds[0]);
	expect(result_of(writer) == EPIPE);
}

CASE(split_write_tells_what_it_wrote)
{
	pid_t writer;

	ignore_sigpipe();
	open_pipe();
	writer = start(write_much);
	until_asleep(writer);
	close(fds[0]);
	expect(result_of(writer) == 100);
}

CASE(all_sleeping_writers_see_epipe)
{
	pid_t writers[10];

	ignore_sigpipe();
	open_pipe();
	fill_pipe(fds[1]);
	for (int i = 0; i < 10; i++)
		writers[i] = start(write_much);
	for (int i = 0; i < 10; i++)
		until_asleep(writers[i]);
	close(fds[0]);
	for (int i = 0; i < 10; i++)
		expect(result_of(writers[i]) == EPIPE);
}

/* ---- Nothing left behind: the counters tell ------------------------------ */

CASE(unread_data_goes_with_the_pipe)
{
	open_pipe();
	fill_pipe(fds[1]);
	close(fds[1]);
	close(fds[0]);
	open_pipe();
	fill_pipe(fds[1]);
	close(fds[0]);
	close(fds[1]);
}

CASE(widowed_pipes_are_freed)
{
	for (int i = 0; i < 500; i++) {
		open_pipe();
		require(write(fds[1], "x", 1) == 1);
		close(fds[i % 2]);
		close(fds[1 - i % 2]);
	}
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
