/*
 * poll.c - the cost of a wait in poll() over one and over many descriptors.
 *
 * A byte to a second process and back; the first process waits for the answer
 * in poll(). The other descriptors are pipes without data.
 */
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define MOST	100

static int there[2], back[2];
static struct pollfd watched[MOST];
static int quiet[MOST][2];
static char byte;

static void echo(void)
{
	while (read(there[0], &byte, 1) == 1) {
		use_fpu();
		write(back[1], &byte, 1);
	}
}

static void round_trip(void *count)
{
	write(there[1], &byte, 1);
	poll(watched, *(int *)count, -1);
	read(back[0], &byte, 1);
}

static void watch_data(int place, int fd)
{
	watched[place].fd = fd;
	watched[place].events = POLLIN;
}

static void poll_row(const char *name, int count)
{
	pid_t pid;
	int i;

	make_pipe(there, "/tmp/bench-there");
	make_pipe(back, "/tmp/bench-back");
	for (i = 0; i < count - 1; i++) {
		pipe(quiet[i]);
		watch_data(i, quiet[i][0]);
	}
	watch_data(count - 1, back[0]);
	pid = fork();
	if (pid == 0)
		echo();
	report(name, measure(round_trip, &count));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void one_row(const char *name)
{
	poll_row(name, 1);
}

static void hundred_row(const char *name)
{
	poll_row(name, MOST);
}

static const struct row rows[] = {
	{ "poll-1", one_row },
	{ "poll-100", hundred_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
