/* sched.h - giving the processor away; the range of the priorities. */
#pragma once

#include <time.h>

#define SCHED_OTHER	0
#define SCHED_FIFO	1
#define SCHED_RR	2

struct sched_param {
	int sched_priority;
};

int sched_get_priority_max(int policy);
int sched_get_priority_min(int policy);
/* All programs have SCHED_OTHER with the priority 0, and a nice value; another
 * policy is EPERM. */
int sched_getparam(pid_t pid, struct sched_param *param);
int sched_getscheduler(pid_t pid);
int sched_rr_get_interval(pid_t pid, struct timespec *interval);
int sched_setparam(pid_t pid, const struct sched_param *param);
int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param);
int sched_yield(void);
