/* sys/resource.h - what a process uses, and how urgent it is. */
#pragma once

#include "kernel/abi/resource.h"
#include "kernel/abi/system.h"

#define RLIM_SAVED_MAX	RLIM_INFINITY
#define RLIM_SAVED_CUR	RLIM_INFINITY

/* RLIMIT_NOFILE, _NPROC, _FSIZE and _CORE can be lowered; the others are what
 * they are, and a setrlimit() that asks for less is EPERM. */
int getrlimit(int resource, struct rlimit *limit);
int setrlimit(int resource, const struct rlimit *limit);
int getpriority(int which, id_t who);
int getrusage(int who, struct rusage *usage);
int setpriority(int which, id_t who, int nice);
