/*
 * hidden.c - the tests of lab 2 that students do not see.
 */
#include "docs/labs/lab.h"

static int fds[2];
static char byte;

static void open_pipe(void)
{
	require(pipe(fds) == 0);
}

static int read_one(void)
{
	ssize_t n = read(fds[0], &byte, 1);

	return n < 0 ? 100 + errno : n == 0 ? 99 : byte;
}

static int read_urgently(void)
{
	be_urgent(10);
	return read_one();
}

static int read_with_a_handler(void)
{
	set_handler(SIGUSR1, catch_it, 0);
	return read_one();
}

static int write_page(void)
{
	static char page[4096];

	set_handler(SIGUSR1, catch_it, 0);
	return write(fds[1], page, sizeof(page)) < 0 ? errno : 0;
}

static int write_one(void)
{
	return write(fds[1], "w", 1) == 1 ? 7 : 1;
}

/* Let all others run, without a deadline: that is a test of its own. */
static void let_others_run(void)
{
	for (int i = 0; i < 20; i++)
		sched_yield();
}

static pid_t start_sleeping(int (*function)(void))
{
	pid_t pid = start(function);

	while (!is_asleep(pid))
		sched_yield();
	return pid;
}

/* A process that sleeps in read(), and runs only when no other can. */
static pid_t start_in_the_background(int (*function)(void))
{
	const struct sched_param param = { .sched_priority = 0 };
	pid_t pid = start_sleeping(function);

	require(sched_setscheduler(pid, SCHED_IDLE, &param) >= 0);
	return pid;
}

static void send_byte(char value)
{
	require(write(fds[1], &value, 1) == 1);
}

CASE(turn_of_a_killed_task_passes_on)
{
	pid_t first, second;

	open_pipe();
	first = start_in_the_background(read_one);
	second = start_sleeping(read_one);
	send_byte('a');
	kill(first, SIGKILL);
	expect(result_of(first) == -SIGKILL);
	expect(result_of(second) == 'a');
}

CASE(turn_without_a_next_sleeper_ends)
{
	pid_t pid;

	open_pipe();
	pid = start_in_the_background(read_one);
	send_byte('a');
	expect(kill_and_wait(pid) == -SIGKILL);
	set_nonblocking(fds[0], 1);
	expect(read(fds[0], &byte, 1) == 1 && byte == 'a');
}

CASE(event_wins_over_a_signal)
{
	pid_t pid;

	open_pipe();
	pid = start_in_the_background(read_with_a_handler);
	send_byte('a');
	kill(pid, SIGUSR1);
	expect(result_of(pid) == 'a');
}

CASE(higher_priority_goes_first)
{
	pid_t ordinary, urgent;

	open_pipe();
	ordinary = start_sleeping(read_one);
	urgent = start_sleeping(read_urgently);
	mark(1);
	send_byte('a');
	expect(result_of(urgent) == 'a' && is_asleep(ordinary));
	send_byte('b');
	expect(result_of(ordinary) == 'b');
}

CASE(changed_priority_changes_the_place)
{
	const struct sched_param param = { .sched_priority = 1 };
	pid_t first, second;

	open_pipe();
	first = start_sleeping(read_one);
	second = start_sleeping(read_one);
	expect(sched_setscheduler(second, SCHED_FIFO, &param) >= 0);
	mark(1);
	send_byte('a');
	expect(result_of(second) == 'a' && is_asleep(first));
	send_byte('b');
	expect(result_of(first) == 'b');
}

/* There is room for a byte, and not for the page of the first writer. */
CASE(first_sleeper_that_leaves_lets_the_next_try)
{
	pid_t first, second;

	open_pipe();
	require(fill_pipe(fds[1]) == PIPE_BYTES);
	first = start_sleeping(write_page);
	second = start_sleeping(write_one);
	require(drain(fds[0], 1));
	let_others_run();
	expect(is_asleep(first) && is_asleep(second));
	kill(first, SIGUSR1);
	expect(result_of(first) == EINTR);
	expect(result_of(second) == 7);
}

/* The first sleeper has a turn and has not run; then a sleeper of higher
 * priority arrives. */
CASE(turn_passes_to_a_sleeper_of_higher_priority)
{
	pid_t ordinary, urgent;

	open_pipe();
	ordinary = start_in_the_background(read_one);
	send_byte('a');
	urgent = start(read_urgently);
	expect(result_of(urgent) == 'a' && is_asleep(ordinary));
	send_byte('b');
	expect(result_of(ordinary) == 'b');
}

/* There is room for a byte. The page of the first writer does not fit, the byte
 * of the second does. */
CASE(sleeper_that_comes_to_the_front_tries)
{
	const struct sched_param param = { .sched_priority = 1 };
	pid_t first, second;

	open_pipe();
	require(fill_pipe(fds[1]) == PIPE_BYTES);
	first = start_sleeping(write_page);
	second = start_sleeping(write_one);
	require(drain(fds[0], 1));
	let_others_run();
	expect(is_asleep(first) && is_asleep(second));
	expect(sched_setscheduler(second, SCHED_FIFO, &param) >= 0);
	expect(result_of(second) == 7);
	expect(is_asleep(first));
	kill(first, SIGKILL);
}

/* ---- Under every schedule ------------------------------------------------ */

static int write_in_vain(void)
{
	close(fds[0]);
	return write(fds[1], "w", 1) != -1 || errno != EPIPE;
}

/* The last reader leaves, while no, one or two writers sleep. */
static int end_meets_two_writers(void)
{
	static const char zeros[PIPE_BYTES];
	pid_t first, second;

	signal(SIGPIPE, SIG_IGN);
	open_pipe();
	require(write(fds[1], zeros, PIPE_BYTES) == PIPE_BYTES);
	first = start(write_in_vain);
	second = start(write_in_vain);
	close(fds[0]);
	return result_of(first) || result_of(second);
}

LAB_MAIN_WITH_SEARCH(end_reaches_two_writers_under_every_schedule, "2",
		     end_meets_two_writers)
