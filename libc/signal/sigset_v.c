/* sigset_v.c - signals as System V had them, made of those of POSIX. */
#include <signal.h>
#include <stddef.h>

static int change(int how, int signal, sigset_t *old)
{
	sigset_t set;

	sigemptyset(&set);
	if (sigaddset(&set, signal) < 0)
		return -1;
	return sigprocmask(how, &set, old);
}

int sighold(int signal)
{
	return change(SIG_BLOCK, signal, NULL);
}

int sigrelse(int signal)
{
	return change(SIG_UNBLOCK, signal, NULL);
}

int sigignore(int signal)
{
	const struct sigaction action = { .sa_handler = SIG_IGN };

	return sigaction(signal, &action, NULL);
}

/* Take the signal out of the mask and wait for one. */
int sigpause(int signal)
{
	sigset_t mask;

	if (sigprocmask(SIG_BLOCK, NULL, &mask) < 0 ||
	    sigdelset(&mask, signal) < 0)
		return -1;
	return sigsuspend(&mask);
}

/* Any handler but SIG_HOLD takes the signal out of the mask. */
void (*sigset(int signal, void (*handler)(int)))(int)
{
	struct sigaction action = { .sa_handler = handler }, old;
	int is_hold = handler == SIG_HOLD;
	sigset_t mask;

	if (sigaction(signal, is_hold ? NULL : &action, &old) < 0 ||
	    change(is_hold ? SIG_BLOCK : SIG_UNBLOCK, signal, &mask) < 0)
		return SIG_ERR;
	return sigismember(&mask, signal) ? SIG_HOLD : old.sa_handler;
}
