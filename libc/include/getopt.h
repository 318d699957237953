/* getopt.h - options of the command line; long ones as GNU has them. */
#pragma once

#include <unistd.h>

#define no_argument		0
#define required_argument	1
#define optional_argument	2

struct option {
	const char *name;
	int has_arg;
	int *flag;	/* NULL: return val; else *flag = val and return 0 */
	int val;
};

int getopt_long(int argc, char *const argv[], const char *short_options,
	const struct option *long_options, int *index);
