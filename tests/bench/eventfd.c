/* eventfd.c - the cost of a round trip through two counters of eventfd(). */
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

static int there, back;

static void round_trip(void *unused)
{
	uint64_t count = 1;

	(void)unused;
	write(there, &count, sizeof(count));
	read(back, &count, sizeof(count));
}

static void echo(void)
{
	uint64_t count;

	for (;;) {
		read(there, &count, sizeof(count));
		use_fpu();
		write(back, &count, sizeof(count));
	}
}

static void round_trip_row(const char *name)
{
	pid_t pid;

	there = eventfd(0, 0);
	back = eventfd(0, 0);
	watch(there);
	watch(back);
	pid = fork();
	if (pid == 0)
		echo();
	report(name, measure(round_trip, NULL));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(there);
	close(back);
}

static const struct row rows[] = {
	{ "eventfd-rtt", round_trip_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
