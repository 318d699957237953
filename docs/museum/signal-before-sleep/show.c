/* show.c - the signal is there before the wait. */
#include <signal.h>
#include <stddef.h>

static void note(int unused)
{
	(void)unused;
}

int main(void)
{
	sigset_t set, none;

	signal(SIGUSR1, note);
	sigemptyset(&none);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	sigsuspend(&none);
	return 0;
}
