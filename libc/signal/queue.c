/* queue.c - signals with a value, and taking them without a handler. */
#include <errno.h>
#include <signal.h>
#include <stddef.h>

#include "libc/syscall.h"

int sigqueue(pid_t pid, int signal, const union sigval value)
{
	return __sys_sigqueue(pid, signal, value.sival_ptr);
}

int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
	return sigtimedwait(set, info, NULL);
}

/* sigwait() returns the error, and goes on after a handler has run. */
int sigwait(const sigset_t *restrict set, int *restrict signal)
{
	int saved = errno, n;

	do
		n = sigtimedwait(set, NULL, NULL);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		n = errno;
		errno = saved;
		return n;
	}
	errno = saved;
	*signal = n;
	return 0;
}

/* Do calls fail that the signal interrupts, or start again? */
int siginterrupt(int signal, int interrupts)
{
	struct sigaction action;

	if (sigaction(signal, NULL, &action) < 0)
		return -1;
	if (interrupts)
		action.sa_flags &= ~SA_RESTART;
	else
		action.sa_flags |= SA_RESTART;
	return sigaction(signal, &action, NULL);
}
