/* process.c - the cost of a process: fork, exec, exit, wait, kill. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

static void fork_exit_wait(void *unused)
{
	pid_t pid = fork();

	(void)unused;
	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
}

static void fork_exec_exit_wait(void *unused)
{
	static char *argv[] = { "true", NULL };
	pid_t pid = fork();

	(void)unused;
	if (pid == 0) {
		execv("/bin/true", argv);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

/* A child that waits for a signal. */
static void start_blocked(void *child)
{
	pid_t *pid = child;

	*pid = fork();
	if (*pid == 0)
		for (;;)
			pause();
	usleep(1000);
}

static void kill_and_wait(void *child)
{
	pid_t pid = *(pid_t *)child;

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void kill_row(const char *name)
{
	pid_t pid;

	report(name, measure_prepared(start_blocked, kill_and_wait, &pid));
}

static void fork_row(const char *name)
{
	report(name, measure(fork_exit_wait, NULL));
}

static void exec_row(const char *name)
{
	report(name, measure(fork_exec_exit_wait, NULL));
}

static const struct row rows[] = {
	{ "fork", fork_row },
	{ "exec", exec_row },
	{ "kill", kill_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
