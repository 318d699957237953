/* sigaction.c - how a handler returns. */
#include <signal.h>

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
