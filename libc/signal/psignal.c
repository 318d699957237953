/* psignal.c - the text of a signal on stderr. */
#include <signal.h>
#include <string.h>

#include "libc/text.h"

/* Also names the sender, or the address of the fault. */
void psiginfo(const siginfo_t *info, const char *message)
{
	char number[TEXT_INT] = "";
	int is_fault = info->si_code > 0 && info->si_code < SI_KERNEL;
	int has_sender = info->si_code <= 0 || info->si_signo == SIGCHLD;

	if (has_sender)
		text_int(number, info->si_pid);
	if (message && *message)
		__text_error(message, ": ", NULL);
	__text_error(strsignal(info->si_signo),
		has_sender ? " (process " : is_fault ? " (fault" : "",
		number, has_sender || is_fault ? ")\n" : "\n", NULL);
}

void psignal(int signal, const char *message)
{
	const char *text = strsignal(signal);

	if (message && *message)
		__text_error(message, ": ", text, "\n", NULL);
	else
		__text_error(text, "\n", NULL);
}
