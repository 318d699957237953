/* system.h - facts about the machine: uname, rusage, priorities, power. */
#pragma once

#include "kernel/abi/time.h"

#define PARLEY_VERSION	"0.1"

struct utsname {
	char sysname[65];
	char nodename[65];
	char release[65];
	char version[65];
	char machine[65];
};

#define RUSAGE_SELF	0
#define RUSAGE_CHILDREN	-1

struct rusage {
	struct timeval ru_utime;	/* in user mode */
	struct timeval ru_stime;	/* in the kernel */
	long ru_maxrss;			/* KiB now */
	long ru_ixrss, ru_idrss, ru_isrss;
	long ru_minflt, ru_majflt;	/* 0, as the fields without a comment */
	long ru_nswap, ru_inblock, ru_oublock;
	long ru_msgsnd, ru_msgrcv, ru_nsignals;
	long ru_nvcsw;			/* switches while waiting */
	long ru_nivcsw;			/* switches by preemption */
};

#define PRIO_PROCESS	0
#define PRIO_PGRP	1
#define PRIO_USER	2

/* poweroff(2): how the machine ends. */
#define POWER_OFF	0
#define POWER_REBOOT	1
