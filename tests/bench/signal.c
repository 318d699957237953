/* signal.c - the cost of a signal with a handler. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

static volatile sig_atomic_t taken;
static sigset_t nothing_blocked;
static pid_t self, other;

static void take(int signal)
{
	(void)signal;
	taken++;
}

static void take_and_answer(int signal)
{
	use_fpu();
	kill(other, signal);
}

static void handle(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	sigaction(SIGUSR1, &action, NULL);
}

static void block(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &nothing_blocked);
}

static void to_self(void *unused)
{
	(void)unused;
	kill(self, SIGUSR1);
}

static void self_row(const char *name)
{
	self = getpid();
	handle(take);
	report(name, measure(to_self, NULL));
}

static void round_trip(void *unused)
{
	int before = taken;

	(void)unused;
	kill(other, SIGUSR1);
	while (taken == before)
		sigsuspend(&nothing_blocked);
}

static void answer(void)
{
	handle(take_and_answer);
	for (;;)
		sigsuspend(&nothing_blocked);
}

static void round_trip_row(const char *name)
{
	pid_t pid;

	block();
	handle(take);
	other = getpid();
	pid = fork();
	if (pid == 0)
		answer();
	other = pid;
	usleep(1000);			/* until the child waits */
	report(name, measure(round_trip, NULL));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static const struct row rows[] = {
	{ "signal-self", self_row },
	{ "signal-rtt", round_trip_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
