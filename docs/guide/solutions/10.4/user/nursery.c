/* nursery.c - SIGCHLD comes once, and three children have ended. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 3 };

static volatile sig_atomic_t ended;

static void on_end(int n)
{
	(void)n;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		ended++;
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_end };
	sigset_t end, before;

	sigemptyset(&end);
	sigaddset(&end, SIGCHLD);
	sigprocmask(SIG_BLOCK, &end, &before);
	sigaction(SIGCHLD, &action, NULL);
	for (int i = 0; i < CHILDREN; i++)
		if (fork() == 0)
			_exit(0);
	usleep(20000);		/* all three end meanwhile */
	while (ended < CHILDREN)
		sigsuspend(&before);
	printf("%d children have ended\n", (int)ended);
	return 0;
}
