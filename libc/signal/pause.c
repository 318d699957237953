/* pause.c - waiting for a signal. */
#include <signal.h>
#include <unistd.h>

/* Until a signal has run a handler: always -1, EINTR. */
int pause(void)
{
	sigset_t mask;

	if (sigprocmask(SIG_BLOCK, NULL, &mask) < 0)
		return -1;
	return sigsuspend(&mask);
}
