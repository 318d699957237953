/*
 * pipe.c - the cost of a system call, a switch and a pipe.
 *
 * A round trip is two processes and two pipes: one byte (or 512) there and
 * back, which is four system calls, two sleeps, two wakes and two switches.
 */
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"
#include "tests/bench/turns.h"

#define STREAM_CHUNK	4096
#define STREAM_BYTES	(1 << 20)

static int there[2], back[2];
static char buffer[STREAM_CHUNK];

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

/* Start a child that runs until its input ends; returns the pid. */
static pid_t start_child(void (*body)(void))
{
	pid_t pid;

	pipe(there);
	pipe(back);
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
	waitpid(pid, NULL, 0);
}

static void echo(void)
{
	ssize_t n;

	while ((n = read(there[0], buffer, sizeof(buffer))) > 0)
		write(back[1], buffer, n);
}

static void drain(void)
{
	while (read(there[0], buffer, sizeof(buffer)) > 0)
		continue;
}

static void yield_for_ever(void)
{
	for (;;)
		sched_yield();
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
	for (sent = 0; sent < STREAM_BYTES; sent += STREAM_CHUNK)
		write(there[1], buffer, STREAM_CHUNK);
}

static void stream_row(const char *name)
{
	pid_t pid = start_child(drain);

	report_share(name, measure(send_stream, NULL), STREAM_BYTES);
	stop_child(pid);
}

static const struct row rows[] = {
	{ "null-call", null_call_row },
	{ "yield-pair", yield_row },
	{ "pipe-rtt", pipe_row },
	{ "pipe-rtt-512", pipe_512_row },
	{ "pipe-stream", stream_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
