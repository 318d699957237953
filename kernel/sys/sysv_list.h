/*
 * sysv_list.h - the commands about all objects of System V IPC of a kind.
 *
 * All functions need [P]; other tasks may run in between. They return the
 * greatest index of an object, 0 if there is none; the identifier for a command
 * *_STAT; -EFAULT; of *_STAT also the errors of IPC_STAT, and -EINVAL: there is
 * no object with the index.
 */
#pragma once

#include "kernel/lib/types.h"

/* IPC_INFO, MSG_INFO, MSG_STAT. */
long sysv_list_queues(int index, int command, uaddr_t to);
/* IPC_INFO, SEM_INFO, SEM_STAT. */
long sysv_list_sets(int index, int command, uaddr_t to);
/* IPC_INFO, SHM_INFO, SHM_STAT. */
long sysv_list_segments(int index, int command, uaddr_t to);
