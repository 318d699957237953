/*
 * pipe_table.c - the descriptors of a pipe: which numbers, which flags, across
 * exec, and with a full table. Any POSIX system.
 */
#include "tests/user/helpers.h"

static int fds[2];
static char byte;

static void open_pipe(void)
{
	require(pipe(fds) == 0);
}

/* Duplicates until the table is full; returns the last descriptor. */
static int fill_table(void)
{
	int last = -1, fd;

	while ((fd = dup(STDOUT_FILENO)) >= 0)
		last = fd;
	require(errno == EMFILE);
	return last;
}

CASE(emfile_leaves_none_behind)
{
	int last = fill_table();

	expect_error(pipe(fds), EMFILE);
	close(last);
	expect_error(pipe(fds), EMFILE);
	expect(dup(STDOUT_FILENO) == last);
	close(last);
	close(last - 1);
	expect(pipe(fds) == 0);
	expect(fds[0] == last - 1 && fds[1] == last);
}

CASE(bad_pointer_leaves_none_behind)
{
	int before = dup(0), after;

	close(before);
	for (int i = 0; i < 300; i++)
		expect_error(pipe(nowhere), EFAULT);
	after = dup(0);
	expect(after == before);
}

CASE(the_lowest_numbers_are_taken_reader_first)
{
	int lowest = dup(0);

	close(lowest);
	open_pipe();
	expect(fds[0] == lowest && fds[1] > lowest);
	close(fds[0]);
	expect(dup(0) == lowest);
}

/* ---- Flags --------------------------------------------------------------- */

CASE(pipe2_knows_its_flags)
{
	open_pipe();
	expect(fcntl(fds[0], F_GETFD) == 0 && fcntl(fds[1], F_GETFD) == 0);
	expect(!(fcntl(fds[0], F_GETFL) & O_NONBLOCK));
	require(pipe2(fds, O_CLOEXEC) == 0);
	expect(fcntl(fds[0], F_GETFD) == FD_CLOEXEC);
	expect(fcntl(fds[1], F_GETFD) == FD_CLOEXEC);
	require(pipe2(fds, O_NONBLOCK) == 0);
	expect(fcntl(fds[0], F_GETFL) & O_NONBLOCK);
	expect(fcntl(fds[1], F_GETFL) & O_NONBLOCK);
	expect_error(pipe2(fds, O_CREAT), EINVAL);
	expect_error(pipe2(fds, -1), EINVAL);
}

CASE(nonblock_belongs_to_the_open_file)
{
	int twin;

	open_pipe();
	twin = dup(fds[0]);
	set_nonblocking(fds[0], 1);
	expect(fcntl(twin, F_GETFL) & O_NONBLOCK);
	expect(!(fcntl(fds[1], F_GETFL) & O_NONBLOCK));
	if (fork_or_fail() == 0) {
		set_nonblocking(fds[0], 0);
		_exit(0);
	}
	wait(NULL);
	expect(!(fcntl(twin, F_GETFL) & O_NONBLOCK));
}

/* ---- Across exec --------------------------------------------------------- */

/* Run this program again with --hold (see main() below): it writes a byte to
 * the descriptor, if the descriptor is open, then sleeps until killed. */
static pid_t start_program(int fd)
{
	char number[12];
	char *argv[] = { (char *)case_program, "--hold", number, NULL };
	pid_t pid = fork_or_fail();

	if (pid)
		return pid;
	snprintf(number, sizeof(number), "%d", fd);
	execv(case_program, argv);
	_exit(127);
}

CASE(exec_keeps_the_ends)
{
	pid_t child;

	open_pipe();
	child = start_program(fds[1]);
	close(fds[1]);
	expect(read(fds[0], &byte, 1) == 1 && byte == 'h');
	set_nonblocking(fds[0], 1);
	expect_error(read(fds[0], &byte, 1), EAGAIN);
	kill_and_wait(child);
	expect(read(fds[0], &byte, 1) == 0);
}

CASE(close_on_exec_closes)
{
	pid_t child;

	require(pipe2(fds, O_CLOEXEC) == 0);
	child = start_program(fds[1]);
	close(fds[1]);
	expect(read(fds[0], &byte, 1) == 0);
	expect(kill_and_wait(child) == -SIGKILL);
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--hold") == 0) {
		write(atoi(argv[2]), "hold", 1);
		for (;;)
			pause();
	}
	return run_cases(argc, argv);
}
