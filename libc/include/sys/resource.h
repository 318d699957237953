/* sys/resource.h - resources, limits and the nice value of a process. */
#pragma once

#include "kernel/abi/resource.h"
#include "kernel/abi/system.h"

#define RLIM_SAVED_MAX	RLIM_INFINITY
#define RLIM_SAVED_CUR	RLIM_INFINITY

/* RLIMIT_CPU, _AS, _RSS and _MEMLOCK cannot be changed: EPERM for a lower
 * value. */
int getrlimit(int resource, struct rlimit *limit);
int setrlimit(int resource, const struct rlimit *limit);
int getpriority(int which, id_t who);
int getrusage(int who, struct rusage *usage);
int setpriority(int which, id_t who, int nice);
