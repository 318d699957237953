/* cure.c - the handler of SIGCHLD waits until no child is left. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t reaped;

static void on_end(int n)
{
	(void)n;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		reaped++;
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_end };
	sigset_t end, before;

	sigemptyset(&end);
	sigaddset(&end, SIGCHLD);
	sigprocmask(SIG_BLOCK, &end, &before);
	sigaction(SIGCHLD, &action, NULL);
	for (int i = 0; i < 3; i++)
		if (fork() == 0)
			_exit(0);
	usleep(20000);		/* all three end meanwhile */
	sigprocmask(SIG_SETMASK, &before, NULL);
	printf("%d of 3 reaped\n", (int)reaped);
	return 0;
}
