/*
 * tracer.h - an object that gets the system calls of processes: strace.c and
 * explore.c.
 *
 * A process attaches to the object, and the later children of the process with
 * it. From then on their tasks enter the kernel by a slower way
 * (arch_trace_calls), and ops->call of the object is called before and after
 * each system call. Tasks without a tracer pay nothing.
 */
#pragma once

#include "kernel/lib/types.h"

struct object;
struct object_ops;
struct process;

/* Attach the running process to the object behind fd. 0; -EBADF; -EINVAL: an
 * object with different operations; -EBUSY: attached already. */
long tracer_attach(int fd, const struct object_ops *ops);
/* The process ends. */
void tracer_leave(struct process *process);
