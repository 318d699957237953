/* cure.c - the signal is let in only while the program sleeps. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t has_come;

static void on_signal(int n)
{
	(void)n;
	has_come = 1;
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t set, before;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &before);
	sigaction(SIGUSR1, &action, NULL);
	if (fork() == 0) {
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	while (!has_come) {
		write(1, "waiting\n", 8);
		sigsuspend(&before);
	}
	wait(NULL);
	return 0;
}
