/* sys/prctl.h - the name of a thread, and the end of the parent (Linux). */
#pragma once

#include "kernel/abi/prctl.h"

/* The argument is a signal (PR_SET_PDEATHSIG), 0 or 1 (PR_SET_CHILD_SUBREAPER),
 * an int * to get one of them, or the char * of a name. EINVAL: another option,
 * or no such signal. */
int prctl(int option, ...);
