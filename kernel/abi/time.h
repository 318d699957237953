/* time.h - clocks and times as they cross the system call. */
#pragma once

#include "kernel/abi/types.h"

struct timespec {
	time_t tv_sec;
	long tv_nsec;		/* 0 to 999,999,999 */
};

struct timeval {
	time_t tv_sec;
	suseconds_t tv_usec;
};

struct itimerspec {
	struct timespec it_interval;	/* 0: once */
	struct timespec it_value;	/* 0: stopped */
};

struct itimerval {
	struct timeval it_interval;
	struct timeval it_value;
};

#define ITIMER_REAL		0	/* elapsed time: SIGALRM */
#define ITIMER_VIRTUAL		1	/* used in user mode: SIGVTALRM */
#define ITIMER_PROF		2	/* used in all: SIGPROF */

#define CLOCK_REALTIME		0	/* the date, from the RTC at boot */
#define CLOCK_MONOTONIC		1	/* since boot */
#define CLOCK_PROCESS_CPUTIME_ID 2	/* used by this process */
#define CLOCK_THREAD_CPUTIME_ID	3	/* used by this task */
#define CLOCK_OF_THREAD(id)	(-(id))	/* used by a task of the process */

#define TIMER_ABSTIME		1	/* clock_nanosleep: a deadline */
