/* psignal.c - the text of a signal on stderr. */
#include <signal.h>
#include <string.h>

#include "libc/text.h"

void psignal(int signal, const char *message)
{
	const char *text = strsignal(signal);

	if (message && *message)
		__text_error(message, ": ", text, "\n", NULL);
	else
		__text_error(text, "\n", NULL);
}
