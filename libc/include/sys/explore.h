/*
 * sys/explore.h - deciding which of several tasks runs. Parley's own.
 */
#pragma once

#include "kernel/abi/explore.h"

/*
 * Returns a descriptor that decides the schedule of the processes that attach
 * to it. flags: O_CLOEXEC, EXPLORE_MEMORY. A write of an array of struct
 * explore_choice begins a run (EBUSY: processes are attached), a read returns
 * the struct explore_step of the run so far, and 0 at the end; neither waits.
 * EPERM: only root may; EINVAL, EMFILE, ENOMEM.
 */
int explore_open(int flags);

/*
 * From now on the calling process, and every child it makes, runs by the plan,
 * also after exec, with a real-time priority. EBADF; EINVAL: not such a
 * descriptor, or several threads; EBUSY: attached to a descriptor already.
 */
int explore_attach(int fd);

/*
 * EXPLORE_GO_ON: end the earliest sleep of the explored tasks, and return how
 * the run stands. A caller without real-time priority runs only while all
 * explored tasks wait. EXPLORE_END: kill all explored processes.
 * EXPLORE_WORDS: returns how many words of memory several tasks share, as far
 * as the runs have shown. EBADF, EINVAL.
 */
int explore_control(int fd, int operation);
