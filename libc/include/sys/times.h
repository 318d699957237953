/* sys/times.h - processor time of a process and its children. */
#pragma once

#include "kernel/abi/types.h"

struct tms {			/* in ticks: sysconf(_SC_CLK_TCK) a second */
	clock_t tms_utime;
	clock_t tms_stime;
	clock_t tms_cutime;
	clock_t tms_cstime;
};

clock_t times(struct tms *used);
