/*
 * tests.c - the tests of lab 2: the wait queue, seen through a pipe.
 *
 * lab.toml has the points of each case and what the trace must show.
 */
#include <sys/stat.h>

#include "docs/labs/lab.h"

#define FIFO	"/tmp/lab_wait"
#define NAME	"/lab-wait"
#include "tests/user/mqueue.h"

static int fds[2];
static char byte;

static void open_pipe(void)
{
	require(pipe(fds) == 0);
}

static int read_one(void)
{
	ssize_t n;

	close(fds[1]);
	n = read(fds[0], &byte, 1);
	return n < 0 ? 100 + errno : n == 0 ? 99 : byte;
}

static int write_page(void)
{
	static char page[4096];

	return write(fds[1], page, sizeof(page)) == sizeof(page) ? 7 : 1;
}

static int meet_a_writer(void)
{
	return open(FIFO, O_RDONLY) >= 0 ? 7 : 1;
}

static int read_interrupted(void)
{
	set_handler(SIGUSR1, catch_it, 0);
	return read_one();
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

CASE(event_wakes_the_sleeper)
{
	pid_t pid;

	open_pipe();
	pid = start_sleeping(read_one);
	mark(1);
	send_byte('a');
	expect(result_of(pid) == 'a');
}

CASE(attempt_in_vain_sleeps_again)
{
	pid_t pid;

	open_pipe();
	require(fill_pipe(fds[1]) == PIPE_BYTES);
	pid = start_sleeping(write_page);
	mark(1);
	require(drain(fds[0], 1));
	let_others_run();
	expect(is_asleep(pid));
	mark(2);
	require(drain(fds[0], 4095));
	expect(result_of(pid) == 7);
}

CASE(sleepers_wake_in_the_order_of_arrival)
{
	pid_t pids[4];

	open_pipe();
	for (int i = 0; i < 4; i++)
		pids[i] = start_sleeping(read_one);
	for (int i = 0; i < 4; i++)
		send_byte('a' + i);
	for (int i = 0; i < 4; i++)
		expect(result_of(pids[i]) == 'a' + i);
}

CASE(one_event_wakes_one_sleeper)
{
	pid_t pids[4];

	open_pipe();
	for (int i = 0; i < 4; i++)
		pids[i] = start_sleeping(read_one);
	for (int i = 0; i < 4; i++) {
		send_byte('a');
		let_others_run();	/* a task woken in vain sleeps again */
	}
	for (int i = 0; i < 4; i++)
		expect(result_of(pids[i]) == 'a');
}

CASE(end_wakes_the_first_sleeper)
{
	pid_t pids[3];

	open_pipe();
	for (int i = 0; i < 3; i++)
		pids[i] = start_sleeping(read_one);
	mark(1);
	close(fds[1]);
	for (int i = 0; i < 3; i++)
		expect(result_of(pids[i]) == 99);
}

CASE(meeting_wakes_all_sleepers)
{
	pid_t pids[3];

	unlink(FIFO);
	require(mkfifo(FIFO, 0600) == 0);
	for (int i = 0; i < 3; i++)
		pids[i] = start_sleeping(meet_a_writer);
	mark(1);
	fds[1] = open(FIFO, O_WRONLY);
	for (int i = 0; i < 3; i++)
		expect(result_of(pids[i]) == 7);
	unlink(FIFO);
}

/* The woken task is of low priority, so this process goes on. */
CASE(newcomer_does_not_overtake_a_woken_task)
{
	char other;
	pid_t pid;

	open_pipe();
	pid = start_in_the_background(read_one);
	set_nonblocking(fds[0], 1);
	send_byte('a');
	expect_error(read(fds[0], &other, 1), EAGAIN);
	expect(result_of(pid) == 'a');
	send_byte('b');
	expect(read(fds[0], &other, 1) == 1 && other == 'b');
}

CASE(deadline_ends_the_wait)
{
	struct timespec end = in_ms(20);

	new_queue(2);
	expect_error(mq_timedreceive(queue, buffer, BYTES, NULL, &end),
		     ETIMEDOUT);
	require(send_text("x", 3) == 0 && held() == 1);
	expect(receives("x", 3));
}

CASE(signal_ends_the_wait)
{
	pid_t pid;

	open_pipe();
	pid = start_sleeping(read_interrupted);
	mark(1);
	kill(pid, SIGUSR1);
	expect(result_of(pid) == 100 + EINTR);
	send_byte('x');
	expect(read(fds[0], &byte, 1) == 1 && byte == 'x');
}

CASE(killed_sleeper_leaves_the_queue)
{
	pid_t first, second;

	open_pipe();
	first = start_sleeping(read_one);
	second = start_sleeping(read_one);
	expect(kill_and_wait(first) == -SIGKILL);
	send_byte('a');
	expect(result_of(second) == 'a');
}

/* The signal is sent while it is blocked, and sigsuspend() lets it in. */
CASE(signal_before_the_sleep_ends_the_wait)
{
	sigset_t none;

	sigemptyset(&none);
	set_handler(SIGUSR1, catch_it, 0);
	block(SIGUSR1);
	raise(SIGUSR1);
	expect_error(sigsuspend(&none), EINTR);
	expect(caught == 1);
}

LAB_MAIN
