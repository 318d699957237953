/* signal.c - actions, and signals to oneself. */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "libc/syscall.h"

/*
 * A handler returns to sa_restorer, which is the stub of sigreturn(). At its
 * entry, esp points to the kernel's signal frame: the handler's `ret` has just
 * taken the return address in front of the frame.
 */
int sigaction(int signal, const struct sigaction *restrict action,
	struct sigaction *restrict old)
{
	struct sigaction complete;

	if (!action)
		return __sys_sigaction(signal, NULL, old);
	complete = *action;
	complete.sa_restorer = (void (*)(void))__sys_sigreturn;
	return __sys_sigaction(signal, &complete, old);
}

/* As in BSD: the handler stays, calls are restarted. */
void (*signal(int signal, void (*handler)(int)))(int)
{
	struct sigaction action = { .sa_flags = SA_RESTART };
	struct sigaction old;

	action.sa_handler = handler;
	if (sigaction(signal, &action, &old) < 0)
		return SIG_ERR;
	return old.sa_handler;
}

int raise(int signal)
{
	return __sys_thread_kill(gettid(), signal, 0, 0);
}

int killpg(pid_t group, int signal)
{
	if (group < 0) {
		errno = EINVAL;
		return -1;
	}
	return kill(-group, signal);
}

/* Until a signal has run a handler: always -1, EINTR. */
int pause(void)
{
	sigset_t mask;

	if (sigprocmask(SIG_BLOCK, NULL, &mask) < 0)
		return -1;
	return sigsuspend(&mask);
}
