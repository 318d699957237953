/*
 * pipe.c - the cost of a system call, a switch and a pipe.
 *
 * A round trip is two processes and two pipes: one byte (or 512) there and
 * back, which is four system calls, two sleeps, two wakes and two switches.
 * With poll() before each read, poll() is the call that sleeps.
 */
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"
#include "tests/bench/turns.h"

#define CHUNK_MOST	65536
#define STREAM_BYTES	(1 << 20)

static int there[2], back[2];
static char buffer[CHUNK_MOST];
static size_t chunk;			/* bytes of a write of the stream */

static void null_call(void *unused)
{
	(void)unused;
	getppid();
}

static void yield(void *unused)
{
	(void)unused;
	sched_yield();
}

static void round_trip(void *bytes)
{
	write(there[1], buffer, *(size_t *)bytes);
	read(back[0], buffer, *(size_t *)bytes);
}

/* Start a child at the other ends of the pipes; returns the pid. */
static pid_t start_child(void (*body)(void))
{
	pid_t pid;

	make_pipe(there, "/tmp/bench-there");
	make_pipe(back, "/tmp/bench-back");
	pid = fork();
	if (pid == 0) {
		close(there[1]);
		close(back[0]);
		body();
		_exit(0);
	}
	close(there[0]);
	close(back[1]);
	return pid;
}

static void stop_child(pid_t pid)
{
	close(there[1]);
	close(back[0]);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void echo(void)
{
	ssize_t n;

	while ((n = read(there[0], buffer, sizeof(buffer))) > 0) {
		use_fpu();
		write(back[1], buffer, n);
	}
}

static void wait_for_data(int fd)
{
	struct pollfd data = { .fd = fd, .events = POLLIN };

	poll(&data, 1, -1);
}

static void poll_and_echo(void)
{
	for (;;) {
		wait_for_data(there[0]);
		read(there[0], buffer, 1);
		use_fpu();
		write(back[1], buffer, 1);
	}
}

static void poll_round_trip(void *unused)
{
	(void)unused;
	write(there[1], buffer, 1);
	wait_for_data(back[0]);
	read(back[0], buffer, 1);
}

static void drain(void)
{
	while (read(there[0], buffer, chunk) > 0)
		use_fpu();
}

static void yield_for_ever(void)
{
	for (;;) {
		sched_yield();
		use_fpu();
	}
}

static void null_call_row(const char *name)
{
	report(name, measure(null_call, NULL));
}

static void yield_row(const char *name)
{
	pid_t pid;

	take_turns(1);
	pid = fork();
	if (pid == 0)
		yield_for_ever();
	report(name, measure(yield, NULL));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	take_turns(0);
}

static void round_trip_row(const char *name, size_t bytes)
{
	pid_t pid = start_child(echo);

	report(name, measure(round_trip, &bytes));
	stop_child(pid);
}

static void pipe_row(const char *name)
{
	round_trip_row(name, 1);
}

static void pipe_512_row(const char *name)
{
	round_trip_row(name, 512);
}

static void send_stream(void *unused)
{
	int sent;

	(void)unused;
	for (sent = 0; sent < STREAM_BYTES; sent += chunk)
		write(there[1], buffer, chunk);
}

static void poll_row(const char *name)
{
	pid_t pid = start_child(poll_and_echo);

	report(name, measure(poll_round_trip, NULL));
	stop_child(pid);
}

static void stream(const char *name, size_t bytes)
{
	pid_t pid;

	chunk = bytes;
	pid = start_child(drain);
	report_share(name, measure(send_stream, NULL), STREAM_BYTES);
	stop_child(pid);
}

static void stream_row(const char *name)
{
	stream(name, 4096);
}

static void stream_64k_row(const char *name)
{
	stream(name, CHUNK_MOST);
}

static const struct row rows[] = {
	{ "null-call", null_call_row },
	{ "yield-pair", yield_row },
	{ "pipe-rtt", pipe_row },
	{ "pipe-rtt-512", pipe_512_row },
	{ "pipe-poll", poll_row },
	{ "pipe-stream", stream_row },
	{ "pipe-stream-64k", stream_64k_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
