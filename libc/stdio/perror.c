/* perror.c - the last error on the standard error output. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "libc/text.h"

void perror(const char *message)
{
	const char *text = strerror(errno);

	if (message && *message)
		__text_error(message, ": ", text, "\n", NULL);
	else
		__text_error(text, "\n", NULL);
}
