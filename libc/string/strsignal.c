/* strsignal.c - the text of a signal number, from the table of signals. */
#include <signal.h>
#include <string.h>

#include "libc/text.h"

#define SIGNAL(name, number, action, text) [number] = text,
const char *const sys_siglist[NSIG] = {
#include "kernel/abi/signals.def"
};
#undef SIGNAL

char *strsignal(int signal)
{
	static char text[sizeof("Real-time signal ") + TEXT_INT];

	if (signal > 0 && signal < NSIG && sys_siglist[signal])
		return (char *)sys_siglist[signal];
	if (signal >= SIGRTMIN && signal <= SIGRTMAX)
		text_int(stpcpy(text, "Real-time signal "), signal - SIGRTMIN);
	else
		text_int(stpcpy(text, "Unknown signal "), signal);
	return text;
}
