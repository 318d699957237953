/* signal.c - actions as of BSD. */
#include <signal.h>

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
