/* socket.c - the cost of a byte through a local socket and back. */
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

static int ends[2];
static char byte;

static void round_trip(void *unused)
{
	(void)unused;
	write(ends[0], &byte, 1);
	read(ends[0], &byte, 1);
}

static void echo(void)
{
	close(ends[0]);
	while (read(ends[1], &byte, 1) == 1) {
		use_fpu();
		write(ends[1], &byte, 1);
	}
}

static void round_trip_row(const char *name)
{
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0) {
		report_missing(name);
		return;
	}
	watch(ends[0]);
	watch(ends[1]);
	pid = fork();
	if (pid == 0) {
		echo();
		_exit(0);
	}
	close(ends[1]);
	report(name, measure(round_trip, NULL));
	close(ends[0]);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static const struct row rows[] = {
	{ "socket-rtt", round_trip_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
