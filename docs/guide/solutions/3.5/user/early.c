/* early.c - a signal that comes before the wait is not lost. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static void wake(int number)
{
	(void)number;
}

int main(void)
{
	sigset_t wakes, before;

	signal(SIGUSR1, wake);
	sigemptyset(&wakes);
	sigaddset(&wakes, SIGUSR1);
	sigprocmask(SIG_BLOCK, &wakes, &before);
	if (fork() == 0) {
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	usleep(10000);
	sigsuspend(&before);
	printf("not lost\n");
	return 0;
}
