/*
 * sysv_list.h - the commands about all objects of System V IPC of a kind.
 *
 * All functions need [P]; other tasks may run in between.
 */
#pragma once

#include "kernel/obj/object.h"

/* For *_STAT: the identifier of the object with this index, or -EINVAL. */
long sysv_id_at(const struct object_ops *ops, int index);

/* IPC_INFO, and MSG_INFO, SEM_INFO or SHM_INFO. The greatest index of an
 * object, 0 if there is none; or -EFAULT. */
long sysv_queues_info(int command, uaddr_t to);
long sysv_sets_info(int command, uaddr_t to);
long sysv_segments_info(int command, uaddr_t to);
