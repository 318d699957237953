/*
 * sig2str.c - the names of signals, from the table of signals. A real-time
 * signal is named by its distance from the closer end: RTMIN+3, RTMAX-1.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "libc/text.h"

#define SIGNAL(name, number, action, text) [number] = #name,
static const char *const names[] = {
#include "kernel/abi/signals.def"
};
#undef SIGNAL

#define NAMES (int)(sizeof(names) / sizeof(names[0]))

static void name_real_time(int signal, char *name)
{
	int above = signal - SIGRTMIN, below = SIGRTMAX - signal;
	int is_low = above <= below;

	name = stpcpy(name, is_low ? "RTMIN" : "RTMAX");
	if (above == 0 || below == 0)
		return;
	*name++ = is_low ? '+' : '-';
	text_int(name, is_low ? above : below);
}

int sig2str(int signal, char *name)
{
	if (signal >= SIGRTMIN && signal <= SIGRTMAX) {
		name_real_time(signal, name);
		return 0;
	}
	if (signal <= 0 || signal >= NAMES || !names[signal])
		return -1;
	strcpy(name, names[signal] + strlen("SIG"));
	return 0;
}

/* The whole text as digits: a number from 0 to `most`, or -1. */
static int number_of(const char *text, int most)
{
	size_t digits = strspn(text, "0123456789");
	long number = strtol(text, NULL, 10);

	return digits > 0 && !text[digits] && number <= most ? (int)number : -1;
}

/* The number of a real-time signal, or -1. */
static int real_time_of(const char *name)
{
	int is_low = strncmp(name, "RTMIN", 5) == 0, distance = 0;

	if (!is_low && strncmp(name, "RTMAX", 5) != 0)
		return -1;
	if (name[5]) {
		if (name[5] != (is_low ? '+' : '-'))
			return -1;
		distance = number_of(name + 6, SIGRTMAX - SIGRTMIN);
	}
	if (distance < 0)
		return -1;
	return is_low ? SIGRTMIN + distance : SIGRTMAX - distance;
}

static int number_of_name(const char *name)
{
	for (int i = 1; i < NAMES; i++)
		if (names[i] && strcmp(names[i] + strlen("SIG"), name) == 0)
			return i;
	return real_time_of(name);
}

/* A number in digits is a name too; 0 asks only whether a process exists. */
int str2sig(const char *restrict name, int *restrict signal)
{
	int number = number_of(name, NSIG - 1);

	if (number < 0)
		number = number_of_name(name);
	if (number < 0)
		return -1;
	*signal = number;
	return 0;
}
