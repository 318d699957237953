/* sys/resource.h - what a process uses, and how urgent it is. */
#pragma once

#include "kernel/abi/system.h"

int getpriority(int which, id_t who);
int getrusage(int who, struct rusage *usage);
int setpriority(int which, id_t who, int nice);
