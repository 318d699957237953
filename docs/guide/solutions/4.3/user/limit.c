/* limit.c - wait for a child until a deadline, then end the child. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void ignore(int number)
{
	(void)number;
}

int main(void)
{
	const struct timespec limit = { 0, 50000000 };
	sigset_t ends;
	pid_t child;

	signal(SIGCHLD, ignore);
	sigemptyset(&ends);
	sigaddset(&ends, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	child = fork();
	if (child == 0)
		for (;;)
			pause();
	if (sigtimedwait(&ends, NULL, &limit) < 0) {
		kill(child, SIGKILL);
		printf("too slow\n");
	}
	waitpid(child, NULL, 0);
	return 0;
}
