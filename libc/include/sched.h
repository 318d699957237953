/* sched.h - who gets the processor: policies, priorities, giving way. */
#pragma once

#include <time.h>

#include "kernel/abi/sched.h"

struct sched_param {
	int sched_priority;
};

/* Sets of processors (GNU). Parley has one: number 0. */
#define CPU_SETSIZE	32

typedef struct {
	unsigned long __bits;
} cpu_set_t;

#define CPU_ZERO(set)		((void)((set)->__bits = 0))
#define CPU_SET(cpu, set)	((void)((set)->__bits |= 1ul << (cpu)))
#define CPU_CLR(cpu, set)	((void)((set)->__bits &= ~(1ul << (cpu))))
#define CPU_ISSET(cpu, set)	((int)((set)->__bits >> (cpu) & 1))
#define CPU_COUNT(set)		__builtin_popcountl((set)->__bits)

/* 0, or -1 and EINVAL (the set has not processor 0, or is too small for it) or
 * ESRCH. */
int sched_getaffinity(pid_t pid, size_t bytes, cpu_set_t *set);
int sched_setaffinity(pid_t pid, size_t bytes, const cpu_set_t *set);
int sched_getcpu(void);
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
