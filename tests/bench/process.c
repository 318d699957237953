/* process.c - what a process costs: fork, exec, exit, wait. */
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

int main(void)
{
	report("fork_exit_wait", measure(fork_exit_wait, NULL));
	report("fork_exec_exit_wait", measure(fork_exec_exit_wait, NULL));
	return 0;
}
