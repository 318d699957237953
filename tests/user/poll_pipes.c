/*
 * poll_pipes.c - poll() over pipes and files: poll() says yes when a read or
 * write would work, wakes at each change, and leaves nothing behind. Any POSIX
 * system.
 */
#include <poll.h>
#include <sys/mman.h>

#include <sys/stat.h>

#include "tests/user/helpers.h"

static int fds[2];
static char byte;

static void open_pipe(void)
{
	require(pipe(fds) == 0);
}

/* The result of poll() for one descriptor, without a wait; -1 for an error. */
static int look(int fd, int events)
{
	struct pollfd poller = { .fd = fd, .events = events, .revents = 0x7f };
	int count = poll(&poller, 1, 0);

	if (count < 0)
		return -1;
	expect(count == (poller.revents != 0));
	return poller.revents;
}

/* A child that polls without end, and exits with the events. */
static pid_t start_poller(int fd, int events)
{
	struct pollfd poller = { .fd = fd, .events = events };
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		if (fd == fds[0])
			close(fds[1]);
		_exit(poll(&poller, 1, -1) == 1 ? poller.revents
						: 100 + errno);
	}
	until_asleep(pid);
	return pid;
}

/* ---- States -------------------------------------------------------------- */

CASE(empty_pipe_is_writable_only)
{
	open_pipe();
	expect(look(fds[0], POLLIN | POLLOUT) == 0);
	expect(look(fds[1], POLLIN | POLLOUT) == POLLOUT);
}

CASE(pipe_with_data_is_readable)
{
	open_pipe();
	expect(write(fds[1], "x", 1) == 1);
	expect(look(fds[0], POLLIN) == POLLIN);
	expect(look(fds[0], 0) == 0);
	expect(read(fds[0], &byte, 1) == 1);
	expect(look(fds[0], POLLIN) == 0);
}

CASE(full_pipe_is_not_writable)
{
	open_pipe();
	fill_pipe(fds[1]);
	expect(look(fds[1], POLLOUT) == 0);
	expect(drain(fds[0], PIPE_BYTES));
	expect(look(fds[1], POLLOUT) == POLLOUT);
}

CASE(room_for_less_than_pipe_buf_is_not_writable)
{
	static char bytes[15 * 4096 + 1];

	open_pipe();
	expect(write(fds[1], bytes, sizeof(bytes)) == sizeof(bytes));
	expect(look(fds[1], POLLOUT) == 0);
}

CASE(widowed_reader_sees_hup_and_what_is_left)
{
	open_pipe();
	expect(write(fds[1], "x", 1) == 1);
	close(fds[1]);
	expect(look(fds[0], POLLIN) == (POLLIN | POLLHUP));
	expect(look(fds[0], 0) == POLLHUP);
	expect(read(fds[0], &byte, 1) == 1);
	expect(look(fds[0], POLLIN) & POLLHUP);
}

CASE(widowed_writer_sees_err)
{
	open_pipe();
	close(fds[0]);
	expect(look(fds[1], POLLOUT) & POLLERR);
	expect(look(fds[1], 0) & POLLERR);
}

CASE(closed_descriptor_is_nval)
{
	open_pipe();
	close(fds[0]);
	expect(look(fds[0], POLLIN) == POLLNVAL);
	expect(look(9999, 0) == POLLNVAL);
}

CASE(negative_descriptors_are_left_out)
{
	expect(look(-1, POLLIN | POLLOUT) == 0);
	expect(look(-2147483647 - 1, POLLIN | POLLOUT) == 0);
}

CASE(files_are_always_ready)
{
	int fd = open(case_program, O_RDONLY);

	expect(fd >= 0);
	expect(look(fd, POLLIN | POLLOUT) == (POLLIN | POLLOUT));
	fd = open("/dev/null", O_RDWR);
	expect(look(fd, POLLIN | POLLOUT) == (POLLIN | POLLOUT));
}

CASE(count_tells_how_many_have_something)
{
	struct pollfd pollers[6];

	open_pipe();
	expect(write(fds[1], "x", 1) == 1);
	for (int i = 0; i < 6; i++)
		pollers[i] = (struct pollfd){
			.fd = i == 4 ? -1 : fds[i % 2],
			.events = POLLIN,
			.revents = 0x7f,
		};
	expect(poll(pollers, 6, -1) == 2);
	expect(pollers[0].revents == POLLIN && pollers[2].revents == POLLIN);
	expect(!pollers[1].revents && !pollers[3].revents);
	expect(!pollers[4].revents && !pollers[5].revents);
}

/* ---- Waking -------------------------------------------------------------- */

CASE(data_wakes_a_poller)
{
	pid_t poller;

	open_pipe();
	poller = start_poller(fds[0], POLLIN);
	expect(write(fds[1], "x", 1) == 1);
	expect(result_of(poller) == POLLIN);
}

CASE(last_close_wakes_a_poller)
{
	pid_t poller;

	open_pipe();
	poller = start_poller(fds[0], POLLIN);
	close(fds[1]);
	expect(result_of(poller) == POLLHUP);
}

CASE(room_wakes_a_poller)
{
	pid_t poller;

	open_pipe();
	fill_pipe(fds[1]);
	poller = start_poller(fds[1], POLLOUT);
	expect(drain(fds[0], PIPE_BYTES));
	expect(result_of(poller) == POLLOUT);
}

CASE(what_was_not_asked_for_wakes_nobody)
{
	pid_t poller;

	open_pipe();
	poller = start_poller(fds[0], 0);
	expect(write(fds[1], "x", 1) == 1);
	case_pause();
	until_asleep(poller);
	close(fds[1]);
	expect(result_of(poller) == POLLHUP);
}

CASE(many_pollers_all_wake)
{
	pid_t pollers[10];

	open_pipe();
	for (int i = 0; i < 10; i++)
		pollers[i] = start_poller(fds[0], POLLIN);
	expect(write(fds[1], "x", 1) == 1);
	for (int i = 0; i < 10; i++)
		expect(result_of(pollers[i]) == POLLIN);
}

CASE(poller_does_not_steal_a_readers_wake)
{
	pid_t poller, reader;

	open_pipe();
	poller = start_poller(fds[0], POLLIN);
	reader = fork_or_fail();
	if (reader == 0)
		_exit(read(fds[0], &byte, 1));
	until_asleep(reader);
	expect(write(fds[1], "x", 1) == 1);
	expect(result_of(reader) == 1);
	expect(write(fds[1], "x", 1) == 1);
	expect(result_of(poller) == POLLIN);
}

CASE(one_of_200_wakes)
{
	static struct pollfd pollers[200];
	int second[2];
	pid_t child;

	open_pipe();
	require(pipe(second) == 0);
	for (int i = 0; i < 200; i++)
		pollers[i] = (struct pollfd){ .fd = fds[0], .events = POLLIN };
	pollers[150].fd = second[0];
	child = fork_or_fail();
	if (child == 0)
		_exit(poll(pollers, 200, -1) == 1 &&
		      pollers[150].revents == POLLIN);
	until_asleep(child);
	expect(write(second[1], "x", 1) == 1);
	expect(result_of(child) == 1);
}

CASE(same_descriptor_twice_counts_twice)
{
	struct pollfd pollers[2];
	pid_t child;

	open_pipe();
	pollers[0] = pollers[1] = (struct pollfd){ .fd = fds[0],
						   .events = POLLIN };
	child = fork_or_fail();
	if (child == 0)
		_exit(poll(pollers, 2, -1));
	until_asleep(child);
	expect(write(fds[1], "x", 1) == 1);
	expect(result_of(child) == 2);
}

CASE(killed_poller_leaves_no_watcher)
{
	pid_t poller;

	for (int i = 0; i < 20; i++) {
		open_pipe();
		poller = start_poller(fds[0], POLLIN);
		require(kill_and_wait(poller) == -SIGKILL);
		require(write(fds[1], "x", 1) == 1);
		require(read(fds[0], &byte, 1) == 1);
		close(fds[1]);
		close(fds[0]);
	}
}

CASE(poller_keeps_the_pipe_that_all_others_closed)
{
	pid_t poller;

	open_pipe();
	poller = start_poller(fds[0], 0);
	close(fds[0]);
	close(fds[1]);
	expect(result_of(poller) == POLLHUP);
}

/* ---- Ends of the wait ---------------------------------------------------- */

CASE(timeout_gives_zero_and_not_too_early)
{
	long long before = case_now_ms();
	struct pollfd poller = { .events = POLLIN, .revents = 0x7f };

	open_pipe();
	poller.fd = fds[0];
	expect(poll(&poller, 1, 30) == 0);
	expect(case_now_ms() - before >= 29);
	expect(poller.revents == 0);
}

CASE(poll_of_nothing_is_a_sleep)
{
	long long before = case_now_ms();

	expect(poll(NULL, 0, 0) == 0);
	expect(poll(NULL, 0, 20) == 0);
	expect(case_now_ms() - before >= 19);
}

static int poll_after_signal(void)
{
	struct pollfd poller = { .fd = fds[0], .events = POLLIN };
	int result;

	set_handler(SIGUSR1, catch_it, SA_RESTART);
	result = poll(&poller, 1, -1);
	return result < 0 && errno == EINTR && caught == 1;
}

CASE(handler_ends_a_poll_even_with_sa_restart)
{
	pid_t poller;

	open_pipe();
	poller = start(poll_after_signal);
	until_asleep(poller);
	kill(poller, SIGUSR1);
	expect(result_of(poller) == 1);
}

/* How many tenths of a second a poll of 300 ms took. */
static int poll_through_stops(void)
{
	long long before = case_now_ms();

	poll(NULL, 0, 300);
	return (case_now_ms() - before) / 100;
}

CASE(stops_make_a_poll_no_longer)
{
	pid_t poller = start(poll_through_stops);
	int status;

	until_asleep(poller);
	for (int i = 0; i < 20; i++) {
		kill(poller, SIGSTOP);
		require(waitpid(poller, &status, WUNTRACED) == poller);
		if (WIFEXITED(status))
			break;
		kill(poller, SIGCONT);
		for (int j = 0; j < 25; j++)
			case_pause();
	}
	if (!WIFEXITED(status))
		waitpid(poller, &status, 0);
	expect(WIFEXITED(status) && WEXITSTATUS(status) >= 3 &&
	       WEXITSTATUS(status) < 30);
}

CASE(kill_ends_a_poll_of_nothing)
{
	pid_t poller = fork_or_fail();

	if (poller == 0)
		_exit(poll(NULL, 0, -1));
	until_asleep(poller);
	expect(kill_and_wait(poller) == -SIGKILL);
}

/* ---- Bad arguments ------------------------------------------------------- */

CASE(bad_pointer_is_efault)
{
	expect_error(poll(nowhere, 1, 0), EFAULT);
	expect_error(poll(nowhere, 1, -1), EFAULT);
}

CASE(too_many_are_einval)
{
	static struct pollfd pollers[1];

	expect_error(poll(pollers, -1, 0), EINVAL);
	expect_error(poll(pollers, 1u << 30, 0), EINVAL);
	expect_error(poll(pollers, 0x20000001, 0), EINVAL);
}

CASE(read_only_array_is_efault_and_leaves_nothing)
{
	struct pollfd *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	open_pipe();
	require(page != MAP_FAILED);
	page->fd = fds[1];
	page->events = POLLOUT;
	require(mprotect(page, 4096, PROT_READ) == 0);
	expect_error(poll(page, 1, -1), EFAULT);
	expect(page->revents == 0);
}

/* ---- A FIFO without a writer --------------------------------------------- */

static char path[64];

static void make_fifo(void)
{
	snprintf(path, sizeof(path), "/tmp/poll-fifo-%d", (int)getpid());
	unlink(path);
	require(mkfifo(path, 0600) == 0);
}

CASE(fifo_ends_for_poll_before_a_writer_came)
{
	int reader, writer;

	make_fifo();
	reader = open(path, O_RDONLY | O_NONBLOCK);
	require(reader >= 0);
	expect(look(reader, POLLIN) == 0);
	expect(read(reader, &byte, 1) == 0);
	writer = open(path, O_WRONLY);
	require(writer >= 0);
	expect(look(reader, POLLIN) == 0);
	close(writer);
	expect(look(reader, POLLIN) == POLLHUP);
	unlink(path);
}

#define CROWD	40		/* more than a wake tells at once */

/* On the pipe of the parent, which is the last writer. */
static int poll_for_the_end(void)
{
	struct pollfd entry = { .fd = fds[0] };

	close(fds[1]);
	return poll(&entry, 1, -1) != 1 || entry.revents != POLLHUP;
}

CASE(crowd_that_waits_for_the_end_sleeps_on_at_data)
{
	pid_t children[CROWD];

	open_pipe();
	for (int i = 0; i < CROWD; i++)
		children[i] = start_asleep(poll_for_the_end);
	require(write(fds[1], &byte, 1) == 1);
	for (int i = 0; i < CROWD; i++) {
		until_asleep(children[i]);
		expect(waitpid(children[i], NULL, WNOHANG) == 0);
	}
	require(read(fds[0], &byte, 1) == 1);
	close(fds[1]);
	for (int i = 0; i < CROWD; i++)
		expect(result_of(children[i]) == 0);
}

CASE(second_reader_does_not_see_the_end)
{
	int first, second, writer;

	make_fifo();
	first = open(path, O_RDONLY | O_NONBLOCK);
	writer = open(path, O_WRONLY);
	second = open(path, O_RDONLY | O_NONBLOCK);
	require(first >= 0 && writer >= 0 && second >= 0);
	expect(look(second, POLLIN) == 0);
	close(writer);
	expect(look(first, POLLIN) == POLLHUP);
	expect(look(second, POLLIN) == POLLHUP);
	unlink(path);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
