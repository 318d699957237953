/* death_text.c - how a child ended, from the tables of signals and crashes. */
#include <parley.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "kernel/abi/crashes.h"

static const char *const crash_text[CRASH_KINDS] = {
#define CRASH(name, text) [CRASH_##name] = text,
#include "kernel/abi/crashes.def"
#undef CRASH
};

const char *death_text(int status)
{
	static char text[100];
	unsigned kind = WCRASH(status);

	if (kind == CRASH_NONE || kind >= CRASH_KINDS)
		return strsignal(WTERMSIG(status));
	snprintf(text, sizeof(text), "%s: %s", strsignal(WTERMSIG(status)),
		 crash_text[kind]);
	return text;
}
