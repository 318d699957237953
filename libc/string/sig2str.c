/* sig2str.c - the names of signals, from the table of signals. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define SIGNAL(name, number, action, text) [number] = #name,
static const char *const names[] = {
#include "kernel/abi/signals.def"
};
#undef SIGNAL

#define NAMES (int)(sizeof(names) / sizeof(names[0]))

int sig2str(int signal, char *name)
{
	if (signal <= 0 || signal >= NAMES || !names[signal])
		return -1;
	strcpy(name, names[signal] + strlen("SIG"));
	return 0;
}

/* A number in digits is a name too; 0 asks only whether a process exists. */
int str2sig(const char *restrict name, int *restrict signal)
{
	char *end;
	long number = strtol(name, &end, 10);

	if (end != name && !*end && number >= 0 && number < NSIG) {
		*signal = number;
		return 0;
	}
	for (int i = 1; i < NAMES; i++) {
		if (!names[i] || strcmp(names[i] + strlen("SIG"), name) != 0)
			continue;
		*signal = i;
		return 0;
	}
	return -1;
}
