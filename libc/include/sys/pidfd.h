/* sys/pidfd.h - a descriptor for a process. */
#pragma once

#include "kernel/abi/types.h"

/* Readable, for poll(), when the process has ended. Closed by exec. */
int pidfd_open(pid_t pid, unsigned flags);
