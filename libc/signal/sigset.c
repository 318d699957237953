/* sigset.c - sets of signals: bit n - 1 stands for signal n. */
#include <errno.h>
#include <signal.h>

#include "libc/pthread/cancel.h"

/* The bit of a signal, or 0 and EINVAL. */
static sigset_t bit(int signal)
{
	if (signal < 1 || signal >= NSIG) {
		errno = EINVAL;
		return 0;
	}
	return (sigset_t)1 << (signal - 1);
}

int sigemptyset(sigset_t *set)
{
	*set = 0;
	return 0;
}

/* All but the signal by which libc ends a thread. */
int sigfillset(sigset_t *set)
{
	*set = ~CANCEL_SET;
	return 0;
}

int sigaddset(sigset_t *set, int signal)
{
	sigset_t added = bit(signal);

	*set |= added;
	return added ? 0 : -1;
}

int sigdelset(sigset_t *set, int signal)
{
	sigset_t removed = bit(signal);

	*set &= ~removed;
	return removed ? 0 : -1;
}

int sigismember(const sigset_t *set, int signal)
{
	sigset_t asked = bit(signal);

	return asked ? (*set & asked) != 0 : -1;
}
