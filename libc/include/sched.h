/* sched.h - who gets the processor: policies, priorities, giving way. */
#pragma once

#include <time.h>

#include "kernel/abi/sched.h"

struct sched_param {
	int sched_priority;
};

int sched_get_priority_max(int policy);
int sched_get_priority_min(int policy);
/* SCHED_OTHER and SCHED_IDLE have the priority 0. SCHED_FIFO and SCHED_RR are
 * root's alone (EPERM). pid 0 is the caller. */
int sched_getparam(pid_t pid, struct sched_param *param);
int sched_getscheduler(pid_t pid);
int sched_rr_get_interval(pid_t pid, struct timespec *interval);
int sched_setparam(pid_t pid, const struct sched_param *param);
int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param);
int sched_yield(void);
