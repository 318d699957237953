/* parley.h - what the shell uses of Parley's <parley.h>, on this machine. */
#pragma once

#include <string.h>
#include <sys/wait.h>

/* A status of this machine does not tell the kind of a crash. */
static inline const char *death_text(int status)
{
	return strsignal(WTERMSIG(status));
}

/* waitpid(2) of Linux has no cause of a crash. */
#define WCAUSE 0
