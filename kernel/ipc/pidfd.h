/* pidfd.h - a descriptor for a process: POLLIN when the process has ended. */
#pragma once

#include "kernel/obj/file.h"

struct process;

/* The object of the process, with a reference for the caller; NULL: no memory.
 * A process that has ended gets a new object each time. */
struct object *pidfd_create(struct process *process);
