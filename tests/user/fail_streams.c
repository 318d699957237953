/*
 * fail_streams.c - failures in the calls of pipes, FIFOs, message queues,
 * counters, timers and poll: each is a right errno and changes nothing.
 * linux: no
 */
#include <mqueue.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

#include "tests/user/fail_case.h"

/* ---- Pipes ------------------------------------------------------------- */

static void prepare_pipe(size_t bytes)
{
	prepare_nothing(bytes);
	require(pipe(fds) == 0);
}

static void prepare_full_pipe(size_t bytes)
{
	prepare_pipe(bytes);
	require(write(fds[1], data, bytes) == (ssize_t)bytes);
}

static long call_pipe(size_t bytes)
{
	(void)bytes;
	return pipe(made);
}

static long call_write(size_t bytes)
{
	return write(fds[1], data, bytes);
}

static long call_read(size_t bytes)
{
	return read(fds[0], data, bytes);
}

static long call_dup(size_t bytes)
{
	return made_one(fcntl(fds[0], F_DUPFD, (int)bytes));
}

static long call_fstat(size_t bytes)
{
	struct stat status;

	(void)bytes;
	return fstat(fds[0], &status);
}

/* ---- FIFOs ------------------------------------------------------------- */

static const char fifo_name[] = "/tmp/fail-fifo";

static void prepare_fifo(size_t bytes)
{
	prepare_nothing(bytes);
	require(mkfifo(fifo_name, 0600) == 0);
}

static long call_mkfifo(size_t bytes)
{
	(void)bytes;
	return mkfifo(fifo_name, 0600);
}

static long call_open_fifo(size_t bytes)
{
	return made_one(open(fifo_name, bytes ? O_RDWR
				     : O_RDONLY | O_NONBLOCK));
}

static void undo_fifo(void)
{
	unlink(fifo_name);
	close_fds();
}

/* ---- Message queues ---------------------------------------------------- */

static void prepare_queue(size_t bytes)
{
	struct mq_attr attr = { .mq_maxmsg = 4, .mq_msgsize = BYTES_MOST };

	prepare_nothing(bytes);
	fds[0] = mq_open("/fail", O_RDWR | O_CREAT, 0600, &attr);
	require(fds[0] >= 0);
}

static void prepare_filled_queue(size_t bytes)
{
	prepare_queue(bytes);
	require(mq_send(fds[0], data, bytes, 7) == 0);
}

static long call_mq_open(size_t bytes)
{
	struct mq_attr attr = { .mq_maxmsg = 4, .mq_msgsize = bytes };

	return made_one(mq_open("/fail", O_RDWR | O_CREAT, 0600, &attr));
}

static long call_mq_send(size_t bytes)
{
	return mq_send(fds[0], data, bytes, 3);
}

static long call_mq_receive(size_t bytes)
{
	unsigned priority;

	(void)bytes;
	return mq_receive(fds[0], data, BYTES_MOST, &priority);
}

static long call_mq_getattr(size_t bytes)
{
	struct mq_attr attr;

	(void)bytes;
	return mq_getattr(fds[0], &attr);
}

static long call_mq_setattr(size_t bytes)
{
	struct mq_attr attr = { .mq_flags = O_NONBLOCK }, old;

	(void)bytes;
	return mq_setattr(fds[0], &attr, &old);
}

static long call_mq_notify(size_t bytes)
{
	struct sigevent event = { .sigev_notify = SIGEV_NONE };

	(void)bytes;
	return mq_notify(fds[0], &event);
}

static long call_mq_unlink(size_t bytes)
{
	(void)bytes;
	/* The name is gone when the call before has succeeded. */
	return mq_unlink("/fail");
}

static void undo_queue(void)
{
	mq_unlink("/fail");
	close_fds();
}

/* ---- Counters, timers, signals, poll ----------------------------------- */

static void prepare_eventfd(size_t bytes)
{
	prepare_nothing(bytes);
	fds[0] = eventfd(5, 0);
	require(fds[0] >= 0);
}

static long call_eventfd(size_t bytes)
{
	return made_one(eventfd(bytes, 0));
}

static long call_eventfd_read(size_t bytes)
{
	eventfd_t value;

	(void)bytes;
	return eventfd_read(fds[0], &value);
}

static long call_eventfd_write(size_t bytes)
{
	return eventfd_write(fds[0], bytes);
}

static void prepare_timerfd(size_t bytes)
{
	prepare_nothing(bytes);
	fds[0] = timerfd_create(CLOCK_MONOTONIC, 0);
	require(fds[0] >= 0);
}

static long call_timerfd(size_t bytes)
{
	(void)bytes;
	return made_one(timerfd_create(CLOCK_REALTIME, 0));
}

static long call_timerfd_gettime(size_t bytes)
{
	struct itimerspec value;

	(void)bytes;
	return timerfd_gettime(fds[0], &value);
}

static long call_signalfd(size_t bytes)
{
	sigset_t set = set_of(SIGUSR1);

	(void)bytes;
	return made_one(signalfd(-1, &set, 0));
}

static long call_sigqueue(size_t bytes)
{
	union sigval value = { .sival_int = (int)bytes };

	return sigqueue(getpid(), SIGRTMIN, value);
}

static void prepare_blocked(size_t bytes)
{
	prepare_nothing(bytes);
	block(SIGRTMIN);
}

static void undo_signal(void)
{
	const struct timespec at_once = { 0, 0 };
	sigset_t set = set_of(SIGRTMIN);

	sigaddset(&set, SIGUSR1);
	while (sigtimedwait(&set, NULL, &at_once) > 0)
		;
	close_fds();
}

static long call_poll(size_t bytes)
{
	static struct pollfd polled[256];

	for (size_t i = 0; i < bytes; i++)
		polled[i] = (struct pollfd){ fds[i % 2], POLLIN | POLLOUT,
					     0 };
	return poll(polled, bytes, 0);
}

static long call_select(size_t bytes)
{
	struct timeval none = { 0, 0 };
	fd_set set;

	(void)bytes;
	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	return select(fds[0] + 1, &set, NULL, NULL, &none);
}

/* ---- The table --------------------------------------------------------- */

static const struct operation operations[] = {
	{ "stream_pipe", prepare_nothing, call_pipe, close_fds, { 0 } },
	{ "stream_write", prepare_pipe, call_write, close_fds, LENGTHS },
	{ "stream_read", prepare_full_pipe, call_read, close_fds, LENGTHS },
	{ "stream_dup", prepare_pipe, call_dup, close_fds, { 10, 60, 100,
	  200 } },
	{ "stream_fstat", prepare_pipe, call_fstat, close_fds, { 0 } },
	{ "stream_mkfifo", prepare_nothing, call_mkfifo, undo_fifo, { 0 } },
	{ "stream_open_fifo", prepare_fifo, call_open_fifo, undo_fifo, { 0,
	  1 } },
	{ "mq_open", prepare_nothing, call_mq_open, undo_queue, LENGTHS },
	{ "mq_send", prepare_queue, call_mq_send, undo_queue, LENGTHS },
	{ "mq_receive", prepare_filled_queue, call_mq_receive, undo_queue,
	  LENGTHS },
	{ "mq_getattr", prepare_queue, call_mq_getattr, undo_queue, { 0 } },
	{ "mq_setattr", prepare_queue, call_mq_setattr, undo_queue, { 0 } },
	{ "mq_notify", prepare_queue, call_mq_notify, undo_queue, { 0 } },
	{ "mq_unlink", prepare_queue, call_mq_unlink, undo_queue, { 0 } },
	{ "other_eventfd", prepare_nothing, call_eventfd, close_fds, { 0, 9 } },
	{ "other_eventfd_read", prepare_eventfd, call_eventfd_read, close_fds,
	  { 0 } },
	{ "other_eventfd_write", prepare_eventfd, call_eventfd_write,
	  close_fds, { 1, 77 } },
	{ "other_timerfd", prepare_nothing, call_timerfd, close_fds, { 0 } },
	{ "other_timerfd_gettime", prepare_timerfd, call_timerfd_gettime,
	  close_fds, { 0 } },
	{ "other_signalfd", prepare_nothing, call_signalfd, close_fds, { 0 } },
	{ "other_sigqueue", prepare_blocked, call_sigqueue, undo_signal, { 1,
	  2 } },
	{ "other_poll", prepare_full_pipe, call_poll, close_fds, { 1, 10, 127,
	  128, 129, 200, 255, 256 } },
	{ "other_select", prepare_full_pipe, call_select, close_fds, { 1 } },
	{ .name = NULL },
};

CASE(failure_in_a_call_of_pipes_changes_something)
{
	sweep_those(operations, "stream_");
}

CASE(failure_in_a_call_of_message_queues_changes_something)
{
	sweep_those(operations, "mq_");
}

CASE(failure_in_another_call_changes_something)
{
	sweep_those(operations, "other_");
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
