/*
 * pipe_wait.c - waiting for a pipe: which process wakes up, when, and which
 * events end the wait early: signals, kills, stops. Any POSIX system.
 */
#include "tests/user/helpers.h"

static int fds[2];
static char byte;

static void open_pipe(void)
{
	require(pipe(fds) == 0);
}

/* ---- Children that wait; the status tells the result of the call -------- */

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

static int write_much(void)
{
	static char much[PIPE_BYTES * 2];
	ssize_t n = write(fds[1], much, sizeof(much));

	if (n == sizeof(much))
		return 2;
	return n < 0 ? 100 + errno : n == PIPE_BYTES ? 1 : 3;
}

static pid_t start_reader(void)
{
	pid_t pid = start(read_one);

	until_asleep(pid);
	return pid;
}

static pid_t start_writer(void)
{
	pid_t pid = start(write_one);

	until_asleep(pid);
	return pid;
}

/* ---- Waiting ------------------------------------------------------------- */

CASE(reader_waits_for_data)
{
	pid_t reader;

	open_pipe();
	reader = start_reader();
	expect(write(fds[1], "d", 1) == 1);
	expect(result_of(reader) == 'd');
}

CASE(writer_waits_for_room)
{
	pid_t writer;

	open_pipe();
	fill_pipe(fds[1]);
	writer = start_writer();
	expect(drain(fds[0], PIPE_BYTES));
	expect(result_of(writer) == 1);
	expect(read(fds[0], &byte, 1) == 1 && byte == 'w');
}

CASE(long_write_is_complete_when_it_returns)
{
	pid_t writer;

	open_pipe();
	writer = start(write_much);
	until_asleep(writer);
	expect(drain(fds[0], PIPE_BYTES));
	expect(drain(fds[0], PIPE_BYTES));
	expect(result_of(writer) == 2);
}

CASE(one_write_wakes_every_reader_it_has_bytes_for)
{
	pid_t readers[8];
	int sum = 0;

	open_pipe();
	for (int i = 0; i < 8; i++)
		readers[i] = start_reader();
	expect(write(fds[1], "abcdefgh", 8) == 8);
	for (int i = 0; i < 8; i++)
		sum += result_of(readers[i]) - 'a';
	expect(sum == 28);
}

CASE(one_byte_wakes_one_reader)
{
	pid_t readers[4];
	int asleep = 0;

	open_pipe();
	for (int i = 0; i < 4; i++)
		readers[i] = start_reader();
	expect(write(fds[1], "a", 1) == 1);
	expect(wait(NULL) > 0);
	for (int i = 0; i < 4; i++)
		asleep += is_asleep(readers[i]);
	expect(asleep == 3);
	for (int i = 0; i < 4; i++)
		kill(readers[i], SIGKILL);
}

CASE(an_emptied_pipe_wakes_all_writers)
{
	pid_t writers[10];

	open_pipe();
	fill_pipe(fds[1]);
	for (int i = 0; i < 10; i++)
		writers[i] = start_writer();
	expect(drain(fds[0], PIPE_BYTES));
	for (int i = 0; i < 10; i++)
		expect(result_of(writers[i]) == 1);
}

CASE(reading_no_bytes_waits_for_nobody)
{
	pid_t reader;

	open_pipe();
	reader = start_reader();
	expect(read(fds[0], &byte, 0) == 0);
	expect(kill_and_wait(reader) == -SIGKILL);
}

CASE(nonblocking_never_waits)
{
	pid_t reader;

	open_pipe();
	reader = start_reader();
	close(fds[1]);
	kill_and_wait(reader);
	open_pipe();
	set_nonblocking(fds[0], 1);
	set_nonblocking(fds[1], 1);
	expect_error(read(fds[0], &byte, 1), EAGAIN);
	while (write(fds[1], "x", 1) == 1)
		continue;
	expect(errno == EAGAIN);
}

/* ---- Signals ------------------------------------------------------------- */

/* Send a signal to the waiting child, which has a handler with these flags. */
static pid_t start_with_handler(int (*function)(void), int flags)
{
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		set_handler(SIGUSR1, catch_it, flags);
		_exit(function());
	}
	until_asleep(pid);
	kill(pid, SIGUSR1);
	return pid;
}

static int read_after_signal(void)
{
	int result = read_one();

	return caught == 1 ? result : 98;
}

static int write_after_signal(void)
{
	int result = write_one();

	return caught == 1 ? result : 98;
}

static int write_much_after_signal(void)
{
	int result = write_much();

	return caught == 1 ? result : 98;
}

CASE(handler_interrupts_a_read)
{
	open_pipe();
	expect(result_of(start_with_handler(read_after_signal, 0)) ==
	       100 + EINTR);
	expect(write(fds[1], "x", 1) == 1 && read(fds[0], &byte, 1) == 1);
}

CASE(handler_interrupts_a_write)
{
	open_pipe();
	fill_pipe(fds[1]);
	expect(result_of(start_with_handler(write_after_signal, 0)) ==
	       100 + EINTR);
	expect(drain(fds[0], PIPE_BYTES));
	set_nonblocking(fds[0], 1);
	expect_error(read(fds[0], &byte, 1), EAGAIN);
}

CASE(interrupted_long_write_tells_what_it_wrote)
{
	open_pipe();
	expect(result_of(start_with_handler(write_much_after_signal, 0)) == 1);
	expect(drain(fds[0], PIPE_BYTES));
	set_nonblocking(fds[0], 1);
	expect_error(read(fds[0], &byte, 1), EAGAIN);
}

CASE(sa_restart_goes_on_reading)
{
	pid_t reader;

	open_pipe();
	reader = start_with_handler(read_after_signal, SA_RESTART);
	case_pause();
	until_asleep(reader);
	expect(write(fds[1], "r", 1) == 1);
	expect(result_of(reader) == 'r');
}

CASE(sa_restart_goes_on_writing)
{
	pid_t writer;

	open_pipe();
	fill_pipe(fds[1]);
	writer = start_with_handler(write_after_signal, SA_RESTART);
	case_pause();
	until_asleep(writer);
	expect(drain(fds[0], PIPE_BYTES));
	expect(result_of(writer) == 1);
	expect(read(fds[0], &byte, 1) == 1);
}

CASE(ignored_signal_ends_no_wait)
{
	pid_t reader;

	set_handler(SIGUSR1, SIG_IGN, 0);
	open_pipe();
	reader = start_reader();
	kill(reader, SIGUSR1);
	kill(reader, SIGCHLD);
	kill(reader, SIGWINCH);
	case_pause();
	expect(is_asleep(reader));
	expect(write(fds[1], "i", 1) == 1);
	expect(result_of(reader) == 'i');
}

CASE(blocked_signal_ends_no_wait)
{
	pid_t reader;

	block(SIGUSR1);
	open_pipe();
	reader = start_reader();
	kill(reader, SIGUSR1);
	case_pause();
	expect(is_asleep(reader));
	expect(write(fds[1], "b", 1) == 1);
	expect(result_of(reader) == 'b');
}

CASE(stop_and_continue_end_no_wait)
{
	pid_t reader;
	int status;

	open_pipe();
	reader = start_reader();
	kill(reader, SIGSTOP);
	expect(waitpid(reader, &status, WUNTRACED) == reader);
	expect(WIFSTOPPED(status));
	kill(reader, SIGCONT);
	until_asleep(reader);
	expect(write(fds[1], "s", 1) == 1);
	expect(result_of(reader) == 's');
}

CASE(stopped_reader_takes_nothing)
{
	pid_t reader;
	int status;

	open_pipe();
	reader = start_reader();
	kill(reader, SIGSTOP);
	expect(waitpid(reader, &status, WUNTRACED) == reader);
	expect(write(fds[1], "z", 1) == 1);
	expect(read(fds[0], &byte, 1) == 1 && byte == 'z');
	kill(reader, SIGCONT);
	until_asleep(reader);
	kill_and_wait(reader);
}

/* ---- Kills --------------------------------------------------------------- */

CASE(kill_ends_a_waiting_reader)
{
	open_pipe();
	expect(kill_and_wait(start_reader()) == -SIGKILL);
}

CASE(kill_ends_a_waiting_writer)
{
	open_pipe();
	fill_pipe(fds[1]);
	expect(kill_and_wait(start_writer()) == -SIGKILL);
}

CASE(a_process_stuck_on_its_own_pipe_can_be_killed)
{
	pid_t stuck;

	open_pipe();
	fill_pipe(fds[1]);
	stuck = start_writer();
	close(fds[0]);
	close(fds[1]);
	expect(is_asleep(stuck));
	expect(kill_and_wait(stuck) == -SIGKILL);
}

CASE(two_processes_that_wait_for_each_other_can_be_killed)
{
	pid_t here, there;

	open_pipe();
	here = start_reader();
	there = start_reader();
	close(fds[1]);
	close(fds[0]);
	expect(is_asleep(here) && is_asleep(there));
	expect(kill_and_wait(here) == -SIGKILL);
	expect(is_asleep(there));
	expect(kill_and_wait(there) == -SIGKILL);
}

CASE(a_signal_storm_loses_no_bytes)
{
	long total = 0;
	pid_t writer;
	ssize_t n;

	open_pipe();
	writer = fork_or_fail();
	if (writer == 0) {
		static char bytes[30000];

		set_handler(SIGUSR1, catch_it, SA_RESTART);
		for (long left = 3000000; left > 0; left -= n) {
			n = write(fds[1], bytes, sizeof(bytes));
			if (n <= 0)
				_exit(1);
		}
		_exit(0);
	}
	close(fds[1]);
	until_asleep(writer);
	for (;;) {
		char bytes[5000];

		kill(writer, SIGUSR1);
		n = read(fds[0], bytes, sizeof(bytes));
		if (n <= 0)
			break;
		total += n;
	}
	expect(n == 0 && result_of(writer) == 0);
	expect(total >= 3000000 && total < 3030000);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
