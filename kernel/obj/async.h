/*
 * async.h - signals that tell of events at an open file: F_SETOWN, O_ASYNC.
 *
 * All functions need [P]; none of them sleeps.
 */
#pragma once

#include "kernel/obj/file.h"

/* Set the function of the deferred work. */
void async_init(void);

/*
 * F_SETOWN, F_GETOWN, F_SETSIG and F_GETSIG of fcntl(2). The value asked for,
 * 0, -EINVAL (no such signal or number), -ESRCH (no such process or group),
 * -ENOMEM.
 */
long async_control(struct open_file *file, int command, long argument);

/* Set or clear O_ASYNC; `fd` comes with the signals. Nothing happens for a kind
 * of object that sends no signals. 0 or -ENOMEM. */
int async_switch(struct open_file *file, int fd, bool is_on);

/* The file closes. */
void async_end(struct async *async);
